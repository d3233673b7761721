#!/usr/bin/env bash
# The loop that a person would write to try the reproduction on many releases:
# edit the replace line, build, run. make bench measures matrixrun against it, so
# it has to be a fair opponent: it does what is needed and nothing twice, and
# what matrixrun does beyond that (checksums, verdicts, a record) it does not.
#
#	plain.sh ROWS OUT TRIALS SCENARIO...
#
# Each line of the file ROWS is "VERSION MODULE TOOLCHAIN TAGS", with "-" for no
# tags. Each release that was built is printed, and what its trials report goes
# into the file VERSION of the folder OUT. TRIALS may be 0, for builds alone, or
# "download", which builds nothing and fetches what a build will need.
set -euo pipefail
rows=$1 out=$2 trials=$3 # both paths absolute
shift 3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$(dirname "$0")"/../repro/. "$work"
cd "$work"
find . -name '*_test.go' -delete

# As matrixrun has it, or the two would not build the same: no C compiler, and
# no go.work in a folder above.
export CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=mod

# By the path that its files import its own packages by.
self=github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro
imported=github.com/quic-go/quic-go
while read -r version module toolchain tags; do
	export GOTOOLCHAIN=$toolchain
	# Old releases have another path, which the reproduction then imports.
	if [ "$module" != "$imported" ]; then
		sed -i "s|\"$imported|\"$module|" ./*.go
		imported=$module
	fi
	# Begun anew, so that no release keeps what the one before asked for. go.sum
	# stays: it only ever gets longer.
	language=${toolchain#go}
	printf 'module %s\n\ngo %s\n' "$self" "${language%.*}" >go.mod
	go mod edit -require="$module@v0.0.0" -replace="$module=$module@$version"
	if [ "$trials" = download ]; then
		go list -deps -tags "${tags#-}" . >/dev/null
		continue
	fi
	go build -tags "${tags#-}" -o repro .
	echo "$version"
	[ "$trials" -gt 0 ] || continue
	for scenario; do
		./repro run -scenario "$scenario" -trials "$trials" >>"$out/$version"
	done
done <"$rows"
