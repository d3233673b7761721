#!/usr/bin/env bash
# The loop that a person would write to run the reproduction on many releases: edit
# the replace line, build, run. make bench compares matrixrun with it. To be fair, it
# does nothing twice, and nothing that only matrixrun needs: no checksums, no
# verdicts, no record.
#
#	plain.sh ROWS OUT TRIALS SCENARIO...
#
# Each line of the file ROWS is "VERSION MODULE TOOLCHAIN TAGS", with "-" for no
# tags. The script prints each release that it has built, and writes the output of
# its trials to the file VERSION in the folder OUT. With 0 for TRIALS it only
# builds; with "download" it only downloads what the builds need.
set -euo pipefail
rows=$1 out=$2 trials=$3 # both paths absolute
shift 3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$(dirname "$0")"/../repro/. "$work"
cd "$work"
find . -name '*_test.go' -delete

# Like matrixrun, so that both build the same: no C compiler, and no go.work from a
# parent folder.
export CGO_ENABLED=0 GOWORK=off GOFLAGS=-mod=mod

# The path by which the reproduction imports its own packages.
self=github.com/matrixrun/matrixrun/matrix/suites/zerortt/repro
imported=github.com/quic-go/quic-go
while read -r version module toolchain tags; do
	export GOTOOLCHAIN=$toolchain
	# Old releases have another module path.
	if [ "$module" != "$imported" ]; then
		sed -i "s|\"$imported|\"$module|" ./*.go
		imported=$module
	fi
	# A new go.mod, so that no release gets the requirements of the previous one.
	# go.sum stays, and becomes longer.
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
