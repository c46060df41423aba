import type { Scenario, SkewRule, VolatilityShockRule } from "./scenario.js";

/*
 * From a scenario to the volatility at which an option is valued in it. Float64: volatilities are scanned, never paid.
 */

/** What a shock needs of one option and its expiry. Days and years to expiry; forward *before* the move. */
export interface VolatilityPoint {
  readonly underlying: string;
  readonly volatility: number;
  readonly daysToExpiry: number;
  readonly yearsToExpiry: number;
  readonly forward: number;
  readonly strike: number;
  /** `termScale` of the option's expiry, since it is the same in every scenario. */
  readonly termScale: number;
}

/**
 * The implied volatility of an option in a scenario, ≥ 0.
 *
 * @param logMove |ln| of the price factor of the option's underlying in this scenario
 * @method SCENARIO-4 SCENARIO-5 SCENARIO-6
 */
export function shockedVolatility(
  point: VolatilityPoint,
  scenario: Scenario,
  logMove: number,
  rule: VolatilityShockRule,
  skew: SkewRule | null,
): number {
  const move = scenario.volatility;
  const { volatility } = point;
  if (move === "same") return volatility;
  if (move === "up") {
    const shock = rule.up + (rule.perMove?.up ?? 0) * moveShare(point, logMove, rule);
    const reach = shock * point.termScale;
    const shocked = rule.kind === "absolute" ? volatility + reach : volatility * (1 + reach);
    return Math.max(rule.upVolatilityFloor, shocked);
  }
  if (move === "down") {
    const shock = rule.down + (rule.perMove?.down ?? 0) * moveShare(point, logMove, rule);
    const reach = shock * point.termScale;
    return rule.kind === "absolute" ? Math.max(0, volatility - reach) : volatility * Math.max(0, 1 - reach);
  }
  if (move === "skew-linear" || move === "skew-absolute") {
    if (skew === null) throw new RangeError("SCENARIO-6 a skew scenario needs a skew rule");
    return volatility * skewFactor(point, move, skew);
  }
  const shocked = "relative" in move ? volatility * (1 + move.relative) : volatility + move.points;
  return Math.max(move.floor, shocked);
}

/** (reference ÷ days)^power, with the power of the short or the long end. @method SCENARIO-4 */
export function termScale(days: number, rule: VolatilityShockRule): number {
  const power = days <= rule.referenceDays ? rule.shortTermPower : rule.longTermPower;
  return (rule.referenceDays / Math.max(days, rule.daysFloor)) ** power;
}

/** How much of its own rate the underlying moves in the scenario, 0…1. @method SCENARIO-5 */
function moveShare(point: VolatilityPoint, logMove: number, rule: VolatilityShockRule): number {
  const rate = rule.perMove?.rates[point.underlying];
  return rate === undefined || rate <= 0 ? 1 : Math.min(1, Math.abs(logMove) / rate);
}

/** Standard deviations from the forward to the 25-delta strike. */
const QUARTER_DELTA = 0.6744897501960817;

function skewFactor(point: VolatilityPoint, move: "skew-linear" | "skew-absolute", skew: SkewRule): number {
  const root = Math.sqrt(point.yearsToExpiry);
  if (skew.kind === "risk-reversal") {
    const reversal = skew.share * (skew.referenceDays / Math.max(point.daysToExpiry, skew.daysFloor)) ** skew.power;
    const deviations = Math.log(point.strike / point.forward) / (point.volatility * root);
    const signed = move === "skew-linear" ? deviations : Math.abs(deviations);
    return Math.max(0, 1 + (reversal / 2) * Math.max(-1, Math.min(1, signed / QUARTER_DELTA)));
  }
  const linear = move === "skew-linear";
  const cap = linear ? skew.linearCap + skew.linearSlope * root : skew.absoluteCap + skew.absoluteSlope * root;
  const width = Math.max(skew.widthFloor, root * skew.widthScale * (skew.volatility + skew.volatilitySlope * root));
  const moneyness = Math.log(point.strike / point.forward);
  const tilt = ((linear ? moneyness : Math.abs(moneyness)) * cap) / width;
  return Math.max(0, 1 + Math.max(-cap, Math.min(cap, tilt)));
}
