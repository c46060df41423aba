/*
 * What a scenario is, as data. A scenario set is read once, checked once, and turned into the columns of a market
 * (`columns.ts`): nothing here knows a portfolio.
 */

/** One imagined move of everything at once. */
export interface Scenario {
  readonly id: string;
  /** The family a figure asks for: `regular`, `tail`, `skew`, `extreme`, `history` … A name, not a rule. */
  readonly family: string;
  readonly price: PriceMove;
  readonly volatility: VolatilityMove;
  /** The scenario's profit or loss counts at this share. 0…1 for tails that are looked at without dominating. */
  readonly damping: number;
  /** Profit or loss is drawn towards zero by this much of the quote, after the damping; zero for none. */
  readonly deadband: number;
}

/**
 * What happens to prices. `factor` multiplies spot, forwards and marks of every underlying; `factors` of each by name,
 * an underlying it does not name stays; `shift` adds, in price units, for products whose price may pass zero.
 */
export type PriceMove =
  | { readonly factor: number }
  | { readonly factors: Readonly<Record<string, number>> }
  | { readonly shift: number };

/**
 * What happens to implied volatility. `up` and `down` are what the set's shock rule says; `relative` multiplies by
 * 1 + by, `points` adds volatility points (0.05 is five), both never below `floor`; the skews tilt the smile.
 */
export type VolatilityMove =
  | "same"
  | "up"
  | "down"
  | "skew-linear"
  | "skew-absolute"
  | { readonly relative: number; readonly floor: number }
  | { readonly points: number; readonly floor: number };

/**
 * How far `up` and `down` go for an expiry. With τ = (referenceDays ÷ max(days, daysFloor))^power, where power is the
 * short-term one up to the reference and the long-term one beyond:
 * up σ·(1 + up·τ) but at least `upVolatilityFloor`; down σ·max(0, 1 − down·τ). `absolute` adds ±points·τ instead.
 *
 * With `perMove` the shock grows with the scenario's own price move: y = min(1, |ln factor| ÷ rate of the underlying)
 * and up + upPerMove·y stand for up, the same for down.
 *
 * @method SCENARIO-4 SCENARIO-5
 */
export interface VolatilityShockRule {
  readonly kind: "relative" | "absolute";
  readonly up: number;
  readonly down: number;
  readonly shortTermPower: number;
  readonly longTermPower: number;
  readonly referenceDays: number;
  readonly daysFloor: number;
  readonly upVolatilityFloor: number;
  readonly perMove: {
    readonly up: number;
    readonly down: number;
    readonly rates: Readonly<Record<string, number>>;
  } | null;
}

/**
 * How the skew scenarios tilt the smile at unchanged prices. Each expiry's profit enters as minus its size, so that neither
 * direction helps.
 */
export type SkewRule = CappedMoneynessSkew | RiskReversalSkew;

/**
 * σ·max(0, 1 + clamp(k·cap ÷ k*, ±cap)) with k = ln(K ÷ F), or |k| for `skew-absolute`, cap = base + slope·√T and
 * k* = max(widthFloor, √T·widthScale·(volatility + volatilitySlope·√T)).
 *
 * @method SCENARIO-6
 */
export interface CappedMoneynessSkew {
  readonly kind: "capped-moneyness";
  readonly linearCap: number;
  readonly linearSlope: number;
  readonly absoluteCap: number;
  readonly absoluteSlope: number;
  readonly widthFloor: number;
  readonly widthScale: number;
  readonly volatility: number;
  readonly volatilitySlope: number;
}

/**
 * The risk reversal (25-delta call less put) moves by share·(referenceDays ÷ max(days, daysFloor))^power of the option's
 * own volatility: half of it up at the call, half down at the put, in proportion between them, and no further beyond.
 *
 * @method SCENARIO-12
 */
export interface RiskReversalSkew {
  readonly kind: "risk-reversal";
  readonly share: number;
  readonly power: number;
  readonly referenceDays: number;
  readonly daysFloor: number;
}

/**
 * Static discounts on the shocked value of an expiry: what is worth something counts for less, what is owed for more.
 * Value ≥ 0: × base·e^(−T(rate·rateScale + rateAdd)). Below: × base·e^(+T(…)), at most 1 ÷ discount of the options
 * themselves. A null side counts in full.
 *
 * @method SCENARIO-7
 */
export interface StaticDiscountRule {
  readonly long: StaticDiscount | null;
  readonly short: StaticDiscount | null;
}

export interface StaticDiscount {
  readonly base: number;
  readonly rateScale: number;
  readonly rateAdd: number;
}

/** Everything that turns a market into columns. */
export interface ScanRule {
  readonly scenarios: readonly Scenario[];
  readonly volatilityShock: VolatilityShockRule;
  readonly skew: SkewRule | null;
  readonly staticDiscount: StaticDiscountRule;
  /** Are options discounted by e^(−max(rate, 0)·T)? Otherwise their value is the undiscounted one. */
  readonly discountOptions: boolean;
  /** Two more columns, each forward alone multiplied by these, for the basis contingency. */
  readonly forwardShocks: { readonly up: number; readonly down: number } | null;
}
