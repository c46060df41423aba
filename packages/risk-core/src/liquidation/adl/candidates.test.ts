import { describe, expect, test } from "@jest/globals";
import type { Account } from "@ballast/model";
import { Decimal, price, quantity, type Quantity } from "@ballast/money";
import fc from "fast-check";
import { accountOf, anyAccount, anyMarket, listed, marketOf, PARAMETERS, shuffled } from "../../testing.js";
import { adlCandidates, afterClosing } from "./candidates.js";
import { rankAdl } from "./rank.js";

const PERPETUAL = listed("BTC_USDC-PERPETUAL");
const FUTURE = listed("BTC_USDC-26JUN20");
const INVERSE = listed("BTC-PERPETUAL");
// A linear contract is a thousandth of a bitcoin, an inverse one ten dollars.
const market = marketOf({
  index: { BTC: "7000" },
  mark: { [PERPETUAL.id]: "7000", [FUTURE.id]: "7000", [INVERSE.id]: "7000" },
});
const scene = { market, parameters: PARAMETERS };

const short = (id: string, contracts: string, entry: string, cash: string) =>
  accountOf({ id, balances: { USDC: cash }, positions: [[PERPETUAL.id, `-${contracts}`, entry]] });
const lineOf = (accounts: readonly Account[]) => rankAdl(adlCandidates(PERPETUAL, "SHORT", accounts, scene));

describe("who is deleveraged first", () => {
  test("LIQUIDATION-8: profit share × leverage, winners of that side only, not the house, ties to the lower id", () => {
    // At 7,000: entry 8,000 is a profit of 1/7 of notional, entry 7,500 one of 1/14.
    const line = lineOf([
      short("modest", "1000", "7500", "500"),
      short("bold", "1000", "8000", "0"),
      short("safe", "1000", "8000", "6000"),
      short("loser", "1000", "6900", "5000"),
      short("b-twin", "1000", "8000", "6000"),
      accountOf({ id: "long", balances: { USDC: "5000" }, positions: [[PERPETUAL.id, "1000", "6000"]] }),
      { ...short("fund", "1000", "8000", "0"), kind: "INSURANCE_FUND" as const },
    ]);
    expect(line.map(({ candidate, rank, score }) => [rank, candidate.account, score.toFixed(6)])).toEqual([
      [1, "bold", "1.000000"],
      [2, "modest", "0.500000"],
      [3, "b-twin", "0.142857"],
      [4, "safe", "0.142857"],
    ]);
  });

  test("LIQUIDATION-8: profit is that of the whole side of the underlying, not of one contract", () => {
    // The perpetual has lost 100, the future has won 1,000: together the side is in profit.
    const account = accountOf({
      id: "two-contracts",
      balances: { USDC: "6000" },
      positions: [
        [PERPETUAL.id, "-1000", "6900"],
        [FUTURE.id, "-1000", "8000"],
      ],
    });
    const [found] = adlCandidates(PERPETUAL, "SHORT", [account], scene);
    expect([found?.unrealisedProfit.toFixed(), found?.notional.toFixed()]).toEqual(["900", "14000"]);
  });

  //  besides a short of 1,000 perpetual contracts, which are one bitcoin                what of it hedges nothing
  test.each<[string, Parameters<typeof accountOf>[0], string]>([
    ["nothing", { positions: [] }, "1000"],
    ["a long future of the same size", { positions: [[FUTURE.id, "1000", "7000"]] }, "0"],
    ["a long future of a quarter", { positions: [[FUTURE.id, "250", "7000"]] }, "750"],
    ["a short future", { positions: [[FUTURE.id, "-250", "7000"]] }, "1000"],
    ["a long inverse perpetual over 3,500 dollars", { positions: [[INVERSE.id, "350", "7000"]] }, "500"],
    ["half a bitcoin of collateral", { positions: [], balances: { USDC: "6000", BTC: "0.5" } }, "500"],
    ["a position in another underlying", { positions: [["ETH_USDC-PERPETUAL", "1000", "200"]] }, "1000"],
  ])("LIQUIDATION-8: beside %s", (_, beside, unhedged) => {
    const positions = [[PERPETUAL.id, "-1000", "8000"] as const, ...(beside.positions ?? [])];
    const account = accountOf({ id: "holder", balances: { USDC: "6000" }, ...beside, positions });
    expect(lineOf([account])[0]?.unhedged.toFixed()).toBe(unhedged);
  });

  test("LIQUIDATION-8: the order of accounts and of their rows changes nothing", () => {
    fc.assert(
      fc.property(fc.array(anyAccount, { maxLength: 6 }), anyMarket, (held, prices) => {
        const named = held.map((account, at) => ({ ...account, id: `holder-${at}` as Account["id"] }));
        for (const side of ["LONG", "SHORT"] as const) {
          const print = (rows: typeof named) =>
            JSON.stringify(rankAdl(adlCandidates(PERPETUAL, side, rows, { market: prices, parameters: PARAMETERS })));
          expect(print([...named].reverse().map(shuffled))).toBe(print(named));
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("LIQUIDATION-9: what a holder is left with is what the pipeline says after the fill", () => {
  const holder = short("holder", "1000", "8000", "1000");
  const [candidate] = adlCandidates(PERPETUAL, "SHORT", [holder], scene);
  if (candidate === undefined) throw new Error("the holder is a candidate");
  const after = afterClosing(PERPETUAL, price("7100"), () => holder, scene);
  // 1,000 in cash and 1,000 of profit; 400 contracts closed a hundred dollars above the mark cost 40.
  const { equity, maintenanceMargin } = after(candidate, quantity("400"));
  expect(equity.toFixed()).toBe("1960");
  expect(maintenanceMargin.div(candidate.maintenanceMargin).toFixed()).toBe(new Decimal("0.6").toFixed());
  expect(after(candidate, quantity("1000") as Quantity).maintenanceMargin.isZero()).toBe(true);
});
