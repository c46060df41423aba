import { describe, expect, test } from "@jest/globals";
import { BadEnvironment, readConfig } from "./config.js";

const environment = {
  DATABASE_URL: "postgresql://127.0.0.1/ballast",
  BALLAST_ENCRYPTION_KEY: "11".repeat(32),
  BALLAST_SESSION_SECRET: "22".repeat(32),
  BALLAST_EXCHANGE_KEY_ID: "exchange",
  BALLAST_EXCHANGE_KEY_SECRET: "33".repeat(32),
  BALLAST_ADMIN_NAME: "admin",
  BALLAST_ADMIN_PASSWORD: "a long password",
};

describe("the environment", () => {
  test("has documented defaults", () => {
    const config = readConfig(environment);
    expect(config).toMatchObject({
      port: 7300,
      host: "127.0.0.1",
      priceBand: "0.1",
      foundingVolatility: "0.03",
      marketRules: "standard",
      cookieSecure: false,
      consoleOrigins: [],
      ledgerCheckMs: 300_000,
      databaseConnections: 10,
      logLevel: "info",
    });
    expect(config.encryptionKey).toHaveLength(32);
  });

  test("reads what is set", () => {
    const config = readConfig({
      ...environment,
      PORT: "7411",
      BALLAST_PRICE_BAND: "0.25",
      BALLAST_MARKET_RULES: "marks",
      BALLAST_CONSOLE_ORIGINS: "https://console.example, http://127.0.0.1:5173",
      BALLAST_COOKIE_SECURE: "true",
    });
    expect(config.port).toBe(7411);
    expect(config.priceBand).toBe("0.25");
    expect(config.marketRules).toBe(null);
    expect(config.consoleOrigins).toEqual(["https://console.example", "http://127.0.0.1:5173"]);
    expect(config.cookieSecure).toBe(true);
  });

  test.each([
    ["no database", { DATABASE_URL: undefined }, "DATABASE_URL"],
    ["a short encryption key", { BALLAST_ENCRYPTION_KEY: "1234" }, "BALLAST_ENCRYPTION_KEY"],
    ["a port that is not a number", { PORT: "http" }, "PORT"],
    ["a short password", { BALLAST_ADMIN_PASSWORD: "secret" }, "BALLAST_ADMIN_PASSWORD"],
    ["a band with an exponent", { BALLAST_PRICE_BAND: "1e-1" }, "BALLAST_PRICE_BAND"],
    ["a band of everything", { BALLAST_PRICE_BAND: "1" }, "BALLAST_PRICE_BAND"],
    ["a negative band", { BALLAST_PRICE_BAND: "-0.1" }, "BALLAST_PRICE_BAND"],
  ])("with %s is refused by name", (_case, change, name) => {
    expect(() => readConfig({ ...environment, ...change })).toThrow(BadEnvironment);
    expect(() => readConfig({ ...environment, ...change })).toThrow(name);
  });

  test("a refusal never shows a secret", () => {
    const secret = "not-hex-but-very-secret";
    try {
      readConfig({ ...environment, BALLAST_ENCRYPTION_KEY: secret });
      throw new Error("expected a refusal");
    } catch (fault) {
      expect(String(fault)).not.toContain(secret);
    }
  });
});
