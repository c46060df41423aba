import { describe, expect, test } from "@jest/globals";
import { assetId, instrumentId, type MarketSnapshot } from "@ballast/model";
import { accountOf, marketOf, PARAMETERS } from "../testing.js";
import { admitAtFrozenPrices, releaseAtFrozenPrices } from "./frozen-price.js";

const PERPETUAL = "BTC_USDC-PERPETUAL";
const frozen = (...assets: readonly string[]): MarketSnapshot => ({
  ...marketOf(),
  frozen: new Set(assets.map(assetId)),
});
const holding = (contracts: string, balances: Readonly<Record<string, string>> = { USDC: "1000" }) =>
  accountOf({ balances, positions: contracts === "0" ? [] : [[PERPETUAL, contracts, "8000"]] });

describe("DECISION-6: a fill while a price is frozen", () => {
  //  what the fill does                            frozen      from   to     answer
  test.each([
    ["opens, nothing frozen", [], "0", "5", "ADMITTED"],
    ["opens, something else frozen", ["ETH"], "0", "5", "ADMITTED"],
    ["opens on it", ["BTC"], "0", "5", "PRICE_FROZEN"],
    ["opens against frozen collateral", ["USDC"], "0", "5", "PRICE_FROZEN"],
    ["adds to a long", ["BTC"], "5", "6", "PRICE_FROZEN"],
    ["adds to a short", ["BTC"], "-5", "-6", "PRICE_FROZEN"],
    ["reduces a long", ["BTC"], "5", "4", "ADMITTED"],
    ["reduces a short", ["BTC"], "-5", "-1", "ADMITTED"],
    ["closes", ["BTC"], "5", "0", "ADMITTED"],
    ["closes, with collateral frozen", ["USDC"], "5", "0", "ADMITTED"],
    ["turns round", ["BTC"], "5", "-1", "PRICE_FROZEN"],
  ] as const)("%s", (_, assets, from, to, answer) => {
    const decided = admitAtFrozenPrices(
      holding(from),
      holding(to),
      instrumentId(PERPETUAL),
      frozen(...assets),
      PARAMETERS,
    );
    expect(decided.ok ? decided.value : decided.rejection.code).toBe(answer);
  });

  test("a fill of something else does not pass as a reduction because of what stays", () => {
    const before = holding("5");
    const after = accountOf({
      balances: { USDC: "1000" },
      positions: [
        [PERPETUAL, "5", "8000"],
        ["ETH_USDC-PERPETUAL", "1", "200"],
      ],
    });
    const decided = admitAtFrozenPrices(before, after, instrumentId("ETH_USDC-PERPETUAL"), frozen("BTC"), PARAMETERS);
    expect(decided).toEqual({ ok: false, rejection: { code: "PRICE_FROZEN", of: "BTC" } });
  });
});

describe("DECISION-6: taking something out while a price is frozen", () => {
  //  the account has                        frozen    answer
  test.each([
    ["dollars, nothing frozen", holding("0"), [], "ADMITTED"],
    ["frozen dollars and nothing else", holding("0"), ["USDC"], "ADMITTED"],
    ["a position on it", holding("5"), ["BTC"], "PRICE_FROZEN"],
    ["a debt beside frozen dollars", holding("0", { USDC: "1000", BTC: "-0.01" }), ["USDC"], "PRICE_FROZEN"],
    ["a position that has nothing to do with it", holding("5"), ["ETH"], "ADMITTED"],
  ] as const)("%s", (_, account, assets, answer) => {
    const decided = releaseAtFrozenPrices(account, frozen(...assets), PARAMETERS);
    expect(decided.ok ? decided.value : decided.rejection.code).toBe(answer);
  });
});
