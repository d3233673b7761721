package engines

import (
	"fmt"
	"io"
	"strings"
)

// slurmScript is a batch script for both jobs: the array, and the one that merges. Options
// of a command line outrank those in the script.
const slurmScript = `#!/bin/bash
# A run of matrixrun for Slurm: an array of %[1]d tasks, and a job that merges what they found
# out. Submit this file, and then the merge, which waits for all tasks:
#
#	id=$(sbatch --parsable FILE)
#	sbatch --array=1 --dependency="afterany:$id" FILE "$id"
#
# All machines must see the folder in which this is submitted, with the suite and the
# patches that the command names, and have Go, git and matrixrun in PATH. MATRIXRUN_REMOTE
# and the rest of the environment reach all tasks. The results will be in
# matrixrun-results; the exit code of the merge is that of the whole run.
#SBATCH --job-name=matrixrun
#SBATCH --array=1-%[1]d
#SBATCH --export=ALL
#SBATCH --output=matrixrun-%%A_%%a.log
set -eu
if ! command -v matrixrun >/dev/null; then
	echo "matrixrun is not in PATH: go install %[2]s" >&2
	exit 2
fi
if [ $# -gt 0 ]; then
	exec matrixrun merge %[3]s-"$1"/* -o %[4]s
fi
%[5]s
`

func printSlurm(w io.Writer, r Run) error {
	script := r.shard(shardsDir+"-$"+slurmArray, slurmIndex)
	_, err := fmt.Fprintf(w, slurmScript, len(r.Jobs), command+"@"+r.Version, shardsDir, resultsDir, strings.Join(script, "\n"))
	return err
}
