/*
 * Who may import whom, once, as data. The import checker builds its rules from this table, and check-references holds
 * package.json and tsconfig.json to it. The sentence is what a person reads who has broken the rule.
 */
module.exports = {
  /** Functions of their arguments: no clock, no chance, no machine. */
  pure: ["money", "model", "risk-core", "ledger", "simulator"],

  /** Imported by tests only, and never a dependency, so that the store can test itself with it. */
  testOnly: "testkit",

  packages: {
    money: { may: [], because: "Numbers know nothing." },
    model: { may: ["money"], because: "Nouns know numbers, and nothing else." },
    "risk-core": {
      may: ["money", "model"],
      because: "Risk knows numbers and nouns; applications join it with the ledger.",
    },
    ledger: { may: ["money", "model"], because: "The ledger knows numbers and nouns; applications join it with risk." },
    store: { may: ["money", "model", "ledger"], because: "The store keeps journals; it decides nothing." },
    queues: { may: ["money", "model"], because: "A job names an account and carries no conclusion." },
    "api-contract": { may: ["money", "model"], because: "The contract is what both sides of the wire share." },
    simulator: {
      may: ["money", "model", "risk-core", "ledger"],
      because: "The simulator plays against the pure core, without a database or a server.",
    },
    testkit: {
      may: ["money", "model", "store"],
      because: "The test kit opens databases and knows no rule of the business.",
    },
  },

  apps: {
    api: {
      may: ["money", "model", "risk-core", "ledger", "store", "queues", "api-contract"],
      because: "The API serves the real thing; it does not simulate.",
    },
    liquidator: {
      may: ["money", "model", "risk-core", "ledger", "store", "queues"],
      because: "The liquidator hears jobs, not HTTP; it does not simulate.",
    },
    admin: {
      may: ["money", "model", "risk-core", "api-contract"],
      because: "The console runs in a browser: what it shows as fact comes from the API.",
    },
    cli: {
      may: ["money", "model", "risk-core", "simulator"],
      because: "The command line is the engine without a server.",
    },
    exchange: {
      may: ["money", "model", "simulator", "api-contract"],
      because: "The exchange is a customer of the API and comes in by the same door.",
    },
  },
};
