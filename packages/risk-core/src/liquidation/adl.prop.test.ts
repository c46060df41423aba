import { describe, expect, test } from "@jest/globals";
import { type AccountId, accountId } from "@ballast/model";
import { amount, Decimal, printDecimal, type Quantity, quantity, usd } from "@ballast/money";
import fc from "fast-check";
import { accountOf, anyAccount, anyMarket, decimalText, listed, marketOf, PARAMETERS, shuffled } from "../testing.js";
import { allocateDeleveraging, rankForDeleveraging } from "./adl-ranking.js";
import { socialise } from "./socialise.js";

const PERPETUAL = listed("BTC_USDC-PERPETUAL");
const short = (id: string, contracts: string, entry: string, cash: string) =>
  accountOf({ id, balances: { USDC: cash }, positions: [[PERPETUAL.id, `-${contracts}`, entry]] });

describe("who is deleveraged first", () => {
  // At 7,000: entry 8,000 is a profit of 1/7 of notional, entry 7,500 one of 1/14.
  const market = marketOf({ mark: { [PERPETUAL.id]: "7000" } });
  const accounts = [
    short("modest", "1000", "7500", "500"),
    short("bold", "1000", "8000", "0"),
    short("safe", "1000", "8000", "6000"),
    short("loser", "1000", "6900", "5000"),
    short("b-twin", "1000", "8000", "6000"),
    accountOf({ id: "long", balances: { USDC: "5000" }, positions: [[PERPETUAL.id, "1000", "6000"]] }),
    { ...short("fund", "1000", "8000", "0"), kind: "INSURANCE_FUND" as const },
  ];

  test("LIQUIDATION-8: profit share × leverage, winners of that side only, ties to the lower id", () => {
    const ranked = rankForDeleveraging(PERPETUAL, "SHORT", accounts, market, PARAMETERS);
    expect(ranked.map(({ account, rank, score }) => [rank, account, score.toFixed(6)])).toEqual([
      [1, "bold", "1.000000"],
      [2, "modest", "0.500000"],
      [3, "b-twin", "0.142857"],
      [4, "safe", "0.142857"],
    ]);
  });

  test("LIQUIDATION-8: the order of accounts and of their rows changes nothing", () => {
    fc.assert(
      fc.property(fc.array(anyAccount, { maxLength: 6 }), anyMarket, (held, prices) => {
        const named = held.map((account, at) => ({ ...account, id: accountId(`holder-${at}`) }));
        for (const side of ["LONG", "SHORT"] as const) {
          const print = (rows: typeof named) =>
            JSON.stringify(rankForDeleveraging(PERPETUAL, side, rows, prices, PARAMETERS));
          expect(print([...named].reverse().map(shuffled))).toBe(print(named));
        }
      }),
      { numRuns: 60 },
    );
  });
});

const contracts = fc.integer({ min: 0, max: 10_000 }).map((count) => quantity(String(count)) as Quantity);
const anyRanked = fc
  .array(contracts, { maxLength: 12 })
  .map((sizes) => sizes.map((size, at) => ({ account: accountId(`holder-${at}`), quantity: size })));

test("LIQUIDATION-9: exactly the need is closed while there is enough, in order, and never more than anybody holds", () => {
  fc.assert(
    fc.property(contracts, anyRanked, (need, ranked) => {
      const shares = allocateDeleveraging(need, ranked);
      const closed = shares.reduce((sum, share) => sum.add(share.quantity), new Decimal(0));
      const there = ranked.reduce((sum, holder) => sum.add(holder.quantity), new Decimal(0));
      expect(printDecimal(closed)).toBe(printDecimal(Decimal.min(need, there)));
      for (const [at, share] of shares.entries()) {
        const holder = ranked.find(({ account }) => account === share.account);
        expect(share.quantity.gt(0) && share.quantity.lte(holder?.quantity ?? 0)).toBe(true);
        // Everybody but the last gives up all.
        if (at < shares.length - 1) expect(share.quantity.eq(holder?.quantity ?? 0)).toBe(true);
      }
    }),
  );
});

describe("a socialised loss", () => {
  //  loss   weights        shares
  test.each<[string, string, readonly string[], number, readonly string[]]>([
    ["evenly", "9", ["1", "1", "1"], 0, ["3", "3", "3"]],
    ["the unit over goes to the lowest id", "10", ["1", "1", "1"], 0, ["4", "3", "3"]],
    ["the unit over goes to the largest remainder", "10", ["1", "2", "1"], 0, ["3", "5", "2"]],
    ["in proportion, to the cent", "100", ["60", "50"], 2, ["54.55", "45.45"]],
    ["nobody without weight", "5", ["0", "1"], 0, ["5"]],
    ["nothing", "0", ["1"], 0, []],
  ])("LIQUIDATION-10: %s", (_, loss, weights, scale, answer) => {
    const holders = weights.map((weight, at) => ({ account: accountId(`holder-${at}`), weight: usd(weight) }));
    expect(socialise(amount(loss), holders, scale).map((share) => printDecimal(share.amount))).toEqual(answer);
  });

  const weight = fc.bigInt({ min: 0n, max: 10n ** 16n }).map((units) => usd(decimalText(units, 8)));
  const anyLoss = fc.bigInt({ min: 0n, max: 10n ** 27n }).map((units) => amount(decimalText(units, 18)));

  test("LIQUIDATION-10: the shares add up to the loss, each within one unit of its proportion, whatever the order", () => {
    fc.assert(
      fc.property(anyLoss, fc.array(weight, { minLength: 1, maxLength: 20 }), (loss, weights) => {
        const holders = weights.map((held, at) => ({ account: accountId(`holder-${at}`), weight: held }));
        const total = weights.reduce((sum, held) => sum.add(held), new Decimal(0));
        fc.pre(total.gt(0));
        const shares = socialise(loss, holders, 18);
        const sum = shares.reduce((paid, share) => paid.add(share.amount), new Decimal(0));
        expect(printDecimal(sum)).toBe(printDecimal(loss));
        const byId = new Map<AccountId, Decimal>(shares.map((share) => [share.account, share.amount]));
        for (const holder of holders) {
          const exact = loss.mul(holder.weight).div(total);
          expect((byId.get(holder.account) ?? new Decimal(0)).sub(exact).abs().lt("1e-18")).toBe(true);
        }
        expect(JSON.stringify(socialise(loss, [...holders].reverse(), 18))).toBe(JSON.stringify(shares));
      }),
    );
  });

  test("LIQUIDATION-10: a loss that nobody can pay, or with digits beyond the scale, is a bug", () => {
    const nobody = [{ account: accountId("holder"), weight: usd("0") }];
    expect(() => socialise(amount("1"), nobody, 0)).toThrow("LIQUIDATION-10 somebody can pay");
    expect(() => socialise(amount("0.1"), nobody, 0)).toThrow("LIQUIDATION-10 whole units");
    expect(() => socialise(amount("-1"), nobody, 0)).toThrow("LIQUIDATION-10 whole units");
  });
});
