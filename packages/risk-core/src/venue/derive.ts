import { Decimal } from "@ballast/money";

/*
 * What Derive publishes in worked examples beside its margin models: lending, peg and doubt factors, contingencies, and the
 * standard rule by hand. The models themselves are presets (`margin/presets/derive.ts`).
 */

/** A piecewise linear borrowing rate: steeper beyond the optimal utilisation. */
export interface BorrowRateRule {
  readonly minRate: Decimal;
  readonly multiplier: Decimal;
  readonly highMultiplier: Decimal;
  readonly optimalUtilisation: Decimal;
}

/** Annual rate at a utilisation 0…1. */
export function borrowRate(rule: BorrowRateRule, utilisation: Decimal): Decimal {
  const beyond = Decimal.max(0, utilisation.sub(rule.optimalUtilisation));
  return rule.minRate
    .add(Decimal.min(utilisation, rule.optimalUtilisation).mul(rule.multiplier))
    .add(beyond.mul(rule.highMultiplier));
}

/** What a debt grows by over some seconds at an annual rate, compounded continuously: e^(rate·years) − 1. */
export function interestFactor(annualRate: Decimal, seconds: Decimal): Decimal {
  return annualRate.mul(seconds).div(31_536_000).exp().sub(1);
}

/** A loss factor that grows as the stablecoin slips below its threshold. */
export function peggedFactor(base: Decimal, stablePrice: Decimal, threshold: Decimal, slope: Decimal): Decimal {
  return base.add(Decimal.max(0, threshold.sub(stablePrice)).mul(slope));
}

/** An option's volatility multiplier when volatility rises: 1 + range·(30 ÷ days)^power. */
export function volatilityUpMultiplier(range: Decimal, days: Decimal, power: Decimal): Decimal {
  return termScale(days, power).mul(range).add(1);
}

/** (30 ÷ days)^power. */
export function termScale(days: Decimal, power: Decimal): Decimal {
  return new Decimal(30).div(days).pow(power);
}

/** The worse of two forward moves, at most zero, times (add + perYear·years). */
export function forwardContingency(
  up: Decimal,
  down: Decimal,
  weight: { readonly add: Decimal; readonly perYear: Decimal; readonly days: Decimal },
): Decimal {
  return Decimal.min(up, down, 0).mul(weight.add.add(weight.perYear.mul(weight.days).div(365)));
}

/** An option sold, or held, in the standard rule; `amount` is negative for a short. */
export interface StandardOption {
  readonly right: "call" | "put";
  readonly strike: Decimal;
  readonly amount: Decimal;
  /** Needed of shorts only. */
  readonly markPrice: Decimal | null;
}

export interface StandardCallRule {
  readonly otmMax: Decimal;
  readonly otmMin: Decimal;
  readonly flatCall: Decimal;
  readonly unpairedInitial: Decimal;
  readonly unpairedMaintenance: Decimal;
}

/** One expiry of calls under the standard rule, net: what is left of it, at most zero. */
export interface StandardCalls {
  /** Every short call by itself. */
  readonly isolated: { readonly initial: Decimal; readonly maintenance: Decimal };
  /** The worst pay-off, with calls that nothing covers on top. */
  readonly offset: { readonly initial: Decimal; readonly maintenance: Decimal };
  readonly margin: { readonly initial: Decimal; readonly maintenance: Decimal };
}

/** The standard rule for calls of one expiry. @throws RangeError for a short without a mark. */
export function standardCalls(
  options: readonly StandardOption[],
  spot: Decimal,
  forward: Decimal,
  rule: StandardCallRule,
): StandardCalls {
  const isolated = { initial: new Decimal(0), maintenance: new Decimal(0) };
  for (const { amount, markPrice, strike } of options) {
    if (amount.gte(0)) continue;
    if (markPrice === null) throw new RangeError("a short option needs a mark");
    const outOfTheMoney = Decimal.max(0, strike.sub(spot)).div(spot);
    const share = Decimal.max(rule.otmMax.sub(outOfTheMoney), rule.otmMin);
    isolated.initial = isolated.initial.add(amount.mul(share.mul(spot).add(markPrice)));
    isolated.maintenance = isolated.maintenance.add(amount.mul(rule.flatCall.mul(spot).add(markPrice)));
  }
  const payoffAt = (price: Decimal) =>
    options.reduce((sum, { amount, strike }) => sum.add(amount.mul(Decimal.max(0, price.sub(strike)))), new Decimal(0));
  const worst = options.reduce((least, { strike }) => Decimal.min(least, payoffAt(strike)), new Decimal(0));
  const unpaired = Decimal.min(
    0,
    options.reduce((sum, { amount }) => sum.add(amount), new Decimal(0)),
  ).mul(forward);
  const offset = {
    initial: worst.add(unpaired.mul(rule.unpairedInitial)),
    maintenance: worst.add(unpaired.mul(rule.unpairedMaintenance)),
  };
  const margin = {
    initial: Decimal.max(isolated.initial, offset.initial),
    maintenance: Decimal.max(isolated.maintenance, offset.maintenance),
  };
  return { isolated, offset, margin };
}
