import type { AssetId, InstrumentId } from "@ballast/model";
import { Decimal, toFloat64, type Usd } from "@ballast/money";
import { assessPortfolio } from "../margin/assess-portfolio.js";
import type { MarginModel } from "../margin/model.js";
import { PLAIN_SCAN } from "../margin/presets/template.js";
import type { MarginContract, Portfolio } from "../portfolio/portfolio.js";
import { MissingQuote, spotOf, termsOf } from "../scenario/column-terms.js";
import type { SimulatedPosition } from "./revaluation.f64.js";

/*
 * From a portfolio to what a simulation sees of it: the border post of this chapter.
 */

/** An option whose pay-off a simulation of one step does not know: it depends on the way. */
export class OptionNotSimulated extends Error {
  override readonly name = "OptionNotSimulated";
  readonly code = "OPTION_NOT_SIMULATED";
  constructor(instrument: InstrumentId, style: string) {
    super(`${instrument}: expected a European option; found ${style}`);
  }
}

/** A pool as a simulation sees it. */
export interface SimulatedPool {
  readonly positions: readonly SimulatedPosition[];
  /** Net value of the pool in the quote: what it can lose before somebody else pays. */
  readonly equity: number;
}

/**
 * A portfolio as positions against factors: contracts held, and collateral that moves with an underlying. Resting orders are
 * left out; collateral that moves with nothing keeps its value.
 *
 * @param factors underlyings in the order of the factors
 * @throws MissingQuote when something held moves with an underlying that is no factor, or has no quote. OptionNotSimulated.
 * @method SCORE-3
 */
export function simulatedPool(portfolio: Portfolio, factors: readonly AssetId[]): SimulatedPool {
  const places = new Map(factors.map((underlying, factor) => [underlying, factor]));
  const factorOf = (underlying: AssetId): number => {
    const factor = places.get(underlying);
    if (factor === undefined) throw new MissingQuote(`${underlying} among the estimates`);
    return factor;
  };
  const held = [...portfolio.holdings.values()].map(({ instrument, quantity }) => {
    const contract = portfolio.contracts.get(instrument);
    if (contract === undefined) throw new MissingQuote(instrument);
    return positionOf(contract, portfolio, factorOf(contract.underlying), toFloat64(quantity));
  });
  const collateral = [...portfolio.balances.values()].flatMap(({ amount, price, movesWith }) =>
    movesWith === null || amount.isZero()
      ? []
      : [
          {
            kind: "linear" as const,
            factor: factorOf(movesWith),
            price: toFloat64(price),
            quantity: toFloat64(amount),
          },
        ],
  );
  return { positions: [...held, ...collateral], equity: equityOf(portfolio) };
}

function positionOf(
  contract: MarginContract,
  portfolio: Portfolio,
  factor: number,
  quantity: number,
): SimulatedPosition {
  const terms = termsOf(contract, portfolio, true);
  if (contract.kind === "option" && contract.style.name !== "european") {
    throw new OptionNotSimulated(contract.id, contract.style.name);
  }
  if (contract.kind !== "option") {
    return terms.inverse
      ? { kind: "inverse", factor, price: terms.mark, dollars: quantity }
      : { kind: "linear", factor, price: terms.mark, quantity };
  }
  // A coin-settled option is its premium in coin, price ÷ forward, times the coin's price; forward and coin move alike, as
  // long as nothing of the forward is fixed, and then their quotient is a constant.
  const unit = terms.inverse ? spotOf(portfolio, contract.underlying) / terms.forward : terms.discount;
  return {
    kind: "option",
    factor,
    right: terms.right > 0 ? 1 : -1,
    price: terms.forward - terms.fixedForward,
    fixed: terms.fixedForward,
    strike: terms.strike,
    yearsToExpiry: terms.yearsToExpiry,
    volatility: terms.volatility,
    quantity: quantity * unit,
  };
}

/** No scenario, no requirement: what is left of an assessment is the net value. */
const VALUE_ALONE: MarginModel = {
  id: "value-alone",
  version: 1,
  title: "Net value, and nothing required",
  sources: [],
  notes: [],
  scan: { ...PLAIN_SCAN, discountOptions: true, scenarios: [] },
  figures: [],
  levels: [],
  orders: "ignored",
};

function equityOf(portfolio: Portfolio): number {
  const { netValue } = assessPortfolio(portfolio, VALUE_ALONE);
  if (portfolio.numeraire === portfolio.quote) return toFloat64(netValue);
  const spot = portfolio.underlyings.get(portfolio.numeraire)?.spot;
  if (spot === undefined) throw new MissingQuote(portfolio.numeraire);
  return toFloat64(new Decimal(netValue).mul(spot) as Usd);
}
