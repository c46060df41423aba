import { expect, test } from "@jest/globals";
import { accountOf, BTC_PERPETUAL, BTC_USDC_PERPETUAL } from "./testing.js";
import { frozenPriceOf } from "./frozen-price.js";
import { assetId } from "./ids.js";
import type { Instrument } from "./instrument.js";
import type { MarketSnapshot } from "./market.js";
import { toUtcMillis } from "./time.js";

const INSTRUMENTS: ReadonlyMap<Instrument["id"], Instrument> = new Map(
  [BTC_PERPETUAL, BTC_USDC_PERPETUAL].map((instrument) => [instrument.id, instrument]),
);
const market = (...frozen: readonly string[]): MarketSnapshot => ({
  sequence: 1,
  at: toUtcMillis(0),
  indexPrices: new Map(),
  markPrices: new Map(),
  depths: new Map(),
  frozen: new Set(frozen.map(assetId)),
});

//  what the account has                    account                                                                 frozen             depends on
test.each([
  ["nothing", {}, ["BTC", "USDC"], null],
  ["dollars", { balances: { USDC: "5" } }, ["BTC"], null],
  ["frozen dollars", { balances: { USDC: "5" } }, ["USDC"], "USDC"],
  ["a debt in a frozen coin", { balances: { BTC: "-1" } }, ["BTC"], "BTC"],
  ["a linear position on it", { positions: [[BTC_USDC_PERPETUAL, "1", "8000"]] }, ["BTC"], "BTC"],
  ["a position paid in it", { positions: [[BTC_USDC_PERPETUAL, "1", "8000"]] }, ["USDC"], "USDC"],
  ["both: the first by name", { positions: [[BTC_USDC_PERPETUAL, "1", "8000"]] }, ["USDC", "BTC"], "BTC"],
  ["something else frozen", { positions: [[BTC_PERPETUAL, "1", "8000"]] }, ["ETH"], null],
] as const)("DECISION-6: an account with %s", (_, terms, frozen, answer) => {
  expect(frozenPriceOf(accountOf("alice", terms), market(...frozen), INSTRUMENTS)).toBe(answer);
});

test("DECISION-6: a snapshot that says nothing of it has no frozen price", () => {
  const { frozen: _, ...plain } = market();
  expect(frozenPriceOf(accountOf("alice", { balances: { USDC: "5" } }), plain, INSTRUMENTS)).toBeNull();
});
