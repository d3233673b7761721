// What people paste: a version, a line of a go.mod or of the go command, or a
// whole go.mod.

// readText returns what a text asks for: null for nothing, or
//   row       the row, if the text is the ID of one
//   version   the version as parsed, with asked as it was written
//   notes     sentences about how the text was read
//   wrong     why there is no answer, with command to find out
function readText(text) {
  text = text.trim();
  if (text === "") return null;
  if (rowAt.has(text)) return {row: rowAt.get(text), notes: []};
  const single = text.replace(/^(go get\s+|-u\s+)*/, "").replace(/^\S+@(?=v?\d)/, "");
  const version = readVersion(single);
  if (version) return {version, asked: single, notes: []};
  if (text === "latest") return {row: data.rows.findIndex((_, i) => isRelease(i)), notes: []};
  if (/\s/.test(text)) return readGoMod(text);
  return {wrong: `“${text}” is not a version: want one such as v0.1.2, 0.1.2 or v0.1.`, notes: []};
}

// directives yields the directives of a go.mod, with those in blocks as if each had a
// line of its own. A line that begins with a path is a requirement.
function* directives(text) {
  let block = "";
  for (const raw of text.split(/\r?\n/)) {
    const [code, ...comment] = raw.split("//");
    const words = code.trim().split(/\s+/).filter(Boolean).map((w) => w.replace(/^["`]|["`]$/g, ""));
    if (words.length === 0) continue;
    if (words[0] === ")") block = "";
    else if (words[1] === "(") block = words[0];
    else {
      const known = /^(module|go|toolchain|godebug|require|replace|exclude|retract|tool|ignore)$/.test(words[0]);
      const verb = block || (known ? words.shift() : words.includes("=>") ? "replace" : "require");
      yield {verb, words, indirect: /\bindirect\b/.test(comment.join("//"))};
    }
  }
}

// readGoMod finds the target in a go.mod, under each of its paths.
function readGoMod(text) {
  const required = new Map(), replaced = [];
  for (const {verb, words, indirect} of directives(text)) {
    if (!data.modules.includes(words[0])) continue;
    if (verb === "module") return {wrong: `This is the go.mod of ${words[0]} itself.`, notes: []};
    if (verb === "require" && words[1]) required.set(words[0], {version: words[1], indirect});
    const arrow = words.indexOf("=>");
    if (verb === "replace" && arrow > 0) {
      replaced.push({module: words[0], of: arrow === 2 ? words[1] : "", by: words[arrow + 1] || "", version: words[arrow + 2] || ""});
    }
  }
  const module = data.modules.find((m) => required.has(m)) || (replaced[0] && replaced[0].module);
  if (!module) {
    return {notes: [], wrong: `There is no ${data.modules.join(" or ")} in it. If it comes through another module, paste what this prints:`,
      command: shell("go", "list", "-m", data.target)};
  }
  return answerFor(module, required.get(module), replaced);
}

// answerFor returns the version that a requirement and the replace lines make.
function answerFor(module, requirement, replaced) {
  const notes = [];
  let asked = requirement ? requirement.version : "";
  if (requirement && requirement.indirect) notes.push("It comes through another module (// indirect); go get sets it all the same.");
  if (module !== data.target) notes.push(`${module} is the former path of ${data.target}.`);
  const rule = replaced.find((r) => r.module === module && r.of !== "" && r.of === asked) || replaced.find((r) => r.module === module && r.of === "");
  if (rule && data.modules.includes(rule.by) && rule.version) {
    notes.push(`A replace line builds ${rule.by} ${rule.version}${asked ? ` instead of ${asked}` : ""}.`);
    asked = rule.version;
  } else if (rule) {
    const what = `${rule.by} ${rule.version}`.trim();
    notes.push(`A replace line builds ${what} instead, which this table does not cover.${asked ? ` What follows is about ${asked} as it was released.` : ""}`);
  }
  const version = readVersion(asked);
  if (!version) return {wrong: asked ? `“${asked}” is not a version of a release.` : "It names no version that was released.", notes};
  return {version, asked, notes};
}
