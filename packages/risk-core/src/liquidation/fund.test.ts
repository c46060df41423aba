import { describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import { amount, Decimal, usd } from "@ballast/money";
import fc from "fast-check";
import { debtAfter, fundTarget, payInLayers, repay, sharedWithdrawalFee, withdrawalBrake } from "./fund.js";

const units = fc.bigInt({ min: 0n, max: 10n ** 24n }).map((count) => amount(new Decimal(count.toString()).div("1e18")));
const anyLayers = fc
  .array(units, { maxLength: 5 })
  .map((available) => available.map((each, at) => ({ id: `layer-${at}`, available: each })));
const sumOf = (amounts: readonly { readonly amount: Decimal }[]) =>
  amounts.reduce((sum, { amount: each }) => sum.add(each), new Decimal(0));

describe("layers", () => {
  test("LIQUIDATION-25: pay in order, none beyond what it has, and to the last unit what the deficit is", () => {
    fc.assert(
      fc.property(units, anyLayers, (deficit, layers) => {
        const { payments, left } = payInLayers(deficit, layers);
        expect(sumOf(payments).add(left).eq(deficit)).toBe(true);
        for (const [at, { id, available }] of layers.entries()) {
          const paid = payments.find(({ layer }) => layer === id)?.amount ?? new Decimal(0);
          expect(paid.lte(available)).toBe(true);
          // A layer that was not emptied leaves nothing for those behind it.
          const behind = layers.slice(at + 1).some(({ id: next }) => payments.some(({ layer }) => layer === next));
          if (paid.lt(available)) expect(behind || left.gt(0)).toBe(false);
        }
      }),
    );
  });

  test("LIQUIDATION-25: what was paid stays a debt, paid back to the last layer first", () => {
    const account = accountId("alice");
    const layers = [
      { id: "bucket", available: amount("30") },
      { id: "fund", available: amount("100") },
    ];
    const debt = debtAfter(account, payInLayers(amount("50"), layers));
    expect(debt.owedTo.map(({ layer, amount: owed }) => [layer, owed.toFixed()])).toEqual([
      ["fund", "20"],
      ["bucket", "30"],
    ]);
    const first = repay(debt, amount("25"));
    expect(first.payments.map(({ layer, amount: paid }) => [layer, paid.toFixed()])).toEqual([
      ["fund", "20"],
      ["bucket", "5"],
    ]);
    const second = repay(first.debt, amount("40"));
    expect([second.toAccount.toFixed(), second.debt.owedTo]).toEqual(["15", []]);
  });

  test("LIQUIDATION-25: paying back loses and makes nothing", () => {
    fc.assert(
      fc.property(units, anyLayers, units, (deficit, layers, incoming) => {
        const debt = debtAfter(accountId("alice"), payInLayers(deficit, layers));
        const { payments, toAccount, debt: left } = repay(debt, incoming);
        expect(sumOf(payments).add(toAccount).eq(incoming)).toBe(true);
        expect(sumOf(left.owedTo).add(sumOf(payments)).eq(sumOf(debt.owedTo))).toBe(true);
        if (toAccount.gt(0)) expect(left.owedTo).toEqual([]);
      }),
    );
  });
});

describe("the fund's target", () => {
  const deficit = (scenario: string, owner: string, dollars: string) => ({ scenario, owner, deficit: usd(dollars) });

  test("LIQUIDATION-25: the two largest owners of the worst scenario", () => {
    const found = fundTarget([
      deficit("fall", "a", "100"),
      deficit("fall", "b", "40"),
      deficit("fall", "c", "39"),
      deficit("rise", "a", "0"),
      deficit("rise", "d", "90"),
      deficit("rise", "e", "45"),
    ]);
    expect([found.target.toFixed(), found.scenario]).toEqual(["140", "fall"]);
    expect(found.losses.map(({ owner, deficit }) => [owner, deficit.toFixed()])).toEqual([
      ["a", "100"],
      ["b", "40"],
    ]);
  });

  test("LIQUIDATION-25: splitting an account hides nothing; three can be covered too; nobody in deficit needs no fund", () => {
    const split = [
      deficit("fall", "a", "60"),
      deficit("fall", "a", "40"),
      deficit("fall", "b", "70"),
      deficit("fall", "c", "30"),
    ];
    expect(fundTarget(split).target.toFixed()).toBe("170");
    expect(fundTarget(split, 3).target.toFixed()).toBe("200");
    expect(fundTarget([deficit("fall", "a", "-5")]).target.toFixed()).toBe("0");
  });
});

describe("the brake", () => {
  //  deficits in progress   fund    uncovered
  test.each([
    ["0", "0", null],
    ["100", "100", null],
    ["100.01", "100", "0.01"],
    ["5", "-3", "5"],
  ] as const)("LIQUIDATION-25: %s in progress against a fund of %s", (deficits, fund, uncovered) => {
    const verdict = withdrawalBrake(usd(deficits), usd(fund));
    expect(verdict.kind === "BRAKED" ? verdict.uncovered.toFixed() : null).toBe(uncovered);
  });

  test("LIQUIDATION-25: under a shared fee the last one out has paid the same share as the first", () => {
    // 1,100 are claimed and 1,000 are there. Whoever claims 300 and leaves takes 300 less the fee.
    const before = sharedWithdrawalFee(usd("100"), usd("1000"));
    const paid = new Decimal(300).mul(before);
    const after = sharedWithdrawalFee(usd(new Decimal(100).sub(paid)), usd(new Decimal(1000).sub(300).add(paid)));
    expect(after.sub(before).abs().lte("1e-50")).toBe(true);
    expect(sharedWithdrawalFee(usd("0"), usd("0")).toFixed()).toBe("0");
  });
});
