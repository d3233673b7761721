package engines

import (
	"fmt"
	"io"
	"strings"
)

// slurmScript is a batch script for an array. Options of a command line outrank those in the
// script.
const slurmScript = `#!/bin/bash
# A run of matrixrun for Slurm: an array of %[1]d tasks%[2]s
#SBATCH --job-name=matrixrun
#SBATCH --array=1-%[1]d
#SBATCH --export=ALL
#SBATCH --output=matrixrun-%%A_%%a.log
set -eu
if ! command -v matrixrun >/dev/null; then
	echo "matrixrun is not in PATH: go install %[3]s" >&2
	exit 2
fi
%[4]s
`

// slurmShared goes on with the comment for machines that share a folder. The same script merges.
const slurmShared = `, and a job that merges what they found
# out. Submit this file, and then the merge, which waits for all tasks:
#
#	id=$(sbatch --parsable FILE)
#	sbatch --array=1 --dependency="afterany:$id" FILE "$id"
#
# All machines must see the folder in which this is submitted, with the suite and the
# patches that the command names, and have Go, git and matrixrun in PATH. MATRIXRUN_REMOTE
# and the rest of the environment reach all tasks. The results will be in
# matrixrun-results; the exit code of the merge is that of the whole run.`

// slurmRemote goes on with the comment for tasks that write their results to a remote record.
const slurmRemote = ` that write their results to
# a remote record. Submit this file, wait for all tasks, and merge the results on any machine:
#
#	id=$(sbatch --parsable --wait FILE)
#	%s
#
# All machines must have Go, git and matrixrun in PATH, and the credentials of docker login
# for the registry. They need not share a folder.%s
# The exit code of the merge is that of the whole run.`

func printSlurm(w io.Writer, r Run) error {
	const id = "slurm-$" + slurmArray
	commands := r.shard(shardsDir+"-$"+slurmArray, slurmIndex, id)
	about := slurmShared
	if r.Remote != "" {
		files := ""
		if r.Files {
			files = " The files that the command names must be\n# on each of them."
		}
		about = fmt.Sprintf(slurmRemote, r.merge("", "slurm-$id"), files)
	} else {
		merge := []string{"if [ $# -gt 0 ]; then", fmt.Sprintf("\texec matrixrun merge %s-\"$1\"/* -o %s", shardsDir, resultsDir), "fi"}
		commands = append(merge, commands...)
	}
	_, err := fmt.Fprintf(w, slurmScript, len(r.Jobs), about, command+"@"+r.Version, strings.Join(commands, "\n"))
	return err
}
