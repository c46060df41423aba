import { Decimal } from "@ballast/money";
import { assertInvariant } from "@ballast/model";
import { type DeductionTier, chargeOf, tierIndex } from "./tier-table.js";

/*
 * At which price of one instrument does equity come down to maintenance margin, everything else standing still?
 *
 * Say it in the position's notional x, in the settlement asset: |quantity| × price for a linear contract, |quantity| ÷
 * price for an inverse one. Then equity is a straight line in x, with slope +1 for a position that gains when x grows (a
 * linear long, an inverse short) and −1 for the other two; and maintenance margin by tiers is piecewise straight. So both
 * payoffs are one problem, and its answer is exact: walk from today's notional in the direction that loses, tier by tier;
 * in the tier where the sign of (equity − maintenance) turns, one division gives the price.
 *
 * Walking keeps two promises that a formula for "the" tier cannot. The answer is the *nearest* price that liquidates, and
 * the tier used is the one that the answer lies in, not the one that the position is in today. It also finds the price in
 * a table that jumps: there the sign turns at the boundary itself.
 *
 * Bisection was not wanted: it needs a bracket, which a short in a rich account does not have, and gives digits instead of
 * the number. Venues publish the single-tier formula for a tier that they name; it is the same division, `priceInTier`.
 */

/** A position whose price is asked for. Amounts in the settlement asset. */
export interface LiquidationQuestion {
  readonly payoff: "linear" | "inverse";
  /** Signed; linear: units of the underlying, inverse: dollars. Not zero. */
  readonly quantity: Decimal;
  /** The price at which `equity` is stated: the mark, or the entry of a fresh position. Positive. */
  readonly price: Decimal;
  /** Of the account or the isolated position, with this position's profit at `price`. */
  readonly equity: Decimal;
  /** Margin that does not move with this price: what the other positions must maintain, and what a rule fixes at entry. */
  readonly fixedMaintenance: Decimal;
}

export type LiquidationPrice =
  | {
      readonly kind: "price";
      readonly price: Decimal;
      /** Index of the tier that the answer lies in. */
      readonly tier: number;
      /** Both the same, but for a table that jumps there: then equity is the smaller one. */
      readonly equity: Decimal;
      readonly maintenance: Decimal;
    }
  /** No positive price liquidates. */
  | { readonly kind: "none" }
  /** Equity is below maintenance margin at `price` already. */
  | { readonly kind: "already" };

/**
 * The nearest price on the losing side at which equity is not above maintenance margin, by a table of tiers over the
 * position's own notional. At equality today, today's price. Exact to 60 digits; not rounded to a tick.
 *
 * A notional exactly where a tier begins is still in the tier below it (`floor < notional ≤ cap`).
 *
 * Cost: one step for each tier between today's notional and the answer.
 *
 * @method TIERS-5
 */
export function liquidationPrice(question: LiquidationQuestion, tiers: readonly DeductionTier[]): LiquidationPrice {
  const { direction, notional, surplusIn, equityAt } = lineOf(question);
  const first = tierIndex(notional, tiers, "tier-that-ends");
  if (surplusIn(tierOf(tiers, first), notional).lt(0)) return { kind: "already" };
  const found = (tier: number, at: Decimal): LiquidationPrice => {
    const price = priceAt(question, at);
    if (price === null || price.lte(0)) return { kind: "none" };
    const maintenance = chargeOf(at, tierOf(tiers, tier)).add(question.fixedMaintenance);
    return { kind: "price", price, tier, equity: equityAt(at), maintenance };
  };
  let entered = notional;
  for (let at = first; at >= 0 && at < tiers.length; at -= direction) {
    const tier = tierOf(tiers, at);
    if (surplusIn(tier, entered).lte(0)) return found(at, entered);
    const leaves = direction > 0 ? tier.from : tiers[at + 1]?.from;
    if (leaves === undefined || surplusIn(tier, leaves).lte(0)) return found(at, notionalInTier(question, tier));
    entered = leaves;
  }
  return { kind: "none" };
}

/**
 * The price at which equity equals maintenance margin, were the whole line the given tier: the closed form that venues
 * publish. It may be negative, which says that no price liquidates. Null where there is none at all: the lines are parallel,
 * or an inverse contract would have to be worth nothing. With a rate, deduction and fixed maintenance of zero it is the bankruptcy price.
 *
 * @method TIERS-6
 */
export function priceInTier(
  question: LiquidationQuestion,
  tier: Pick<DeductionTier, "rate" | "deduction">,
): Decimal | null {
  return tier.rate.eq(lineOf(question).direction) ? null : priceAt(question, notionalInTier(question, tier));
}

/** Notional of a quantity at a price, in the settlement asset, without sign. */
export function notionalAt({ payoff, quantity, price }: Pick<LiquidationQuestion, "payoff" | "quantity" | "price">) {
  return payoff === "linear" ? quantity.abs().mul(price) : quantity.abs().div(price);
}

/** Equity as a line in the position's own notional. */
function lineOf(question: LiquidationQuestion) {
  const { payoff, quantity, equity, fixedMaintenance } = question;
  assertInvariant(!quantity.isZero(), "TIERS-5 a price is asked for of a position", { payoff });
  const isLong = quantity.gt(0);
  const direction = isLong === (payoff === "linear") ? 1 : -1;
  const notional = notionalAt(question);
  const equityAt = (at: Decimal) => equity.add(at.sub(notional).mul(direction));
  const surplusIn = (tier: DeductionTier, at: Decimal) => equityAt(at).sub(fixedMaintenance).sub(chargeOf(at, tier));
  return { direction, notional, equityAt, surplusIn };
}

/** equity + direction × (x − notional) = fixed + x × rate − deduction, solved for x. */
function notionalInTier(question: LiquidationQuestion, { rate, deduction }: Pick<DeductionTier, "rate" | "deduction">) {
  const { direction, equityAt } = lineOf(question);
  const atNothing = equityAt(new Decimal(0));
  return atNothing.sub(question.fixedMaintenance).add(deduction).div(rate.sub(direction));
}

function priceAt({ payoff, quantity }: LiquidationQuestion, notional: Decimal): Decimal | null {
  if (payoff === "linear") return notional.div(quantity.abs());
  return notional.isZero() ? null : quantity.abs().div(notional);
}

const tierOf = (tiers: readonly DeductionTier[], at: number): DeductionTier => tiers[at] as DeductionTier;
