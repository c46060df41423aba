import type { Account, LiquidationPolicyParameters, MarketSnapshot, RiskParameters } from "@ballast/model";
import { lossFromFloat64, min, negate, printDecimal, type Ratio, ratio, toFloat64 } from "@ballast/money";
import { depthOf } from "../mark/prices.js";
import { markPositions } from "../position/marked-position.js";
import { choosePolicy, type MarketCondition, type PolicyReason, STANDARD_POLICY } from "./policy.f64.js";

/*
 * The policy of LIQUIDATION-20 at work: what the market is like for one account at one snapshot, and what that makes of the
 * parameters that its plan is made under. The policy itself is statistics, in float64; what comes out of it here is a target
 * and a share of depth, decimals like any other parameter.
 */

/** How an account is to be liquidated at a snapshot, as its record keeps it. */
export interface AppliedPolicy {
  /** WHOLE: everything an account under standard margin holds is closed. RESTORE: it is planned to `target`. */
  readonly manner: "WHOLE" | "RESTORE";
  readonly target: Ratio;
  /** Largest part of an instrument's depth that one order may take. */
  readonly depthShareMax: Ratio;
  readonly because: readonly PolicyReason[];
}

/** The standard policy as parameters, for a house with this daily volatility. */
export function standardPolicyParameters(dailyVolatility: Ratio): LiquidationPolicyParameters {
  const { stormVolatility, target, targetFast, targetStorm, fastSpeed, displacementMax, displacementMin } =
    STANDARD_POLICY;
  return {
    dailyVolatility,
    stormVolatility: ratio(String(stormVolatility)),
    target: ratio(String(target)),
    targetFast: ratio(String(targetFast)),
    targetStorm: ratio(String(targetStorm)),
    fastSpeed: ratio(String(fastSpeed)),
    displacementMax: ratio(String(displacementMax)),
    displacementMin: ratio(String(displacementMin)),
  };
}

/** The speed of a fall is looked at over so many milliseconds. */
export const SPEED_MS = 15 * 60_000;

/**
 * Chooses for an account at a snapshot; null where the parameters hold no policy.
 *
 * @param earlier  a snapshot of about `SPEED_MS` before; null where there is none, and the fall then counts as slow
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth of what is held.
 * @method LIQUIDATION-20
 */
export function policyFor(
  account: Account,
  market: MarketSnapshot,
  earlier: MarketSnapshot | null,
  parameters: RiskParameters,
): AppliedPolicy | null {
  const { policy: rules, depthShareMax } = parameters.liquidation;
  if (rules === undefined) return null;
  const condition = conditionOf(account, market, earlier, parameters, rules);
  const { manner, room, because } = choosePolicy(condition, {
    name: "published",
    stormVolatility: toFloat64(rules.stormVolatility),
    target: toFloat64(rules.target),
    targetFast: toFloat64(rules.targetFast),
    targetStorm: toFloat64(rules.targetStorm),
    fastSpeed: toFloat64(rules.fastSpeed),
    displacementMax: toFloat64(rules.displacementMax),
    displacementMin: toFloat64(rules.displacementMin),
  });
  return {
    manner,
    target: because.includes("STORM")
      ? rules.targetStorm
      : because.includes("FAST_FALL")
        ? rules.targetFast
        : rules.target,
    depthShareMax: Number.isFinite(room) ? min(depthShareMax, shareOf(room)) : depthShareMax,
    because,
  };
}

/** The share of depth that moves a price by `room`, rounded down. */
function shareOf(room: number): Ratio {
  return negate(lossFromFloat64(-room / ONE_PER_CENT, SHARE_SCALE)) as unknown as Ratio;
}

/** A depth is what moves a price by one per cent. */
const ONE_PER_CENT = 0.01;
const SHARE_SCALE = 6;

/**
 * What the market is like for the positions of an account, each the worst of them: how fast their underlyings go against them, how
 * far the perpetuals that would be sold stand below their index already (or those that would be bought above it), and how far
 * closing each position at once would move it.
 */
function conditionOf(
  account: Account,
  market: MarketSnapshot,
  earlier: MarketSnapshot | null,
  parameters: RiskParameters,
  { dailyVolatility }: LiquidationPolicyParameters,
): MarketCondition {
  const minutes = earlier === null ? 0 : (market.at - earlier.at) / 60_000;
  let [speed, displacement, backlog] = [0, 0, 0];
  for (const { instrument, position, markPrice, notional } of markPositions(account, market, parameters)) {
    const side = position.quantity.gt(0) ? 1 : -1;
    const index = market.indexPrices.get(instrument.underlying);
    const before = earlier?.indexPrices.get(instrument.underlying);
    if (index !== undefined && before !== undefined && minutes > 0) {
      speed = Math.max(speed, (side * Math.log(toFloat64(before) / toFloat64(index))) / minutes);
    }
    // The mark of a dated future stands off its index for a reason of its own.
    if (index !== undefined && instrument.kind === "perpetual") {
      displacement = Math.max(displacement, side * (1 - toFloat64(markPrice) / toFloat64(index)));
    }
    backlog = Math.max(backlog, (ONE_PER_CENT * toFloat64(notional)) / toFloat64(depthOf(market, instrument)));
  }
  return { dailyVolatility: toFloat64(dailyVolatility), speed, displacement, backlog };
}

/**
 * The parameters that a plan under this policy is made under. The same object for the same policy, so that what is remembered of
 * a snapshot under its parameters is found again.
 */
export function underPolicy(parameters: RiskParameters, { target, depthShareMax }: AppliedPolicy): RiskParameters {
  const made = changed.get(parameters) ?? new Map<string, RiskParameters>();
  changed.set(parameters, made);
  const key = `${printDecimal(target)} ${printDecimal(depthShareMax)}`;
  const found = made.get(key) ?? { ...parameters, liquidation: { ...parameters.liquidation, target, depthShareMax } };
  made.set(key, found);
  return found;
}

const changed = new WeakMap<RiskParameters, Map<string, RiskParameters>>();

/** A policy as the record of a step keeps it. */
export type PolicyRecord = {
  readonly manner: AppliedPolicy["manner"];
  readonly target: string;
  readonly depthShareMax: string;
  readonly because: PolicyReason[];
};

/** Returns what a step keeps of the policy it was planned under. @method CASE-14 */
export function recordPolicy({ manner, target, depthShareMax, because }: AppliedPolicy): PolicyRecord {
  return {
    manner,
    target: printDecimal(target),
    depthShareMax: printDecimal(depthShareMax),
    because: [...because],
  };
}

/** Returns the policy of a record. @throws MalformedDecimal when it is not one that we wrote. */
export function policyOfRecord({ manner, target, depthShareMax, because }: PolicyRecord): AppliedPolicy {
  return { manner, target: ratio(target), depthShareMax: ratio(depthShareMax), because };
}
