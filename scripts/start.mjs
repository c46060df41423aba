import "./check-node.mjs";

// Imported only now, so that an old Node reads the sentence above and not a syntax error.
const { start } = await import("./start/start.mjs");
await start(process.argv.slice(2));
