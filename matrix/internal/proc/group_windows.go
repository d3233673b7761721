package proc

import (
	"os/exec"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// setGroup lets the child end with this process.
func setGroup(*exec.Cmd) { _ = joinJob() } // without a job, only the child itself is killed

// joinJob puts this process into a job, to which all of its children and theirs then
// belong from their start. Windows kills the processes of the job when its last handle
// is closed. This process has the only one, and closes it by ending, whatever ends it.
// So there is no need for a guard.
//
// See https://learn.microsoft.com/windows/win32/procthread/job-objects.
var joinJob = sync.OnceValue(func() error {
	job, err := windows.CreateJobObject(nil, nil) // children do not inherit the handle
	if err != nil {
		return err
	}
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation, uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err == nil {
		err = windows.AssignProcessToJobObject(job, windows.CurrentProcess())
	}
	if err != nil {
		_ = windows.CloseHandle(job)
	}
	return err
})
