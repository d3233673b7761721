// Versions, as people write them and as the go command does.

// readVersion takes a version apart; null where the text is none. Of "v0.50" the
// patch is missing, and numbers has only two elements.
function readVersion(text) {
  const m = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(\+incompatible)?$/.exec(text);
  if (!m || (m[4] && m[3] === undefined)) return null;
  const numbers = m.slice(1, 4).filter((n) => n !== undefined).map(Number);
  return {numbers, pre: m[4] || "", text: "v" + numbers.join(".") + (m[4] ? "-" + m[4] : "")};
}

// compare orders versions as semver does. A version that is cut short counts as
// equal to all that begin with it.
function compare(a, b) {
  for (let i = 0; i < Math.min(a.numbers.length, b.numbers.length); i++) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] - b.numbers[i];
  }
  if (a.numbers.length < 3 || b.numbers.length < 3) return 0;
  if (!a.pre || !b.pre) return (b.pre ? 1 : 0) - (a.pre ? 1 : 0);
  return comparePre(a.pre.split("."), b.pre.split("."));
}

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

// The versions of the rows; null of what is no version, such as a folder's.
const versions = data.rows.map((row) => readVersion(row.version));

// isRelease reports whether a row is a release as it is, without patches.
const isRelease = (i) => data.rows[i].patches.length === 0;

// findRow returns the row that a version means: its release, else null. Of a
// version that is cut short it is the newest release of that line.
function findRow(version) {
  const i = data.rows.findIndex((_, i) => isRelease(i) && versions[i] && compare(versions[i], version) === 0);
  return i < 0 ? null : i;
}

// neighbours returns the releases before and after a version that the table lacks.
function neighbours(version) {
  const releases = data.rows.map((_, i) => i).filter((i) => isRelease(i) && versions[i]);
  const newer = releases.filter((i) => compare(versions[i], version) > 0).at(-1);
  const older = releases.find((i) => compare(versions[i], version) < 0);
  return {newer: newer ?? null, older: older ?? null};
}

// isPseudo reports whether a version names a commit between releases.
const isPseudo = (version) => /(^|[.-])\d{14}-[0-9a-f]{12}$/.test(version.pre);
