// Which modules of a build are releases of the target, may be forks of it, or replace it.

// lastOf returns the last element of a module path, without a major version.
const lastOf = (path) => path.replace(/\/v\d+$|\.v\d+$/, "").split("/").at(-1);
const names = new Set(data.modules.map(lastOf));

// isTarget reports whether a path is one that the target was released under.
const isTarget = (path) => data.modules.includes(path);

// titleOf names a module and what replaces it, as check does.
const titleOf = (m) => [m.path, m.version || m.excluded, m.by && "=>", m.by?.path, m.by?.version].filter(Boolean).join(" ");

// releaseRow returns the row of the release that a module is, or null.
function releaseRow(path, version) {
  const i = data.rows.findIndex((row, i) => isRelease(i) && row.version === version && data.modules[row.module ?? 0] === path);
  return i < 0 ? null : i;
}

// useOf returns what a text can know of the code that is built for a module: null if its
// path says nothing, or
//   title, line, notes   what the text says
//   row                  the row that answers
//   other                what answers elsewhere
//   version              a release that is not in the table
//   wrong, next          why there is no answer, and a command that finds it out
//   maybe                it may be a fork
function useOf(m) {
  const built = m.by ?? m, use = {title: titleOf(m), line: m.line, notes: []}, next = checkOf(built), name = `${built.path}@${built.version}`;
  if (built.version && !m.main && (elsewhere.has(name) || rowAt.has(name))) return Object.assign(use, {notes: notesOf(m, built), row: rowAt.get(name), other: elsewhere.get(name)});
  if (isTarget(built.path) && built.version && !m.main) {
    const other = data.rows.find((row, i) => isRelease(i) && row.version === built.version);
    Object.assign(use, {notes: notesOf(m, built), next});
    use.row = releaseRow(built.path, built.version);
    if (use.row === null && other) use.wrong = `${built.version} was released as ${data.modules[other.module ?? 0]}: as ${built.path} it was not measured`;
    else if (use.row === null && !(use.version = readVersion(built.version))) use.wrong = `${built.version} is not the version of a release`;
    return use;
  }
  if (isTarget(m.path) || isTarget(built.path)) {
    use.wrong = m.main ? `It is ${m.path} itself, and this text does not say which version`
      : m.excluded ? `go.mod excludes ${m.excluded}, which it requires: the go command selects another version after “go mod tidy”`
      : !m.by ? `The text does not say which version of ${m.path} is built`
      : m.by.version ? `${m.by.path} ${m.by.version} is built in place of ${m.path}, and was not measured`
      : `The folder ${m.by.path} is built in place of ${m.path}, and this text does not say what is in it`;
    return Object.assign(use, {next});
  }
  const like = [m.path, built.path].find((path) => names.has(lastOf(path)));
  return like ? Object.assign(use, {maybe: true, wrong: `${like} may be a fork of ${data.target}, which was not measured`, next}) : null;
}

// checkOf returns the command that looks at the code of a module version, if it is one.
const checkOf = ({path, version}) => (version && /^[\w.~][\w.~-]*(\/[\w.~-]+)+$/.test(path) && isVersion(version) ? shell("matrixrun", "check", `${path}@${version}`, ...from) : "");

// from are the flags with which check asks the results of this page. The suite that
// matrixrun takes by default needs none.
const from = data.suite ? ["--from", "results.json", "--suite", data.suite] : [];

// notesOf says how a release gets into a build.
function notesOf(m, built) {
  const notes = [];
  if (m.idle) notes.push(`It is built if some module requires ${m.path}, which this text does not say.`);
  if (m.indirect) notes.push("It comes through another module (// indirect); go get sets it all the same.");
  if (m.by) notes.push(`A replace line builds ${built.path} ${built.version}${m.version ? ` instead of ${m.version}` : ""}; change that line, because go get has no effect on it.`);
  if (built.path !== data.target && isTarget(built.path)) notes.push(`${built.path} is the former path of ${data.target}: a newer release needs other imports.`);
  if (/\.matrixrun(\..+)?\.h[0-9a-f]{12}$/.test(built.version)) notes.push("By its version, “matrixrun fork” made it: the command knows by its code which patches it has.");
  return notes;
}

// usesIn returns the answer for a build: a use for each module of interest, those of the
// target first, and the limits of the text.
function usesIn({modules, kind, partial, excludes = []}) {
  const uses = modules.map(useOf).filter(Boolean).sort((a, b) => (a.maybe ? 1 : 0) - (b.maybe ? 1 : 0));
  const command = kind === "module" ? checkOf(modules[0]) : shell("matrixrun", "check", ...from);
  return {uses, command, notes: [], limits: limitsOf(kind, partial, uses, excludes)};
}

// limitsOf says what a text does not.
function limitsOf(kind, partial, uses, excludes) {
  if (kind === "module" && !partial) return [];
  const vendor = kind === "modules.txt", limits = [
    partial && `${partial} Paste what “go list -m all” prints.`,
    excludes.length > 0 && `It excludes ${excludes.slice(0, 9).join(", ")}${excludes.length > 9 ? " and more" : ""}: what is advised here may lead there, and the command avoids it.`,
    kind === "go.mod" && "A go.work above the folder, or a vendor folder in it, can decide otherwise.",
    vendor && "Nothing but the command compares the code in the folder with the release.",
    "Code of " + data.target + " may be in modules with other paths: only the command looks at their code.",
    uses.some((u) => u.row != null) && "Which scenarios the program reaches: the command follows its calls.",
    vendor && uses.some((u) => u.row != null) && "After every change, run “go mod vendor”.",
  ];
  return limits.filter(Boolean);
}
