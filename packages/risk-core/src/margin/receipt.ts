import { printDecimal } from "@ballast/money";
import type { Portfolio } from "../portfolio/portfolio.js";
import { type PortfolioDocument, printPortfolio, readPortfolio } from "../portfolio/portfolio-document.js";
import { assessPortfolio, type PortfolioMargin } from "./assess-portfolio.js";
import type { Figure, Parts } from "./figure.js";
import type { MarginModel } from "./model.js";
import { readModel } from "./model-document.js";

/*
 * A margin receipt: everything one margin number came from, in one document. It carries the portfolio, the prices and the
 * model themselves, not references to them, so that whoever holds it can compute the number again, years later, with
 * nothing else; and it says which scenario decides, what comes next, and what each position adds.
 */

/** Version of the arithmetic: raised whenever the same model and portfolio may give another figure. */
export const ENGINE_VERSION = "2026-11.3";

export interface MarginReceipt {
  readonly engine: string;
  readonly model: MarginModel;
  readonly portfolio: PortfolioDocument;
  readonly netValue: string;
  readonly optionValue: string;
  readonly levels: readonly ReceiptLevel[];
  /** Every figure of the model, in its order, those of a unit as `name@unit`; decimal text. */
  readonly figures: Readonly<Record<string, string>>;
  readonly units: readonly ReceiptUnit[];
}

export interface ReceiptLevel {
  readonly name: string;
  readonly requirement: string;
  readonly slack: string;
  /** What each holding adds; they sum to the requirement. `account` is what belongs to none, rounding with it. */
  readonly parts: Readonly<Record<string, string>>;
}

/** The scan of one underlying: its worst scenario, the runner-up, and the profit or loss in each. */
export interface ReceiptUnit {
  readonly underlying: string;
  readonly binding: string | null;
  readonly runnerUp: string | null;
  readonly cells: Readonly<Record<string, number>>;
}

/**
 * The receipt of a portfolio's margin under a model.
 *
 * @throws InvalidModel for a document that is not a model; MissingQuote, PriceOutOfDomain as `assessPortfolio`.
 * @method RECEIPT-1
 */
export function marginReceipt(portfolio: Portfolio, document: MarginModel): MarginReceipt {
  // Read once more, so that what is printed has one order of fields, whoever wrote the model down.
  const model = readModel(document);
  const margin = assessPortfolio(portfolio, model, { explain: true });
  return {
    engine: ENGINE_VERSION,
    model,
    portfolio: printPortfolio(portfolio),
    netValue: printDecimal(margin.netValue),
    optionValue: printDecimal(margin.optionValue),
    levels: margin.levels.map(({ name, requirement, slack, parts }) => ({
      name,
      requirement: printDecimal(requirement),
      slack: printDecimal(slack),
      parts: printParts(parts),
    })),
    figures: Object.fromEntries(
      [...margin.figures].map(([name, { value }]: [string, Figure]) => [name, printDecimal(value)]),
    ),
    units: unitsOf(margin),
  };
}

/** A receipt as text: the same receipt, the same bytes. */
export function printReceipt(receipt: MarginReceipt): string {
  return `${JSON.stringify(receipt, null, 2)}\n`;
}

/**
 * Computes a receipt again from its own portfolio and model, and from nothing else. Equal text proves the figures.
 *
 * @throws PortfolioRefused, InvalidModel when the receipt does not hold a portfolio and a model.
 * @method RECEIPT-3
 */
export function recomputeReceipt(receipt: MarginReceipt): MarginReceipt {
  return marginReceipt(readPortfolio(receipt.portfolio), receipt.model);
}

function printParts(parts: Parts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...parts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, part]) => [key, printDecimal(part)]),
  );
}

function unitsOf({ book }: PortfolioMargin): readonly ReceiptUnit[] {
  const { scenarios } = book.market.rule;
  return book.market.units.map((underlying, unit): ReceiptUnit => {
    const cells = scenarios.map(({ id }, s) => [id, book.cells[unit * scenarios.length + s] ?? 0] as const);
    const [worst, second] = [...cells].sort(([, left], [, right]) => left - right);
    return {
      underlying,
      binding: worst?.[0] ?? null,
      runnerUp: second?.[0] ?? null,
      cells: Object.fromEntries(cells),
    };
  });
}
