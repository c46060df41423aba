import { Decimal } from "@ballast/money";
import type { Portfolio } from "../../portfolio/portfolio.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import { type Figure, figureFromScan, figureOf, scaleParts } from "../figure.js";
import type { ComponentRule } from "../model.js";
import { bookViewsFigure, rateOf } from "./book-views.f64.js";
import { closingCost } from "./closing-cost.f64.js";
import { collateralConfidence, collateralHaircut } from "./collateral.f64.js";
import { debt } from "./debt.f64.js";
import { deltaShock, netDelta, weightedDelta } from "./delta.f64.js";
import { forwardContingency } from "./forward-contingency.f64.js";
import { nakedShorts } from "./naked-shorts.f64.js";
import { notional } from "./notional.f64.js";
import { optionStandard } from "./option-standard.f64.js";
import { oracleConfidence } from "./oracle-confidence.f64.js";
import { pegShortfall } from "./peg-shortfall.js";
import { roll } from "./roll.f64.js";
import { scanLoss } from "./scan-loss.f64.js";
import { calendarSpread, interCommodity } from "./spreads.f64.js";
import { sizeRate, tiered } from "./tiered.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** Whose figure it is, and whether its parts are wanted. */
export interface ComponentScope {
  readonly portfolio: Portfolio;
  readonly book: ScannedBook;
  /** The units it looks at: one, or all of them. */
  readonly units: readonly number[];
  readonly explain: boolean;
}

/** The figure of a component. One line for each kind; a new kind does not compile without one. */
export function figureOfComponent(rule: ComponentRule, { portfolio, book, units, explain }: ComponentScope): Figure {
  const cross = ({ value, parts, details }: ScannedFigure): Figure =>
    figureFromScan(value, explain && parts !== null ? parts() : null, details);
  switch (rule.kind) {
    case "scan-loss":
      return cross(scanLoss(rule, book, units));
    case "forward-contingency":
      return cross(forwardContingency(rule, book, units));
    case "notional":
      return cross(notional(rule, book, units));
    case "naked-shorts":
      return cross(nakedShorts(rule, book, units));
    case "option-standard":
      return cross(optionStandard(rule, book, units));
    case "oracle-confidence":
      return cross(oracleConfidence(rule, book, units));
    case "collateral-haircut":
      return cross(collateralHaircut(rule, book));
    case "collateral-confidence":
      return cross(collateralConfidence(rule, book));
    case "roll":
      return cross(roll(rule, book, units));
    case "net-delta":
      return cross(netDelta(rule, book, units));
    case "weighted-delta":
      return cross(weightedDelta(rule, book, units));
    case "delta-shock":
      return cross(deltaShock(rule, book, units));
    case "debt":
      return cross(debt(rule, book));
    case "closing-cost":
      return cross(closingCost(rule, book, units));
    case "book-views":
      // A pool counted in a coin moves with the coin, whatever it holds.
      if (portfolio.numeraire !== portfolio.quote) rateOf(rule, portfolio.numeraire);
      return cross(bookViewsFigure(rule, book, units));
    case "calendar-spread":
      return cross(calendarSpread(rule, book, units));
    case "inter-commodity":
      return cross(interCommodity(rule, book, units));
    case "tiered":
      return inNumeraire(tiered(rule, portfolio, namesOf(book, units)), portfolio);
    case "size-rate":
      return inNumeraire(sizeRate(rule, portfolio, namesOf(book, units)), portfolio);
    case "peg-shortfall":
      return figureOf(pegShortfall(rule, portfolio));
  }
}

const namesOf = ({ market }: ScannedBook, units: readonly number[]): readonly string[] =>
  units.map((unit) => market.units[unit] ?? "");

/** An exact figure in the quote, in the numeraire. */
function inNumeraire(figure: Figure, portfolio: Portfolio): Figure {
  const coin = portfolio.underlyings.get(portfolio.numeraire);
  if (portfolio.numeraire === portfolio.quote || coin === undefined) return figure;
  const rate = new Decimal(1).div(coin.spot);
  return { value: figure.value.mul(rate), parts: scaleParts(figure.parts, rate) };
}
