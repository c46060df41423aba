import "./check-node.mjs";

const { ensureInstalled } = await import("./install.mjs");
await ensureInstalled();
const { build } = await import("./build.mjs");
await build();
const { runChecks } = await import("./checks.mjs");
const { passed, failures } = await runChecks();
for (const { name, found } of failures) process.stdout.write(`\n${name}\n${found}\n`);
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exit(failures.length === 0 ? 0 : 1);
