import { Decimal, lossFromFloat64, NotAnAmount, type Quantity, toFloat64, type Usd } from "@ballast/money";
import { closingShare, type ClosingCostRule } from "../margin/components/closing-cost.f64.js";
import type { MarginContract } from "../portfolio/portfolio.js";
import { columnOf } from "../scenario/scanned-book.js";
import { afterFill, type Inquiry, levelOf, markOf, requireFew, requireStep } from "./inquiry.js";
import { firstBetween, peak } from "./whole-search.js";

/*
 * Which listed contract frees so much margin for the least. A trade costs half the spread and its way through the depth,
 * by the rule that charges for closing; what it frees is counted after that cost. On each side of each contract the slack
 * rises to a peak and falls again; the smallest size on the way to the peak that frees enough is the hedge.
 */

/** One contract's answer. `frees` is what the level's slack grows by, the cost already paid. */
export interface Hedge {
  readonly instrument: string;
  /** Signed: a sale below zero. */
  readonly quantity: Quantity;
  readonly lots: number;
  readonly cost: Usd;
  readonly frees: Usd;
}

export interface HedgeAnswer {
  /** Every contract and side that frees enough, the cheapest first. */
  readonly hedges: readonly Hedge[];
  /** Where none does: the one that frees most, if it frees anything. */
  readonly most: Hedge | null;
}

/** What a trade costs in a model that does not say. */
const COST: ClosingCostRule = { kind: "closing-cost", halfSpread: 0.0005, impactPerDepth: 0.01, withoutDepth: 0.02 };
const DOUBLINGS = 40;

/**
 * The hedges that free an amount, the cheapest first, over every listed contract and both sides.
 *
 * @param wanted in the numeraire
 * @param lotOf  the lot of a contract
 *
 * Cost: some hundred assessments a contract.
 *
 * @throws UnanswerableQuestion for a lot that is not above zero, and for too many contracts.
 * @method INVERSE-6
 */
export function cheapestHedge(
  inquiry: Inquiry,
  wanted: Decimal,
  lotOf: (contract: MarginContract) => Quantity,
): HedgeAnswer {
  requireFew("contracts", inquiry.portfolio.contracts.size);
  const found = [...inquiry.portfolio.contracts.values()].flatMap((contract) =>
    ([1, -1] as const).map((side) => hedgeWith(inquiry, contract, side, lotOf(contract), wanted)),
  );
  const hedges = found
    .filter(({ frees }) => frees.gte(wanted))
    .sort((left, right) => left.cost.cmp(right.cost) || (left.instrument < right.instrument ? -1 : 1));
  const most = found.reduce<Hedge | null>((best, hedge) => (hedge.frees.gt(best?.frees ?? 0) ? hedge : best), null);
  return { hedges, most: hedges.length > 0 ? null : most };
}

/** The smallest size on one side that frees what is wanted, or else the one that frees most. */
function hedgeWith(inquiry: Inquiry, contract: MarginContract, side: 1 | -1, lot: Quantity, wanted: Decimal): Hedge {
  requireStep("lot", lot);
  const mark = markOf(inquiry, contract);
  const tried = new Map<number, Hedge>();
  const hedgeOf = (lots: number): Hedge => {
    const known = tried.get(lots);
    if (known !== undefined) return known;
    const quantity = lot.mul(side * lots) as Quantity;
    const hedge = { instrument: contract.id, quantity, lots, ...gainOf(inquiry, contract, quantity, mark) };
    tried.set(lots, hedge);
    return hedge;
  };
  const isEnough = (lots: number) => hedgeOf(lots).frees.gte(wanted);
  const probes: number[] = [];
  for (let lots = 1; lots <= 2 ** DOUBLINGS; lots *= 2) {
    probes.push(lots);
    if (isEnough(lots)) return hedgeOf(firstBetween(Math.floor(lots / 2), lots, isEnough));
    // Past the peak: larger than the size before frees less and costs more than it brings.
    if (probes.length > 1 && hedgeOf(lots).frees.lt(0) && hedgeOf(lots).frees.lt(hedgeOf(lots / 2).frees)) break;
  }
  const best = peak((lots) => toFloat64(hedgeOf(lots).frees), probes);
  if (!isEnough(best)) return hedgeOf(best);
  const before = probes.findLast((lots) => lots < best) ?? 0;
  return hedgeOf(firstBetween(before, best, isEnough));
}

/** Cost and net gain of a trade at the mark. */
function gainOf(
  inquiry: Inquiry,
  contract: MarginContract,
  quantity: Quantity,
  mark: Decimal,
): { readonly cost: Usd; readonly frees: Usd } {
  const { portfolio, columns, now } = inquiry;
  try {
    const cost = costOf(inquiry, contract, quantity);
    const { slack } = levelOf(inquiry, afterFill(portfolio, contract, quantity, mark, cost));
    // The cost is in the quote, as a fee; it is told in the numeraire like everything else.
    return {
      cost: cost.mul(columns.quoteInNumeraire).toDecimalPlaces(12, Decimal.ROUND_CEIL) as Usd,
      frees: slack.sub(now.slack) as Usd,
    };
  } catch (fault) {
    if (!(fault instanceof NotAnAmount)) throw fault;
    return { cost: TOO_MUCH, frees: TOO_MUCH.neg() as Usd };
  }
}

const TOO_MUCH = new Decimal("1e20") as Usd;

/** In the quote, rounded up. */
function costOf({ model, columns }: Inquiry, contract: MarginContract, quantity: Quantity): Usd {
  const stated = model.figures.find(({ rule }) => rule.kind === "closing-cost")?.rule;
  const rule = stated?.kind === "closing-cost" ? stated : COST;
  const at = columnOf(columns, contract.id);
  const unit = columns.columns[at]?.unit ?? 0;
  const dollars = Math.abs(toFloat64(quantity) * (columns.delta[at] ?? 0)) * (columns.spot[unit] ?? 0);
  return lossFromFloat64(dollars * closingShare(rule, dollars, columns.depth[unit] ?? NaN), 12);
}
