import { type AssetId, compareIds, type InstrumentId } from "@ballast/model";
import { toFloat64 } from "@ballast/money";
import type { ExpiryQuote, MarginContract, Portfolio } from "../portfolio/portfolio.js";
import { expiryOf, quoteOf, spotOf, spotTerms, termsOf } from "./column-terms.js";
import { type ContractTerms, deltaOf, deltaOneValue, optionValue, type PriceShock } from "./payoff.f64.js";
import type { ScenarioWeight } from "./scan.f64.js";
import type { PriceMove, ScanRule, StaticDiscount } from "./scenario.js";
import { shockedVolatility, termScale } from "./volatility-shock.f64.js";

/*
 * The columns of a market: what one unit of every contract is worth now and in every scenario. Made once for a market and
 * a scan rule; after that a portfolio is a dot product (`scan.f64.ts`). This file is the one place that says how they lie.
 *
 *   base      [columns]              value of one unit now
 *   shocked   [columns × scenarios]  row-major: the scenarios of one column lie side by side
 *   forward…  [columns]              value with the forward of its own expiry alone moved; delta-one columns: as base
 *   delta     [columns]              units of the underlying that one unit moves like
 *
 * All values are in the numeraire, per unit of quantity (linear contracts and options: one unit of the underlying;
 * inverse: one dollar; collateral: one unit of the asset). Columns stand in order of underlying, then delta-one before
 * options, then expiry, then id, whatever the order of the portfolio: so every sum has one order, and permuted input gives
 * the same bits. Columns of one expiry's options (or of one underlying's delta-one contracts) form a *group*, because the
 * static discounts look at the value of a whole expiry; the groups of one underlying form a *unit*.
 */

/** What names a column: the contract, or collateral that moves with an underlying and is scanned like a spot holding. */
export type ColumnKey = InstrumentId | `collateral:${string}`;

export interface Column {
  readonly key: ColumnKey;
  readonly unit: number;
  readonly contract: MarginContract | null;
  readonly terms: ContractTerms;
  /** Of an option; null for everything delta-one. */
  readonly expiry: ExpiryQuote | null;
}

/** Columns [first, end) that are discounted together. */
export interface ColumnGroup {
  readonly unit: number;
  readonly first: number;
  readonly end: number;
  /** Of options; null for the delta-one columns of a unit. */
  readonly expiry: ExpiryQuote | null;
  readonly yearsToExpiry: number;
  /** What a shocked value of the group counts for where it is ≥ 0, and where it is below. */
  readonly longDiscount: number;
  readonly shortDiscount: number;
}

export interface MarketColumns {
  readonly rule: ScanRule;
  /** How each scenario's result counts. */
  readonly weights: readonly ScenarioWeight[];
  /** The underlyings, in ascending order of id. */
  readonly units: readonly AssetId[];
  /** Units whose price no scenario moves, where the rule moves underlyings by name: they would be scanned over nothing. */
  readonly unmoved: readonly number[];
  readonly columns: readonly Column[];
  readonly groups: readonly ColumnGroup[];
  /** Where a contract or a collateral stands. */
  readonly at: ReadonlyMap<ColumnKey, number>;
  readonly base: Float64Array;
  readonly shocked: Float64Array;
  readonly forwardUp: Float64Array;
  readonly forwardDown: Float64Array;
  readonly delta: Float64Array;
  /** Spot of each unit, in the quote, and confidence in it, 0…1. */
  readonly spot: Float64Array;
  readonly spotConfidence: Float64Array;
  /** Money that moves each unit's price by one per cent, in the quote; NaN where nobody has measured it. */
  readonly depth: Float64Array;
  /** Confidence in each column's own price, and in its expiry's forward and rate (1 where it has none); [columns]. */
  readonly confidence: Float64Array;
  readonly expiryConfidence: Float64Array;
  /** The least of all of them: where it is high enough nothing is in doubt. */
  readonly leastConfidence: number;
  /** What one unit of the quote is in the numeraire now: 1, or 1 ÷ spot of the coin. */
  readonly quoteInNumeraire: number;
}

