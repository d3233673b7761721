// Lists of modules: vendor/modules.txt, and what go list -m prints.

// readVendored reads a vendor/modules.txt: "# path version => path version", then the
// packages that are copied. Modules without any are not built.
function readVendored(text) {
  const modules = [];
  let at = null;
  for (const [i, line] of text.split("\n").entries()) {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words[0] === "#") {
      at = readListed(words.slice(1), i + 1);
      if (!at || !at.version && !at.by) return {wrong: `Line ${i + 1} is not one of vendor/modules.txt: “${short(line)}”.`};
      at.indirect = true;
    } else if (words[0] === "##") {
      if (at && /\bexplicit\b/.test(line)) at.indirect = false;
    } else if (words.length === 1 && at) {
      if (at !== modules.at(-1)) modules.push(at);
    } else if (words.length > 0) return {wrong: `Line ${i + 1} is not one of vendor/modules.txt: “${short(line)}”.`};
  }
  return {modules, partial: "", kind: "modules.txt"};
}

// readListed reads the words of a module and of what replaces it, null if they are not.
function readListed(words, line) {
  const m = {path: words[0] ?? "", version: "", line};
  let i = 1;
  if (isVersion(words[i])) m.version = words[i++];
  if (words[i] === "=>" && words[i + 1]) {
    m.by = {path: words[i + 1], version: words[i + 2] ?? ""};
    i += m.by.version ? 3 : 2;
    if (m.by.version && !isVersion(m.by.version)) return null;
  }
  return i === words.length ? m : null;
}

// readList reads what go list -m all prints. The main module has no version.
function readList(text) {
  const modules = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const m = readListed(line.trim().split(/\s+/), i + 1);
    if (!m) return {wrong: `Line ${i + 1} is not one of go list -m all: “${short(line)}”.`};
    modules.push({...m, main: !m.version});
  }
  return listed(modules);
}

// readJSON reads what go list -m -json all prints: one object after another.
function readJSON(text) {
  const modules = [];
  for (const {object, line} of objects(text)) {
    let m = null;
    try { m = JSON.parse(object); } catch { /* it stays null */ }
    if (!m || typeof m.Path !== "string" || [m.Version, m.Replace?.Path, m.Replace?.Version].some((s) => s != null && typeof s !== "string")) {
      return {wrong: `What begins in line ${line} is not a module of go list -m -json, or is torn.`};
    }
    modules.push({path: m.Path, version: m.Version ?? "", line, main: m.Main === true, indirect: m.Indirect === true,
      by: m.Replace ? {path: m.Replace.Path ?? "", version: m.Replace.Version ?? ""} : undefined});
  }
  return listed(modules);
}

// objects yields the JSON objects in a text, and the lines where they begin. The last one
// may be torn, and what is between objects is yielded too.
function* objects(text) {
  let depth = 0, begin = -1, line = 1, first = 1, quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "\n") line++;
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
      continue;
    }
    if (begin < 0 && c.trim() !== "") [begin, first] = [i, line];
    if (c === '"') quoted = true;
    else if (c === "{") depth++;
    else if (c === "}" && --depth <= 0) {
      yield {object: text.slice(begin, i + 1), line: first};
      [begin, depth] = [-1, 0];
    }
  }
  if (begin >= 0) yield {object: text.slice(begin), line: first};
}

// listed returns the modules of a list. Without a main module, it may not be all.
const listed = (modules) => ({modules, kind: "list", partial: modules.some((m) => m.main) ? "" : "The list has no main module: go list -m all lists all modules."});
