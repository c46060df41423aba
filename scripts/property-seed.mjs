import fc from "fast-check";

// One seed for every property, so that a run can be repeated and a red one is never luck. Search with others:
// PROPERTY_SEED=17 npm test
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 20200312) });
