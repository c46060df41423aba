import type { InstrumentId } from "@ballast/model";
import { Decimal, NotAnAmount, type Amount, type Price, type Quantity } from "@ballast/money";
import { assessPortfolio, type LevelMargin, levelNamed } from "../margin/assess-portfolio.js";
import type { MarginModel } from "../margin/model.js";
import type { MarginContract, Portfolio } from "../portfolio/portfolio.js";
import { type MarketColumns, marketColumns } from "../scenario/columns.js";

/*
 * What every inverse question stands on: a portfolio, a model, one of its levels, and the columns of the market, made once.
 * Holdings, orders and amounts may change under a question and the columns stay, so that each answer tried costs a dot
 * product; where prices change (`boundary.ts`) the columns are made again.
 */

/** A portfolio that is asked about. */
export interface Inquiry {
  readonly portfolio: Portfolio;
  readonly model: MarginModel;
  readonly level: string;
  readonly columns: MarketColumns;
  /** The level as things stand. */
  readonly now: LevelMargin;
}

/** A question that cannot be asked of this portfolio. */
export class UnanswerableQuestion extends Error {
  override readonly name = "UnanswerableQuestion";
  constructor(
    readonly code:
      | "INSTRUMENT_UNKNOWN"
      | "UNDERLYING_UNKNOWN"
      | "PRICE_MISSING"
      | "LEVEL_UNKNOWN"
      | "STEP_NOT_POSITIVE"
      | "BOOK_TOO_LARGE",
    readonly of: string,
    expected: string,
  ) {
    super(`${of}: expected ${expected}`);
  }
}

/**
 * Begins an inquiry.
 *
 * @param level name of a level of the model
 * @throws UnanswerableQuestion `LEVEL_UNKNOWN`; what `assessPortfolio` throws.
 */
export function inquire(portfolio: Portfolio, model: MarginModel, level: string): Inquiry {
  if (!model.levels.some(({ name }) => name === level)) {
    const known = model.levels.map(({ name }) => name).join(", ");
    throw new UnanswerableQuestion("LEVEL_UNKNOWN", level, `a level of ${model.id}: ${known}`);
  }
  const columns = marketColumns(portfolio, model.scan);
  const now = levelNamed(assessPortfolio(portfolio, model, { columns }), level);
  return { portfolio, model, level, columns, now };
}

/** The level of another portfolio in the same market. */
export function levelOf({ model, level, columns }: Inquiry, portfolio: Portfolio): LevelMargin {
  return levelNamed(assessPortfolio(portfolio, model, { columns }), level);
}

/** Does something hold of a size? Not when it leads beyond what is an amount. */
export function withinAmounts(holds: () => boolean): boolean {
  try {
    return holds();
  } catch (fault) {
    if (fault instanceof NotAnAmount) return false;
    throw fault;
  }
}

/** The contract of an id. @throws UnanswerableQuestion */
export function contractOf({ contracts }: Portfolio, id: string): MarginContract {
  const found = contracts.get(id as InstrumentId);
  if (found === undefined) throw new UnanswerableQuestion("INSTRUMENT_UNKNOWN", id, "one of the contracts");
  return found;
}

/** Contracts or positions that a question looks at one by one; beyond it the answer would hold a server too long. */
const ONE_BY_ONE_MAX = 500;

/** @throws UnanswerableQuestion for more than are looked at one by one. */
export function requireFew(what: string, found: number): void {
  if (found > ONE_BY_ONE_MAX) throw new UnanswerableQuestion("BOOK_TOO_LARGE", what, `at most ${ONE_BY_ONE_MAX}`);
}

/** @throws UnanswerableQuestion unless a lot, a unit or a tick is above zero. */
export function requireStep(name: string, step: Decimal): void {
  if (step.lte(0)) throw new UnanswerableQuestion("STEP_NOT_POSITIVE", name, "more than zero");
}

/** The mark: of an option in dollars, or in coin where it is settled so; from the columns. */
export function markOf({ portfolio, columns }: Inquiry, contract: MarginContract): Price {
  if (contract.kind !== "option") return contract.markPrice;
  const value = new Decimal(columns.base[columns.at.get(contract.id) ?? -1] ?? 0).div(columns.quoteInNumeraire);
  const spot = spotOf(portfolio, contract);
  return (contract.payoff === "inverse" ? value.div(spot) : value).toDecimalPlaces(15) as Price;
}

/**
 * The portfolio after a fill: the position moves by `quantity`, and what the fill gained or lost against the mark, fees
 * with it, becomes unrealised profit; the premium of an option is paid in full.
 *
 * @param fee in the quote
 * @method INVERSE-2
 */
export function afterFill(
  portfolio: Portfolio,
  contract: MarginContract,
  quantity: Decimal,
  price: Decimal,
  fee: Decimal = new Decimal(0),
): Portfolio {
  const held = portfolio.holdings.get(contract.id);
  const profit = fillProfit(portfolio, contract, quantity, price).sub(fee);
  const holding = {
    instrument: contract.id,
    quantity: quantity.add(held?.quantity ?? 0) as Quantity,
    unrealisedProfit: profit.add(held?.unrealisedProfit ?? 0) as Amount,
  };
  return { ...portfolio, holdings: new Map([...portfolio.holdings, [contract.id, holding]]) };
}

/** The portfolio with one more order at rest. */
export function withOrder(
  portfolio: Portfolio,
  contract: MarginContract,
  quantity: Decimal,
  price: Decimal,
): Portfolio {
  const order = { instrument: contract.id, quantity: quantity as Quantity, limitPrice: price as Price };
  return { ...portfolio, orders: [...portfolio.orders, order] };
}

function fillProfit(portfolio: Portfolio, contract: MarginContract, quantity: Decimal, price: Decimal): Decimal {
  const coin = contract.payoff === "inverse" ? spotOf(portfolio, contract) : new Decimal(1);
  if (contract.kind === "option") return quantity.mul(price).mul(coin).neg();
  const { markPrice, payoff } = contract;
  if (price.eq(markPrice)) return new Decimal(0);
  const each =
    payoff === "inverse" ? new Decimal(1).div(price).sub(new Decimal(1).div(markPrice)) : markPrice.sub(price);
  return quantity.mul(each).mul(coin).toDecimalPlaces(15);
}

function spotOf({ underlyings }: Portfolio, { underlying }: MarginContract): Decimal {
  return underlyings.get(underlying)?.spot ?? new Decimal(0);
}
