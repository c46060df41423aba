import { Decimal, NotAnAmount, type Price, type Quantity, toFloat64 } from "@ballast/money";
import type { LevelMargin } from "../margin/assess-portfolio.js";
import {
  afterFill,
  contractOf,
  type Inquiry,
  levelOf,
  markOf,
  requireStep,
  withinAmounts,
  withOrder,
} from "./inquiry.js";
import { outermost } from "./whole-search.js";

/** An order whose size is asked for. `price` null is the mark. */
export interface OrderQuestion {
  readonly instrument: string;
  readonly side: "buy" | "sell";
  readonly lot: Quantity;
  readonly price: Price | null;
}

/** `none`: not one lot fits, nor any other size that was found. `unbounded`: 2^46 lots fit. */
export type LargestOrder =
  | {
      readonly kind: "size";
      readonly lots: number;
      /** Signed: a sale below zero. */
      readonly quantity: Quantity;
      /** The level with the order filled, and with one lot more. */
      readonly filled: LevelMargin;
      readonly oneLotMore: LevelMargin;
    }
  | { readonly kind: "none" | "unbounded" };

/**
 * The largest order that still fits.
 *
 * It fits when the level is met once it is filled at its price, and while it rests the level is met or its slack is no
 * smaller than without it: what reduces risk is let through. One lot more does not
 * fit. Where several sizes are such an edge it is the outermost one that doubling sees.
 *
 * @throws UnanswerableQuestion
 * @method INVERSE-2
 */
export function largestOrder(inquiry: Inquiry, { instrument, side, lot, price }: OrderQuestion): LargestOrder {
  requireStep("lot", lot);
  const { portfolio, now } = inquiry;
  const contract = contractOf(portfolio, instrument);
  const at: Decimal = price ?? markOf(inquiry, contract);
  const quantityOf = (lots: number) => lot.mul(side === "buy" ? lots : -lots);
  const filled = (lots: number) => levelOf(inquiry, afterFill(portfolio, contract, quantityOf(lots), at));
  // Where a model ignores orders the slack stays, and resting is no question. Nor is it for an option worth nothing.
  const mayRest = (lots: number): boolean => {
    if (at.lte(0)) return true;
    const { slack } = levelOf(inquiry, withOrder(portfolio, contract, quantityOf(lots), at));
    return slack.gte(0) || slack.gte(now.slack);
  };
  const fits = (lots: number) => withinAmounts(() => filled(lots).slack.gte(0) && mayRest(lots));
  const found = outermost(fits, (lots) => meritOf(() => filled(lots)));
  if (found === null) return { kind: "none" };
  if (found === "unbounded") return { kind: "unbounded" };
  return {
    kind: "size",
    lots: found,
    quantity: quantityOf(found) as Quantity,
    filled: filled(found),
    oneLotMore: filled(found + 1),
  };
}

/** Slack as a number to compare sizes by. */
function meritOf(compute: () => LevelMargin): number {
  try {
    return toFloat64(compute().slack);
  } catch (fault) {
    if (fault instanceof NotAnAmount) return -Infinity;
    throw fault;
  }
}
