import { expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { fillPrice, keeperReward, liquidatableNow, windowCapacity } from "./synthetix.js";

const d = (text: string) => new Decimal(text);
const window = {
  makerFee: d("0.007"),
  takerFee: d("0.003"),
  skewScale: d("1000"),
  multiplier: d("1"),
  seconds: d("10"),
};

test("TIERS-29: a fill is priced at the mean of the skew before and after", () => {
  expect(fillPrice(d("1200"), d("0"), d("100"), d("1000000")).toFixed()).toBe("1200.06");
  expect(fillPrice(d("1200"), d("100"), d("-200"), d("1000000")).toFixed()).toBe("1200");
});

test("TIERS-29: a window takes its capacity and no more, and forgets what has left it", () => {
  expect(windowCapacity(window).toFixed()).toBe("100");
  const past: { at: Decimal; size: Decimal }[] = [];
  const take = (at: string, size: string) => {
    const taken = liquidatableNow(window, past, d(at), d(size));
    past.push({ at: d(at), size: taken });
    return taken.toFixed();
  };
  expect([
    take("0", "150"),
    take("0", "50"),
    take("6", "50"),
    take("11", "50"),
    take("11", "150"),
    take("23", "100"),
  ]).toEqual(["100", "0", "0", "50", "50", "100"]);
});

//  reward  cost    collateral  minimum  maximum   paid
test.each([
  ["0", "8888", "100000000", "10000", "100000", "18888"],
  ["0", "8888", "100000000", "1", "100", "100"],
  ["50000", "8888", "100000000", "1", "100000", "58888"],
  ["50000", "8888", "1000000", "1", "100000", "5000"],
])(
  "TIERS-29: a reward of %s at a cost of %s against %s",
  (flagReward, executionCost, collateral, rewardMin, rewardMax, paid) => {
    const rule = { profitRatioMin: d("0.005"), collateralShareMax: d("0.005") };
    const amounts = {
      flagReward: d(flagReward),
      executionCost: d(executionCost),
      collateral: d(collateral),
      rewardMin: d(rewardMin),
      rewardMax: d(rewardMax),
    };
    expect(keeperReward({ ...rule, ...amounts }).toFixed()).toBe(paid);
  },
);
