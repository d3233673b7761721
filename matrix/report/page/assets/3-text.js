// What people paste: a version, or a text that says which modules are built.

const longest = 2e6; // characters; browsers take seconds to show more in a box

// short returns a text as a message quotes it.
const short = (text) => (text.length > 80 ? text.slice(0, 80) + "…" : text);

// readText returns what a text asks for: null for nothing, or
//   row       the row, if the text is the ID of one
//   version   the version as parsed
//   notes     sentences about how the text was read
//   uses      the code of the target in a build, see usesOf, with
//   limits    what such a text cannot say, and the command that can
//   wrong     why there is no answer
function readText(text) {
  if (text.length > longest) {
    return {wrong: `The text has ${(text.length / 1e6).toFixed(1)} million characters, too many for this page`, notes: [], limits: ["“matrixrun check FILE” reads it, and “matrixrun check -” reads what another command prints."]};
  }
  text = text.replace(/\r\n?/g, "\n");
  const one = text.trim();
  if (one === "") return null;
  if (one === "latest") return {row: data.rows.findIndex((_, i) => isRelease(i)), notes: []};
  if (one.length < 1000 && !one.includes("\n")) {
    const asked = readOne(one.replace(/^go\s+get\s+(-\S+\s+)*/, "").replace(/^https:\/\/pkg\.go\.dev\/([^\s@]+@[^\s\/?#]+)\S*$/, "$1"));
    if (asked) return asked;
  }
  if (rowAt.has(one)) return {row: rowAt.get(one), notes: []};
  if (!/\s/.test(one)) return {wrong: `“${short(one)}” is not a version: want one such as v0.1.2, 0.1.2 or v0.1.`, notes: []};
  return readBuild(text);
}

// readOne reads a version, or MODULE@VERSION. It returns null for any other text.
function readOne(text) {
  const at = text.lastIndexOf("@"), path = text.slice(0, Math.max(at, 0)), version = readVersion(text.slice(at + 1));
  if (/[\s:]/.test(path) || !version) return null; // an address is not a module path
  if (path === "" || version.numbers.length < 3) return path === "" || isTarget(path) ? {version, notes: []} : null;
  return usesIn({modules: [{path, version: version.text}], kind: "module", partial: isTarget(path) ? "" : "This is not all that it requires."});
}

// readBuild reads a text about a build, of the kind that its first lines show.
function readBuild(text) {
  const lines = text.trimStart().split("\n", 200).map((line) => line.trim()).filter(Boolean), words = lines.slice(0, 2).map((line) => line.split(/\s+/));
  if (words[0].length === 3 && words[0][1].startsWith("v") && words[0][2].startsWith("h1:")) {
    return {wrong: "This is a go.sum, which also has modules that are not built.", notes: [], limits: ["Paste the go.mod of the same module."]};
  }
  const list = words[0].length === 1 && words[1] ? words[1] : words[0];
  const read = lines[0].startsWith("## ") || words[0][0] === "#" && words[0].length > 2 ? readVendored
    : lines[0].startsWith("{") ? readJSON
    : isVersion(list[1]) && !directive.test(list[0]) ? readList
    : readGoMod;
  const build = read(text);
  return build.wrong ? {wrong: build.wrong, notes: [], limits: []} : usesIn(build);
}
