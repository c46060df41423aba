export default {
  displayName: "tools",
  testEnvironment: "node",
  testMatch: ["<rootDir>/**/*.test.mjs"],
  moduleFileExtensions: ["mjs", "js", "json"],
  transform: {},
  // The tools are started as processes of their own, and share the machine with the suites beside them.
  testTimeout: 60_000,
};
