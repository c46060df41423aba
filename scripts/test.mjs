import "./check-node.mjs";

// Imported only now, so that an old Node reads the sentence above and not a syntax error.
const { test } = await import("./test-run.mjs");
process.exit(await test(process.argv.slice(2)));
