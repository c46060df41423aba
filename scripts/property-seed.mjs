import fc from "fast-check";

// One seed for every property, so that a run can be repeated and a red one is never luck. Search with others:
// PROPERTY_SEED=17 npm test. Search longer: PROPERTY_RUNS=10000 (`npm run -s properties`).
const { PROPERTY_SEED: seed = "20200312", PROPERTY_RUNS: runs } = process.env;
fc.configureGlobal({ seed: Number(seed), ...(runs && { numRuns: Number(runs) }) });
