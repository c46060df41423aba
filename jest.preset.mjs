import path from "node:path";

const root = import.meta.dirname;

/**
 * Tests run straight on the TypeScript sources: swc takes the types away, `@ballast/x` is read from
 * `packages/x/src`, and modules stay ES modules (run Jest with `--experimental-vm-modules`).
 */
const shared = {
  testEnvironment: "node",
  setupFiles: [path.join(root, "scripts/property-seed.mjs")],
  extensionsToTreatAsEsm: [".ts", ".tsx"],
  testMatch: ["<rootDir>/src/**/*.test.ts", "<rootDir>/src/**/*.test.tsx"],
  moduleNameMapper: {
    "^@ballast/([^/]+)/testing$": path.join(root, "packages/$1/src/testing.ts"),
    "^@ballast/([^/]+)$": path.join(root, "packages/$1/src/index.ts"),
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
};

const transform = (options) => ({
  "^.+\\.tsx?$": [
    "@swc/jest",
    {
      jsc: {
        target: "es2023",
        parser: { syntax: "typescript", tsx: options.tsx, decorators: options.decorators },
        transform: options.decorators
          ? { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false }
          : { react: { runtime: "automatic" } },
      },
      module: { type: "es6" },
    },
  ],
});

/** For packages: plain TypeScript. */
export default { ...shared, transform: transform({ tsx: false, decorators: false }) };

/** For Nest applications: decorators with metadata, as `tsc` emits them. */
export const nestPreset = { ...shared, transform: transform({ tsx: false, decorators: true }) };

/** For the console: JSX. */
export const reactPreset = { ...shared, transform: transform({ tsx: true, decorators: false }) };
