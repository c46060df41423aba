import type { Decimal } from "@ballast/money";
import { venue } from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, objectAt, objectsAt } from "../inputs.js";
import { type Check, checked, computed, type Evaluators } from "../parity-case.js";
import { isObject } from "../split-document.js";

/** Synthetix' fill price, liquidation window and keeper reward. */
export const SYNTHETIX: Evaluators = {
  SNX_LIQUIDATION_CAPACITY: ({ inputs, expected, tolerance }) => {
    const window = {
      makerFee: decimalAt(inputs, "makerFee"),
      takerFee: decimalAt(inputs, "takerFee"),
      skewScale: decimalAt(inputs, "skewScale"),
      multiplier: decimalAt(inputs, "accumulationMultiplier"),
      seconds: decimalAt(inputs, "windowSec"),
    };
    const capacity = venue.synthetix.windowCapacity(window);
    const past: venue.synthetix.PastLiquidation[] = [];
    const checks: Check[] = [];
    // The calls carry what each of them should have liquidated.
    for (const [at, call] of objectsAt(inputs, "calls").entries()) {
      const [now, size] = [decimalAt(call, "t"), decimalAt(call, "sizeBefore")];
      const taken = venue.synthetix.liquidatableNow(window, past, now, size);
      past.push({ at: now, size: taken });
      const wanted = decimalAt(objectAt(call, "expected"), "liquidated");
      checks.push(checkOf(`calls[${at}].liquidated`, wanted, taken, tolerance.absolute));
    }
    if (isObject(expected) && expected["windowCapacity"] !== null) {
      const wanted = decimalAt(expected, "windowCapacity");
      checks.push(checkOf("windowCapacity", wanted, capacity, tolerance.absolute));
    }
    return checked(checks, { windowCapacity: answered(capacity), liquidated: past.map(({ size }) => answered(size)) });
  },
  SNX_KEEPER_REWARD: ({ inputs }) => {
    const reward = venue.synthetix.keeperReward({
      flagReward: decimalAt(inputs, "flagRewardWei"),
      executionCost: decimalAt(inputs, "executionCostWei"),
      collateral: decimalAt(inputs, "collateralWei"),
      rewardMin: decimalAt(inputs, "minRewardWei"),
      profitRatioMin: decimalAt(inputs, "minProfitRatio"),
      rewardMax: decimalAt(inputs, "maxRewardWei"),
      collateralShareMax: decimalAt(inputs, "maxScalingRatio"),
    });
    return computed({ rewardWei: answered(reward) });
  },
  SNX_FILL_PRICE: ({ inputs }) => {
    const [price, skew] = [decimalAt(inputs, "price"), decimalAt(inputs, "skew")];
    const [size, scale] = [decimalAt(inputs, "size"), decimalAt(inputs, "skewScale")];
    return computed({ fillPrice: answered(venue.synthetix.fillPrice(price, skew, size, scale)) });
  },
};

const checkOf = (path: string, wanted: Decimal, got: Decimal, absolute: number): Check => ({
  path,
  passed: got.sub(wanted).abs().lte(absolute),
  expected: wanted.toFixed(),
  got: got.toFixed(),
});
