import { Decimal } from "@ballast/money";
import type { MarginContract, Portfolio } from "../../portfolio/portfolio.js";
import { forEachPart } from "../../tiers/marginal-parts.js";
import type { Figure, Parts } from "../figure.js";

/*
 * Requirements that grow with size by a published table, instrument by instrument, exact in decimals: no scan is involved
 * and venues publish such figures to the last digit.
 */

/** Rates as decimal text. A venue's `deduction` column says the same as marginal tiers do: no step at an edge. */
export interface SizeTier {
  /** Notional in the quote from which the rate applies to what lies above. */
  readonly from: string;
  readonly rate: string;
}

/** Marginal tiers of each instrument's notional, by underlying; `*` is for those that are not named. */
export interface TieredRule {
  readonly kind: "tiered";
  readonly tiers: Readonly<Record<string, readonly SizeTier[]>>;
  readonly orders: "ignored" | "worst-side";
}

/** A rate on the whole notional that rises with size: base + perUnit × |size in units of the underlying|. */
export interface SizeRateRule {
  readonly kind: "size-rate";
  readonly rates: Readonly<Record<string, { readonly base: string; readonly perUnit: string }>>;
  readonly orders: "ignored" | "worst-side";
}

/** A contract whose underlying has neither an entry of its own nor `*`. */
export class NoSizeRule extends Error {
  override readonly name = "NoSizeRule";
  readonly code = "SIZE_RULE_MISSING";
  constructor(readonly underlying: string) {
    super(`expected tiers or a rate for ${underlying}; the model has none`);
  }
}

/**
 * Σ over instruments of the tiered requirement of the units' contracts, ≥ 0, in the quote. Open size with orders is the
 * larger side: |position + buys| or |position − sells|. Options are not sized by these tables and count nothing.
 *
 * @throws NoSizeRule
 * @method ADDON-12
 */
export function tiered(rule: TieredRule, portfolio: Portfolio, units: readonly string[]): Figure {
  return overInstruments(portfolio, units, rule.orders, (contract, size) => {
    let charge = new Decimal(0);
    forEachPart(notionalOf(contract, size), ruleFor(rule.tiers, contract.underlying), (part, tier) => {
      charge = charge.add(part.mul(tier.rate));
    });
    return charge;
  });
}

/** Σ notional × (base + perUnit × size in underlying) of the units' contracts, ≥ 0. @throws NoSizeRule @method ADDON-12 */
export function sizeRate(rule: SizeRateRule, portfolio: Portfolio, units: readonly string[]): Figure {
  return overInstruments(portfolio, units, rule.orders, (contract, size) => {
    const { base, perUnit } = ruleFor(rule.rates, contract.underlying);
    const underlyingSize = contract.payoff === "inverse" ? size.div(contract.markPrice) : size;
    return notionalOf(contract, size).mul(new Decimal(base).add(underlyingSize.mul(perUnit)));
  });
}

type DeltaOne = Exclude<MarginContract, { readonly kind: "option" }>;

function overInstruments(
  portfolio: Portfolio,
  units: readonly string[],
  orders: "ignored" | "worst-side",
  charge: (contract: DeltaOne, size: Decimal) => Decimal,
): Figure {
  const parts = new Map<string, Decimal>();
  let value = new Decimal(0);
  for (const id of [...portfolio.contracts.keys()].sort()) {
    const contract = portfolio.contracts.get(id);
    if (contract === undefined || contract.kind === "option" || !units.includes(contract.underlying)) continue;
    const held: Decimal = portfolio.holdings.get(id)?.quantity ?? new Decimal(0);
    const size = orders === "ignored" ? held.abs() : worstSide(held, portfolio, id);
    if (size.isZero()) continue;
    const own = charge(contract, size);
    parts.set(id, own);
    value = value.add(own);
  }
  return { value, parts: parts as Parts };
}

function worstSide(held: Decimal, { orders }: Portfolio, id: string): Decimal {
  let [long, short] = [held, held];
  for (const { instrument, quantity } of orders) {
    if (instrument !== id) continue;
    if (quantity.gt(0)) long = long.add(quantity);
    else short = short.add(quantity);
  }
  return Decimal.max(held.abs(), long.abs(), short.abs());
}

/** Size in the quote; a dollar of an inverse contract is a dollar. */
function notionalOf({ payoff, markPrice }: DeltaOne, size: Decimal): Decimal {
  return payoff === "inverse" ? size : size.mul(markPrice);
}

function ruleFor<Rule>(rules: Readonly<Record<string, Rule>>, underlying: string): Rule {
  const found = rules[underlying] ?? rules["*"];
  if (found === undefined) throw new NoSizeRule(underlying);
  return found;
}
