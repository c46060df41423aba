import "./check-node.mjs";

// Imported only now, so that an old Node reads the sentence above and not a syntax error.
const { bench } = await import("./bench-run.mjs");
process.exit(await bench(process.argv.slice(2)));
