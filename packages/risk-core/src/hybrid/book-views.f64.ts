import { checkParameter, checkSeries } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";
import type { JointShortfall } from "./joint-history.f64.js";
import type { BookRecipe } from "./recipe.js";

/*
 * How much one book must bring for several underlyings: the largest of five views of how they could move together.
 *
 * No single rule holds. Calm correlation loses its baskets when everything falls; "all move together" gives hedges away
 * for nothing and breaks one day in ten; each venue's favourite rule is somebody's worst day. So the book is looked at
 * five ways, each of which is right in a different storm, and the most demanding view counts. It is reported by name,
 * with the runner-up: what a trader has to change is written in that name.
 *
 * A leg is everything that the account holds on one underlying, scanned: what it loses when the underlying falls by its
 * rate and when it rises by it. A linear leg loses one way and gains the other. Options may lose both ways (a short
 * straddle), and then there is nothing to set against another leg; or gain little where they do not lose. Each leg is
 * therefore split into a part that turns with the direction and one that does not. With m the larger loss and b the loss
 * the other way,
 *
 *   either way e = (m + b') ÷ 2,   turning d = m − e,   b' = b, or where b is a gain: b·e^(±R), at least −m.
 *
 * The factor takes a gain at the rate of one direction to the rate of the other: a short that loses w·(e^R − 1) gains
 * w·(1 − e^(−R)), which counts as much. So every linear leg has e = 0, the method as published, and only d earns credit.
 * The split has no cliff: a leg that begins to lose a dollar the other way loses the credit of half a dollar, not of
 * the leg.
 */

/** What an account loses on one underlying at its rate; positive is a loss, in one unit for the whole book. */
export interface BookLeg {
  readonly underlying: string;
  /** The worst over scenarios in which the underlying falls by up to its rate, or stands still; negative is a gain. */
  readonly lossOnFall: number;
  /** The same for a rise. */
  readonly lossOnRise: number;
  /** The log rate R that was scanned, at the horizon of the losses (HYBRID-6, HYBRID-9). */
  readonly logRate: number;
}

/** The views, in the order in which ties are decided. */
export const BOOK_VIEWS = ["CALM", "ALL_TOGETHER", "LARGEST_LEG", "CREDIT_CAP", "JOINT_HISTORY"] as const;
export type BookView = (typeof BOOK_VIEWS)[number];

/** The margin of a book, and where it comes from; amounts in the unit of the legs. */
export interface BookMargin {
  /** Every view's demand, the largest of which is the requirement. */
  readonly views: Readonly<Record<BookView, number>>;
  /** Views without enough history; they give no credit and demand the sum of the legs. */
  readonly withoutHistory: readonly BookView[];
  readonly requirement: number;
  readonly binding: BookView;
  /** The most demanding of the other views. */
  readonly runnerUp: BookView;
  /** Margin of the legs without any credit, in the order of the legs, and its sum. */
  readonly legMargins: readonly number[];
  readonly noOffset: number;
  /** noOffset − requirement. */
  readonly credit: number;
  /** Part of each leg in the binding view; they sum to the requirement up to rounding, and are negative for a hedge. */
  readonly contributions: readonly number[];
}

const TIE = 1e-12;
/** A move of e^20 is no scan any more, and its gains would be no numbers. */
const LOG_RATE_MAX = 20;

interface SplitLeg {
  readonly margin: number;
  /** Signed: positive loses on a fall. */
  readonly turning: number;
  readonly eitherWay: number;
}

/** A view's demand, and how it is made of the legs. */
interface Demand {
  readonly amount: number;
  readonly parts: readonly number[];
}

/**
 * The margin of a book as the largest of five views.
 *
 * @param correlation  of the legs' underlyings in calm times, in the order of the legs; undefined: too little history
 * @param joint        expected shortfall over the joint history; undefined: too little history
 *
 * An empty book demands zero. Cost: legs² multiply-adds.
 *
 * @throws NoEstimate for losses that are not finite or a correlation of another size.
 * @method HYBRID-12 HYBRID-13 HYBRID-14 HYBRID-15 HYBRID-17 HYBRID-18 HYBRID-25
 */
export function bookViews(
  legs: readonly BookLeg[],
  correlation: SquareMatrix | undefined,
  joint: JointShortfall | undefined,
  recipe: BookRecipe,
): BookMargin {
  const split = legs.map(splitLeg);
  const margins = split.map(({ margin }) => margin);
  const noOffset = sumOf(margins);
  const withoutCredit: Demand = { amount: noOffset, parts: margins };
  const single = legs.length <= 1;
  const demands: Record<BookView, Demand> = {
    CALM: correlation === undefined || single ? withoutCredit : calm(split, correlation),
    ALL_TOGETHER: allTogether(split),
    LARGEST_LEG: largestLeg(margins),
    CREDIT_CAP: cappedCredit(split, recipe.creditCap),
    JOINT_HISTORY: joint === undefined ? withoutCredit : { amount: joint.shortfall, parts: joint.contributions },
  };
  const binding = mostDemanding(demands, BOOK_VIEWS);
  const { parts: contributions } = demands[binding];
  // The largest number, not that of the view named: on a tie the first is named, and it may be a last digit short.
  const requirement = largestOf(demands, BOOK_VIEWS);
  return {
    views: {
      CALM: demands.CALM.amount,
      ALL_TOGETHER: demands.ALL_TOGETHER.amount,
      LARGEST_LEG: demands.LARGEST_LEG.amount,
      CREDIT_CAP: demands.CREDIT_CAP.amount,
      JOINT_HISTORY: demands.JOINT_HISTORY.amount,
    },
    withoutHistory: [
      ...(correlation === undefined ? (["CALM"] as const) : []),
      ...(joint === undefined ? (["JOINT_HISTORY"] as const) : []),
    ],
    requirement,
    binding,
    runnerUp: mostDemanding(
      demands,
      BOOK_VIEWS.filter((view) => view !== binding),
    ),
    legMargins: margins,
    noOffset,
    credit: noOffset - requirement,
    contributions,
  };
}

