import { describe, expect, test } from "@jest/globals";
import { type AccountId, accountId } from "@ballast/model";
import { amount, Decimal, printDecimal, usd } from "@ballast/money";
import fc from "fast-check";
import { decimalText } from "../testing.js";
import { socialise } from "./socialise.js";

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
