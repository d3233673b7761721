// go.mod and go.work files, read by the rules of the go command as far as a text has
// what they need.

const directive = /^(module|go|toolchain|godebug|require|replace|exclude|retract|tool|ignore|use)$/;

// isVersion reports whether a go.mod can have a text as a version.
const isVersion = (text) => /^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(text ?? "");

// directives yields the directives of a go.mod, with those in blocks as if each had a
// line of its own. A line that begins with a path is a requirement or a replacement.
function* directives(text) {
  let block = "";
  for (const [i, raw] of text.split("\n").entries()) {
    const at = raw.search(/(^|\s)\/\//), code = at < 0 ? raw : raw.slice(0, at);
    const words = code.trim().split(/\s+/).filter(Boolean).map((w) => w.replace(/^["`]|["`]$/g, ""));
    if (words.length === 0) continue;
    if (words[0] === ")") block = "";
    else if (words[1] === "(" || words[0].endsWith("(") && directive.test(words[0].slice(0, -1))) block = words[0].replace("(", "");
    else {
      const verb = block || (directive.test(words[0]) ? words.shift() : words.includes("=>") ? "replace" : isVersion(words[1]) ? "require" : "");
      yield {verb, words, line: i + 1, indirect: at >= 0 && /\bindirect\b/.test(raw.slice(at))};
    }
  }
}

// newFile returns what is known of a file before its first line.
const newFile = () => ({module: null, go: "", work: false, require: [], replace: [], exclude: []});

// readFiles returns the files in a text, one after another: a go.mod, or a go.work with
// the go.mod files of its modules. It returns {wrong} for a line that no such file has.
function readFiles(text) {
  const files = [newFile()];
  for (const {verb, words, line, indirect} of directives(text)) {
    let file = files.at(-1);
    if (verb === "module" && (file.module || file.work) || verb === "go" && file.go) files.push(file = newFile());
    const arrow = words.indexOf("=>");
    if (verb === "module") file.module = {path: words[0] ?? "", line};
    else if (verb === "go") file.go = words[0] ?? "";
    else if (verb === "use") file.work = true;
    else if (verb === "require" && isVersion(words[1])) file.require.push({path: words[0], version: words[1], line, indirect});
    else if (verb === "exclude" && isVersion(words[1])) file.exclude.push(words[0] + "@" + words[1]);
    else if (verb === "replace" && (arrow === 1 || arrow === 2 && isVersion(words[1])) && words[arrow + 1] && (words.length === arrow + 2 || isVersion(words[arrow + 2]))) {
      file.replace.push({path: words[0], of: arrow === 2 ? words[1] : "", by: {path: words[arrow + 1], version: words[arrow + 2] ?? "", line}});
    } else if (verb === "" || /^(require|exclude|replace)$/.test(verb)) {
      return {wrong: `Line ${line} is not one of a go.mod: “${short(words.join(" "))}”.`};
    }
  }
  return {files};
}

// replacing returns what a file builds instead of a module, or undefined. A line for its
// version takes precedence over one for all versions.
const replacing = (file, m) => (file.replace.find((r) => r.path === m.path && r.of === m.version) ?? file.replace.find((r) => r.path === m.path && r.of === ""))?.by;

// newer reports whether a version is newer than another one, which may be missing.
const newer = (a, b) => !b || compare(readVersion(a.split("+")[0]), readVersion(b.split("+")[0])) > 0;

// select returns the newest version of each module that go.mod files require: what is
// built, if they list all modules. The line is that of the version. A module that is
// required at excluded versions only has none.
function select(mods) {
  const excluded = new Set(mods.flatMap((f) => f.exclude)), selected = new Map();
  for (const r of mods.flatMap((f) => f.require)) {
    const old = selected.get(r.path);
    if (excluded.has(r.path + "@" + r.version)) {
      if (!old) selected.set(r.path, {...r, version: "", excluded: r.version});
    } else if (!old || newer(r.version, old.version)) selected.set(r.path, {...r, indirect: r.indirect && (old?.indirect ?? true)});
  }
  return selected;
}

// readGoMod returns the modules that a go.mod or a go.work selects, and whether there may
// be more.
function readGoMod(text) {
  const {files, wrong} = readFiles(text);
  if (wrong) return {wrong};
  const mods = files.filter((f) => !f.work), work = files.filter((f) => f.work), mains = mods.flatMap((f) => f.module ?? []);
  const selected = select(mods), modules = mains.map((m) => ({...m, version: "", main: true}));
  const order = [...work, ...mods];
  // Without any go.mod it is not known what is required. What is replaced may be.
  if (mains.length === 0) {
    for (const r of order.flatMap((f) => f.replace)) if (!selected.has(r.path)) selected.set(r.path, {path: r.path, version: r.of, line: r.by.line, idle: true});
  }
  for (const m of selected.values()) {
    if (mains.some((main) => main.path === m.path)) continue;
    const by = order.map((f) => replacing(f, m)).find(Boolean);
    modules.push({...m, by, line: by ? by.line : m.line});
  }
  const old = mods.some((f) => f.module && (f.go === "" || compare(readVersion(f.go) ?? readVersion("1.0"), readVersion("1.17")) < 0));
  const partial = work.length > 0 ? "It is a workspace: its modules may require more than their go.mod files list." : old ? "This go.mod is for a Go before 1.17: it does not list what other modules require." : "";
  const excludes = mods.flatMap((f) => f.exclude).map((x) => x.split("@")).filter(([path]) => isTarget(path)).map(([, version]) => version);
  return {modules, excludes, partial: mods.length > 0 && selected.size === 0 ? "" : partial, kind: work.length > 0 ? "go.work" : "go.mod"};
}
