// Imported before everything else, so it uses nothing that an old Node lacks.
const [major, minor] = process.versions.node.split(".").map((part) => Number.parseInt(part, 10));
const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;

if (!supported) {
  process.stderr.write(
    `Ballast needs Node 20.19 or later, 22.12 or later, or 24 and above; this is Node ${process.versions.node}.\n` +
      "Node 24 is recommended: https://nodejs.org/en/download\n",
  );
  process.exit(1);
}
