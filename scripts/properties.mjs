import "./check-node.mjs";

/*
 * `npm run -s properties`: what a risk officer would sign of the margin engine, 10,000 cases each instead of the everyday
 * few. `-- N` for another number; files after it for those alone. Takes hours on a busy machine: it is for the night.
 */
const PROPERTIES = [
  "kernel/scan.prop.test.ts",
  "kernel/screen.prop.test.ts",
  "kernel/prices.test.ts",
  "pricing/black76.prop.test.ts",
  "collateral/equity.prop.test.ts",
  "hybrid/book-views.prop.test.ts",
  "margin/standard.prop.test.ts",
  "margin/max-loss.prop.test.ts",
  "margin/correlation-aggregate.prop.test.ts",
  "margin/engine.prop.test.ts",
  "inverse/inverse.prop.test.ts",
].map((file) => `packages/risk-core/src/${file}`);

const [runs = "10000", ...files] = process.argv.slice(2);
process.env.PROPERTY_RUNS = runs;
const { test } = await import("./test-run.mjs");
process.exit(await test(files.length > 0 ? files : PROPERTIES));
