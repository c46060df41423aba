const { apps, packages, pure, testOnly } = require("./scripts/dependency-rule.cjs");

/*
 * Who may import whom, held by a tool. Every rule carries its sentence, and scripts/nets/imports.test.mjs plants a
 * violation of each one: a net that catches nothing looks just like a clean tree.
 */

const test = "\\.test\\.tsx?$";
const testing = "/src/testing\\.ts$";
/** The package of that name, wherever the package manager has put it. */
const npm = (...names) => `(^|/)node_modules/(${names.join("|")})(/|$)`;
const folders = (group, names) => `^${group}/(${names.join("|")})/`;

/** One rule for each package and application: of ours, it may import these. (The test kit has a rule of its own.) */
const whoMayImportWhom = (group, table) =>
  Object.entries(table).map(([name, { may, because }]) => {
    const allowed = [...(group === "packages" ? [name] : []), ...may, testOnly];
    return {
      name: `${name}-imports`,
      comment: because,
      severity: "error",
      from: { path: `^${group}/${name}/src/`, pathNot: test },
      to: { path: "^packages/", pathNot: folders("packages", allowed) },
    };
  });

module.exports = {
  forbidden: [
    ...whoMayImportWhom("packages", packages),
    ...whoMayImportWhom("apps", apps),
    {
      name: "packages-never-import-applications",
      comment: "Applications stand on packages, not the other way round.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^apps/" },
    },
    {
      name: "applications-never-import-applications",
      comment: "Applications meet over HTTP, the queue and the database; what two share is a package.",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "test-kit-for-tests",
      comment: "The test kit opens and drops databases: only tests may reach it.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: [test, `^packages/${testOnly}/`] },
      to: { path: `^packages/${testOnly}/` },
    },
    {
      name: "testing-doors-for-tests",
      comment: "The second door of a package holds arbitraries and fixtures: only tests may open it.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: [test, testing, `^packages/${testOnly}/`] },
      to: { path: "^packages/[^/]+/src/testing\\.ts$" },
    },
    {
      name: "one-door",
      comment: "A package is entered through its index: what is not exported there is nobody else's business.",
      severity: "error",
      from: { path: "^(?:packages|apps)/([^/]+)/" },
      to: { path: "^packages/[^/]+/src/", pathNot: ["^packages/$1/", "^packages/[^/]+/src/(index|testing)\\.ts$"] },
    },
    {
      name: "pure-packages-touch-no-machine",
      comment: "A pure package is a function of its arguments: files, processes and hashes are handed to it.",
      severity: "error",
      from: { path: `^packages/(${pure.join("|")})/src/`, pathNot: test },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "only-the-store-speaks-prisma",
      comment: "Rows become our nouns in one place; Prisma's Decimal must not travel.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/store/" },
      to: { path: [npm("@prisma/[^/]+", "prisma"), "^packages/store/src/generated/"] },
    },
    {
      name: "only-the-store-and-the-queue-open-connections",
      comment: "Connections to PostgreSQL are opened by the store, by the queue's backend, and by the test kit.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: `^packages/(store|queues|${testOnly})/` },
      to: { path: npm("pg") },
    },
    {
      name: "only-queues-and-applications-speak-bullmq",
      comment: "The queue is a way to wake workers; nothing below it may know that there is one.",
      severity: "error",
      from: { path: "^packages/", pathNot: `^packages/(queues|${testOnly})/` },
      to: { path: npm("bullmq", "ioredis") },
    },
    {
      name: "only-applications-speak-frameworks",
      comment: "Nest, Fastify, React and Vite stay at the doors.",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: npm("@nestjs/[^/]+", "@fastify/[^/]+", "fastify", "react", "react-dom", "@mantine/[^/]+", "vite") },
    },
    {
      name: "float64-zone-knows-no-money",
      comment: "A scan works on plain numbers; money crosses at the two border posts, before and after it.",
      severity: "error",
      from: { path: "\\.f64\\.ts$" },
      to: { path: ["^packages/money/", npm("decimal\\.js")] },
    },
    {
      name: "money-owns-the-decimal",
      comment: "There is one Decimal, with one precision: the clone of packages/money.",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/money/" },
      to: { path: npm("decimal\\.js") },
    },
    {
      name: "no-cycles",
      comment: "Two files that need each other are one idea in two places.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "everything-resolves",
      comment:
        "An import that leads nowhere also escapes every rule above. The testkit is nobody's dependency: only the projects " +
        "of tests know where it is (tsconfig.test.json), and the compiler refuses it everywhere else.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^@ballast/testkit$" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^packages/store/src/generated/"] },
    exclude: { path: "(^|/)(dist|\\.types|\\.turbo)/" },
    // Types are part of the rule: an import that disappears on compiling still couples two packages.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      // Without `source` an import of a package would lead to its compiled files, and no rule would match.
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json"],
    },
  },
};
