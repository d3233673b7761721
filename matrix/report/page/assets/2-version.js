// Versions, as people and as the go command write them.

// readVersion parses a version, and returns null for any other text. "v0.50" is cut
// short: numbers then has only two elements.
function readVersion(text) {
  const m = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(\+incompatible)?$/.exec(text);
  if (!m || (m[4] && m[3] === undefined)) return null;
  const numbers = m.slice(1, 4).filter((n) => n !== undefined).map(Number);
  return {numbers, pre: m[4] || "", text: "v" + numbers.join(".") + (m[4] ? "-" + m[4] : "")};
}

// compare orders versions as semver does. A version that is cut short equals every
// version that begins with it.
function compare(a, b) {
  for (let i = 0; i < Math.min(a.numbers.length, b.numbers.length); i++) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] - b.numbers[i];
  }
  if (a.numbers.length < 3 || b.numbers.length < 3) return 0;
  if (!a.pre || !b.pre) return (b.pre ? 1 : 0) - (a.pre ? 1 : 0);
  return comparePre(a.pre.split("."), b.pre.split("."));
}

// comparePre orders the parts of two pre-releases.
function comparePre(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === b[i]) continue;
    if (a[i] === undefined || b[i] === undefined) return a[i] === undefined ? -1 : 1;
    const numeric = [a[i], b[i]].map((s) => /^\d+$/.test(s));
    if (numeric[0] && numeric[1]) return Number(a[i]) - Number(b[i]);
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

// The versions of the rows. A row without one, such as a folder, has null.
const versions = data.rows.map((row) => readVersion(row.version));

// isRelease reports whether a row is a release without patches.
const isRelease = (i) => !data.rows[i].patches && !data.rows[i].flags;

// findRow returns the row of a version, or null. For a version that is cut short it is
// the newest release of that line.
function findRow(version) {
  const i = data.rows.findIndex((_, i) => isRelease(i) && versions[i] && compare(versions[i], version) === 0);
  return i < 0 ? null : i;
}

// elsewhereOf returns what is known from elsewhere of a release, by its version; undefined
// for nothing.
const elsewhereOf = (version) => data.modules.map((path) => elsewhere.get(`${path}@${version.text}`)).find(Boolean);

// neighbours returns the releases before and after a version that is not in the table.
function neighbours(version) {
  const releases = data.rows.map((_, i) => i).filter((i) => isRelease(i) && versions[i]);
  const newer = releases.filter((i) => compare(versions[i], version) > 0).at(-1);
  const older = releases.find((i) => compare(versions[i], version) < 0);
  return {newer: newer ?? null, older: older ?? null};
}

// isPseudo reports whether a version is a pseudo-version: a commit, not a release.
const isPseudo = (version) => /(^|[.-])\d{14}-[0-9a-f]{12}$/.test(version.pre);