/**
 * The columns of a portfolio's market under a scan rule; holdings, balances and orders play no part.
 *
 * Cost: one option price for each option and scenario; nothing else is heavy.
 *
 * @throws MissingQuote when a contract's underlying or expiry has no quote.
 * @throws PriceOutOfDomain when a scenario leads a price to zero or below and the contract does not allow it.
 * @method SCENARIO-3
 */
export function marketColumns(portfolio: Portfolio, rule: ScanRule): MarketColumns {
  const units = unitsOf(portfolio);
  const columns = columnsOf(portfolio, units, rule);
  const spot = Float64Array.from(units, (unit) => spotOf(portfolio, unit));
  const inCoin = portfolio.numeraire !== portfolio.quote;
  const numeraireSpot = inCoin ? spotOf(portfolio, portfolio.numeraire) : 1;

  /** What a price move does to one unit: its shock, and prices of its coin and of the quote, in the numeraire. */
  const unitIn = (move: PriceMove, unit: number): UnitShock => {
    const shock = shockOf(move, units[unit] ?? "");
    const numeraire = shockOf(move, portfolio.numeraire);
    return {
      shock,
      logMove: Math.log(shock.factor),
      coinPrice: (spot[unit] ?? 0) * shock.factor + shock.shift,
      inNumeraire: inCoin ? 1 / (numeraireSpot * numeraire.factor + numeraire.shift) : 1,
    };
  };
  const now = units.map((_, unit) => unitIn({ factor: 1 }, unit));
  const valueOf = ({ terms }: Column, volatility: number, shock: PriceShock, { coinPrice, inNumeraire }: UnitShock) =>
    inNumeraire *
    (terms.kind === "option"
      ? optionValue(terms, shock, volatility, coinPrice)
      : deltaOneValue(terms, shock, coinPrice));

  const { scenarios } = rule;
  const shocks = scenarios.map(({ price }) => units.map((_, unit) => unitIn(price, unit)));
  const shocked = new Float64Array(columns.length * scenarios.length);
  for (const [at, column] of columns.entries()) {
    const { terms, unit } = column;
    const point = {
      ...terms,
      underlying: units[unit] ?? "",
      termScale: termScale(terms.daysToExpiry, rule.volatilityShock),
    };
    for (const [s, scenario] of scenarios.entries()) {
      const unitShock = shocks[s]?.[unit] as UnitShock;
      const volatility =
        terms.kind === "option"
          ? shockedVolatility(point, scenario, unitShock.logMove, rule.volatilityShock, rule.skew)
          : 0;
      shocked[at * scenarios.length + s] = valueOf(column, volatility, unitShock.shock, unitShock);
    }
  }
  const withForward = (factor: number) =>
    Float64Array.from(columns, (column) =>
      valueOf(
        column,
        column.terms.volatility,
        { factor: column.expiry === null ? 1 : factor, shift: 0 },
        now[column.unit] as UnitShock,
      ),
    );
  const spotConfidence = Float64Array.from(units, (unit) => toFloat64(quoteOf(portfolio, unit).confidence));
  const confidence = Float64Array.from(columns, ({ contract }) =>
    contract === null ? 1 : toFloat64(contract.confidence),
  );
  const expiryConfidence = Float64Array.from(columns, ({ expiry }) =>
    expiry === null ? 1 : toFloat64(expiry.confidence),
  );
  return {
    rule,
    weights: scenarios.map(({ damping, deadband, volatility }) => ({
      damping,
      deadband: deadband / numeraireSpot,
      mirrored: volatility === "skew-linear" || volatility === "skew-absolute",
    })),
    units,
    unmoved: unmovedOf(units, rule),
    columns,
    groups: groupsOf(columns, rule),
    at: new Map(columns.map(({ key }, at) => [key, at])),
    base: withForward(1),
    shocked,
    forwardUp: withForward(rule.forwardShocks?.up ?? 1),
    forwardDown: withForward(rule.forwardShocks?.down ?? 1),
    delta: Float64Array.from(columns, ({ terms }) => deltaOf(terms)),
    spot,
    spotConfidence,
    depth: Float64Array.from(units, (unit) => {
      const { depth } = quoteOf(portfolio, unit);
      return depth === null ? NaN : toFloat64(depth);
    }),
    confidence,
    expiryConfidence,
    leastConfidence: [spotConfidence, confidence, expiryConfidence].reduce(
      (least, some) => some.reduce((lower, one) => Math.min(lower, one), least),
      1,
    ),
    quoteInNumeraire: 1 / numeraireSpot,
  };
}

