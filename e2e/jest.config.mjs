export default {
  displayName: "browser",
  testEnvironment: "node",
  testMatch: ["<rootDir>/**/*.e2e.mjs"],
  moduleFileExtensions: ["mjs", "js", "json"],
  transform: {},
  // A whole exchange is started and played first.
  testTimeout: 300_000,
};
