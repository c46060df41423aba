import { describe, expect, test } from "@jest/globals";
import { price, quantity, ratio, usd } from "@ballast/money";
import { inCanonicalOrder, type PlannerAccount, UnplannableAccount } from "./account.js";
import { planReduction } from "./plan-reduction.js";
import { sampleAccount } from "./testing.js";

const sample = sampleAccount({ legs: 4, seed: 3 });
const [first] = sample.positions;
if (first === undefined) throw new Error("the sample has positions");
const withFirst = (changed: Partial<typeof first>): PlannerAccount => ({
  ...sample,
  positions: [{ ...first, ...changed }, ...sample.positions.slice(1)],
});
const withRules = (changed: Partial<PlannerAccount["rules"]>): PlannerAccount => ({
  ...sample,
  rules: { ...sample.rules, ...changed },
});

describe("an account that contradicts itself is refused", () => {
  //  what is wrong                        account
  test.each([
    ["a target that restores nothing", withRules({ target: ratio("1") })],
    ["an offset above the whole", withRules({ offset: ratio("1.1") })],
    ["a guard below nothing", withRules({ guard: ratio("-0.1") })],
    ["a charge that pays", withRules({ basisFloor: ratio("-0.001") })],
    ["half a segment", withRules({ segments: 0.5 })],
    ["an id twice", withFirst({ id: sample.positions[1]?.id ?? "" })],
    ["an underlying without a spot", withFirst({ underlying: "NONE" })],
    ["a trade that pays", withFirst({ halfSpread: usd("-1") })],
    ["a delta that is no number", withFirst({ delta: Number.NaN })],
    ["another number of cells", withFirst({ profits: new Float64Array(3) })],
    ["an infinite cell", withFirst({ profits: Float64Array.from(first.profits, () => Infinity) })],
    ["a lot of nothing", withFirst({ lotSize: quantity("0") })],
    ["a bound below nothing", withFirst({ unitsMax: quantity("-1") })],
    ["a position of nothing", withFirst({ quantity: quantity("0") })],
    ["an expiry in the past", withFirst({ years: ratio("-0.1") })],
  ])("LIQUIDATION-16: %s", (_, account) => {
    expect(() => planReduction(account)).toThrow(UnplannableAccount);
  });

  test("LIQUIDATION-16: a spot that nothing is held in is left out", () => {
    const spots = new Map([...sample.spots, ["UNUSED", price("1")] as const]);
    expect([...inCanonicalOrder({ ...sample, spots }).spots.keys()]).toEqual([...sample.spots.keys()].sort());
  });
});
