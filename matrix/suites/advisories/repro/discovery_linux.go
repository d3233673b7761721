package main

import (
	"net"
	"syscall"
)

// discoveries are the values of the socket option IP_MTU_DISCOVER, see ip(7).
var discoveries = map[int]string{0: "dont", 1: "want", 2: "do", 3: "probe", 4: "interface", 5: "omit"}

// discovery returns how the kernel finds the MTU of the path of a socket's packets.
func discovery(socket *net.UDPConn) (string, error) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return "", err
	}
	var value int
	var failed error
	err = raw.Control(func(fd uintptr) {
		value, failed = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_IP, syscall.IP_MTU_DISCOVER)
	})
	if err == nil {
		err = failed
	}
	return discoveries[value], err
}
