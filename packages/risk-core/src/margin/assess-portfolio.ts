import { Decimal, type Usd } from "@ballast/money";
import type { Portfolio } from "../portfolio/portfolio.js";
import { type MarketColumns, marketColumns } from "../scenario/columns.js";
import { isHeld, type ScannedBook, scanBook } from "../scenario/scanned-book.js";
import { figureOfComponent } from "./components/component.js";
import { MissingEstimate } from "./components/missing-estimate.js";
import { evaluate, round } from "./expression.js";
import { ACCOUNT_PART, type Figure, figureFromScan, mergeParts, type Parts } from "./figure.js";
import type { FigureRule, LevelRule, MarginModel } from "./model.js";

/*
 * The engine: one portfolio under one margin model. Scan once, evaluate the figures in their order, then the levels. It
 * knows no venue; everything that distinguishes two venues is in the model.
 */

/** One level of the result; all figures in the numeraire. */
export interface LevelMargin {
  readonly name: string;
  /** Rounded as the model says. */
  readonly requirement: Usd;
  /** Equity less requirement: below zero the account does not meet the level. */
  readonly slack: Usd;
  /** What each holding adds to the requirement; with `account` for what belongs to none they add up to it. */
  readonly parts: Parts;
}

/** The margin of one portfolio. */
export interface PortfolioMargin {
  readonly model: { readonly id: string; readonly version: number };
  /** Balances, unrealised profit and option values at the mark, without haircuts. */
  readonly netValue: Usd;
  readonly optionValue: Usd;
  readonly levels: readonly LevelMargin[];
  /** Every figure of the model by name; a unit's figure under `name@unit`, and their sum under `name`. */
  readonly figures: ReadonlyMap<string, Figure>;
  readonly book: ScannedBook;
}

export interface AssessOptions {
  /** The columns of the portfolio's market under the model's scan rule, when they are already there. */
  readonly columns?: MarketColumns;
  /** Should figures carry their parts? Costs some maps. */
  readonly explain?: boolean;
}

/**
 * The margin of a portfolio under a model.
 *
 * Independent of the order of every list and map: same holdings, same bits. Cost: making the columns (unless given), then
 * columns × scenarios multiply-adds and a few decimals.
 *
 * @throws MissingQuote when something held has no quote. @throws PriceOutOfDomain see `marketColumns`.
 * @throws MissingEstimate when something held is unknown to the model.
 * @method MODEL-1 MODEL-8
 */
export function assessPortfolio(
  portfolio: Portfolio,
  model: MarginModel,
  options: AssessOptions = {},
): PortfolioMargin {
  const market = options.columns ?? marketColumns(portfolio, model.scan);
  const book = scanBook(portfolio, market, model.orders === "filled-where-losing");
  refuseUnmoved(book);
  const optionValue = valueOfOptions(book);
  const netValue = netValueOf(portfolio, book, optionValue);
  const figures = figuresOf(portfolio, book, model, options.explain ?? false);
  const levels = model.levels.map((level) => levelOf(level, figures, netValue));
  return {
    model: { id: model.id, version: model.version },
    netValue: netValue as Usd,
    optionValue: optionValue as Usd,
    levels,
    figures,
    book,
  };
}

/** The level of a name. @throws RangeError when the model has none of that name. */
export function levelNamed(margin: PortfolioMargin, name: string): LevelMargin {
  const found = margin.levels.find((level) => level.name === name);
  if (found === undefined) throw new RangeError(`MODEL-4 ${margin.model.id} has no level ${name}`);
  return found;
}

/** A model that moves some underlyings by name and not one that is held would scan that one over nothing. */
function refuseUnmoved(book: ScannedBook): void {
  const { units, unmoved } = book.market;
  for (const unit of unmoved) {
    if (isHeld(book, unit)) throw new MissingEstimate("move", units[unit] ?? "");
  }
}

function figuresOf(
  portfolio: Portfolio,
  book: ScannedBook,
  { figures: rules }: MarginModel,
  explain: boolean,
): ReadonlyMap<string, Figure> {
  const figures = new Map<string, Figure>();
  const { units } = book.market;
  const all = [...units.keys()];
  const of = (rule: FigureRule["rule"], among: readonly number[], unit: string | null): Figure =>
    rule.kind === "expression"
      ? evaluate(rule.of, (wanted) => figureNamed(figures, wanted, unit))
      : figureOfComponent(rule, { portfolio, book, units: among, explain });
  for (const { name, scope, rule } of rules) {
    if (scope === "account") {
      const figure = of(rule, all, null);
      figures.set(name, figure);
      for (const [detail, part] of figure.details ?? []) figures.set(`${name}.${detail}`, part);
      continue;
    }
    const each: Figure[] = [];
    for (const [at, unit] of units.entries()) {
      const figure = of(rule, [at], unit);
      each.push(figure);
      figures.set(`${name}@${unit}`, figure);
    }
    figures.set(name, sumOf(each));
  }
  return figures;
}

/** A unit's own figure where there is one, else the account's. */
export function figureNamed(figures: ReadonlyMap<string, Figure>, name: string, unit: string | null): Figure {
  const found = (unit === null ? undefined : figures.get(`${name}@${unit}`)) ?? figures.get(name);
  if (found === undefined) throw new RangeError(`MODEL-2 there is no figure ${name}`);
  return found;
}

function sumOf(figures: readonly Figure[]): Figure {
  const [only, ...more] = figures;
  if (only !== undefined && more.length === 0) return only;
  return {
    value: figures.reduce((sum, { value }) => (value.isZero() ? sum : sum.add(value)), ZERO),
    parts: mergeParts(figures.map(({ parts }) => parts)),
  };
}

function levelOf(level: LevelRule, figures: ReadonlyMap<string, Figure>, netValue: Decimal): LevelMargin {
  const { value, parts } = evaluate(level.requirement, (name) => figureNamed(figures, name, null));
  const requirement = round(value, level.scale, level.side);
  let rest: Decimal = requirement;
  for (const part of parts.values()) rest = rest.sub(part);
  return {
    name: level.name,
    requirement: requirement as Usd,
    slack: netValue.sub(requirement) as Usd,
    parts: rest.isZero() ? parts : mergeParts([parts, new Map([[ACCOUNT_PART, rest]])]),
  };
}

/** What all options are worth at the mark, rounded down as an asset is. */
function valueOfOptions({ market, now }: ScannedBook): Decimal {
  let value = 0;
  for (const [g, { expiry }] of market.groups.entries()) if (expiry !== null) value += now[g] as number;
  return figureFromScan(-value, null).value.neg();
}

function netValueOf(portfolio: Portfolio, { market }: ScannedBook, optionValue: Decimal): Decimal {
  let quote: Decimal = ZERO;
  for (const { amount, price } of portfolio.balances.values()) quote = quote.add(amount.mul(price));
  for (const { unrealisedProfit } of portfolio.holdings.values()) {
    // Options carry none, and most books are options: an addition for each would cost more than the scan.
    if (!unrealisedProfit.isZero()) quote = quote.add(unrealisedProfit);
  }
  const numeraire = portfolio.numeraire === portfolio.quote ? null : portfolio.underlyings.get(portfolio.numeraire);
  const inNumeraire = numeraire === null ? quote : quote.div(numeraire?.spot ?? market.quoteInNumeraire);
  return inNumeraire.add(optionValue);
}

const ZERO = new Decimal(0);