/** One unit in one scenario. */
interface UnitShock {
  readonly shock: PriceShock;
  readonly logMove: number;
  /** Price of the unit's own coin, in the quote; and what one unit of the quote is in the numeraire. */
  readonly coinPrice: number;
  readonly inNumeraire: number;
}

/** How a scenario moves one underlying; one that it does not name stays. @method SCENARIO-3 */
export function shockOf(move: PriceMove, underlying: string): PriceShock {
  if ("factor" in move) return { factor: move.factor, shift: 0 };
  if ("shift" in move) return { factor: 1, shift: move.shift };
  return { factor: move.factors[underlying] ?? 1, shift: 0 };
}

function unmovedOf(units: readonly AssetId[], { scenarios }: ScanRule): readonly number[] {
  if (!scenarios.some(({ price }) => "factors" in price)) return [];
  const isMoved = (unit: AssetId) =>
    scenarios.some(({ price }) =>
      "factors" in price ? unit in price.factors : "factor" in price ? price.factor !== 1 : price.shift !== 0,
    );
  return [...units.keys()].filter((at) => !isMoved(units[at] as AssetId));
}

function unitsOf(portfolio: Portfolio): readonly AssetId[] {
  const units = new Set<AssetId>();
  for (const { underlying } of portfolio.contracts.values()) units.add(underlying);
  for (const { movesWith } of portfolio.balances.values()) if (movesWith !== null) units.add(movesWith);
  return [...units].sort(compareIds);
}

function columnsOf(portfolio: Portfolio, units: readonly AssetId[], rule: ScanRule): readonly Column[] {
  const contracts = [...portfolio.contracts.values()].map(
    (contract): Column => ({
      key: contract.id,
      unit: units.indexOf(contract.underlying),
      contract,
      terms: termsOf(contract, portfolio, rule.discountOptions),
      expiry: contract.kind === "option" ? expiryOf(portfolio, contract) : null,
    }),
  );
  const collateral = [...portfolio.balances].flatMap(([asset, { price, movesWith }]): Column[] => {
    if (movesWith === null) return [];
    const unit = units.indexOf(movesWith);
    return [{ key: `collateral:${asset}`, unit, contract: null, terms: spotTerms(price), expiry: null }];
  });
  return [...contracts, ...collateral].sort(inColumnOrder);
}

function inColumnOrder(left: Column, right: Column): number {
  const expiry = (column: Column) => column.expiry?.expiresAt ?? -1;
  return left.unit - right.unit || expiry(left) - expiry(right) || compareIds(left.key, right.key);
}

function groupsOf(columns: readonly Column[], rule: ScanRule): readonly ColumnGroup[] {
  const groups: ColumnGroup[] = [];
  for (const [first, { unit, expiry, terms }] of columns.entries()) {
    const before = columns[first - 1];
    if (before?.unit === unit && before.expiry === expiry) continue;
    let end = first + 1;
    while (columns[end]?.unit === unit && columns[end]?.expiry === expiry) end += 1;
    const discounts = expiry === null ? { longDiscount: 1, shortDiscount: 1 } : discountsOf(expiry, terms, rule);
    groups.push({ unit, first, end, expiry, yearsToExpiry: expiry === null ? 0 : terms.yearsToExpiry, ...discounts });
  }
  return groups;
}

/** @method SCENARIO-7 */
function discountsOf(
  expiry: ExpiryQuote,
  { yearsToExpiry, discount }: ContractTerms,
  { staticDiscount }: ScanRule,
): { readonly longDiscount: number; readonly shortDiscount: number } {
  const rate = Math.max(0, toFloat64(expiry.rate));
  const growth = (side: StaticDiscount) => Math.exp(yearsToExpiry * (rate * side.rateScale + side.rateAdd));
  const { long, short } = staticDiscount;
  return {
    longDiscount: long === null ? 1 : long.base / growth(long),
    shortDiscount: short === null ? 1 : Math.min(1 / discount, short.base * growth(short)),
  };
}