/** The first view that demands as much as any, up to rounding: in a one-way book two views are one number. */
function mostDemanding(demands: Readonly<Record<BookView, Demand>>, views: readonly BookView[]): BookView {
  const most = largestOf(demands, views);
  return views.find((view) => demands[view].amount >= most - TIE * Math.abs(most)) as BookView;
}

function largestOf(demands: Readonly<Record<BookView, Demand>>, views: readonly BookView[]): number {
  return Math.max(...views.map((view) => demands[view].amount));
}

/** Splits a leg into the part that turns with the direction of its underlying and the part that does not. */
function splitLeg({ underlying, lossOnFall, lossOnRise, logRate }: BookLeg): SplitLeg {
  checkSeries([lossOnFall, lossOnRise], 2, underlying);
  checkParameter("logRate", logRate, 0, LOG_RATE_MAX);
  const margin = Math.max(0, lossOnFall, lossOnRise);
  const losesOnFall = lossOnFall >= lossOnRise;
  const otherWay = losesOnFall ? lossOnRise : lossOnFall;
  const gainScale = Math.exp(losesOnFall ? -logRate : logRate);
  const counted = otherWay > 0 ? otherWay : Math.max(-margin, otherWay * gainScale);
  const eitherWay = (margin + counted) / 2;
  return { margin, eitherWay, turning: (losesOnFall ? 1 : -1) * (margin - eitherWay) };
}

/** √(d' C d) + √(e' |C| e): what turns may offset by correlation, what does not may only be diversified by it. */
function calm(legs: readonly SplitLeg[], correlation: SquareMatrix): Demand {
  if (correlation.size !== legs.length) {
    throw new NoEstimate("SERIES_UNEQUAL", { expected: legs.length, found: correlation.size });
  }
  const turning = rootOfForm(
    legs.map((leg) => leg.turning),
    (row, column) => entry(correlation, row, column),
  );
  const eitherWay = rootOfForm(
    legs.map((leg) => leg.eitherWay),
    (row, column) => Math.abs(entry(correlation, row, column)),
  );
  return {
    amount: turning.amount + eitherWay.amount,
    parts: turning.parts.map((part, leg) => part + (eitherWay.parts[leg] as number)),
  };
}

/** √(x' C x), and each element's Euler part x_i·(C x)_i ÷ √(x' C x). */
function rootOfForm(x: readonly number[], correlation: (row: number, column: number) => number): Demand {
  const inner = x.map((_, row) => sumOf(x.map((value, column) => correlation(row, column) * value)));
  // A correlation that is possible only up to rounding may answer a perfect hedge with −1e-20.
  const amount = Math.sqrt(Math.max(0, sumOf(x.map((value, row) => value * (inner[row] as number)))));
  return { amount, parts: x.map((value, row) => (amount === 0 ? 0 : (value * (inner[row] as number)) / amount)) };
}

/** Every underlying moves by its own rate, all in one direction: the worse of the two. */
function allTogether(legs: readonly SplitLeg[]): Demand {
  const turning = sumOf(legs.map((leg) => leg.turning));
  const direction = turning < 0 ? -1 : 1;
  const parts = legs.map((leg) => leg.eitherWay + direction * leg.turning);
  return { amount: Math.abs(turning) + sumOf(legs.map((leg) => leg.eitherWay)), parts };
}

/** One underlying jumps by its rate, and nothing else moves. */
function largestLeg(margins: readonly number[]): Demand {
  const amount = Math.max(0, ...margins);
  const jumping = margins.indexOf(amount);
  return { amount, parts: margins.map((_, leg) => (leg === jumping ? amount : 0)) };
}

/** At most `share` of the amount that legs in opposite directions match is forgiven, on both sides. */
function cappedCredit(legs: readonly SplitLeg[], share: number): Demand {
  const onFall = sumOf(legs.map(({ turning }) => Math.max(0, turning)));
  const onRise = sumOf(legs.map(({ turning }) => Math.max(0, -turning)));
  const smaller = onFall < onRise ? 1 : -1;
  const parts = legs.map(({ margin, turning }) => margin - share * 2 * Math.max(0, smaller * turning));
  return { amount: sumOf(legs.map(({ margin }) => margin)) - share * 2 * Math.min(onFall, onRise), parts };
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
