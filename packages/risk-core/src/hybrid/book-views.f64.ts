import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";
import type { JointShortfall } from "./joint-history.f64.js";
import {
  type BookLeg,
  eitherWayLoss,
  type LegProfile,
  legProfile,
  turnedLossAt,
  worstLossBetween,
} from "./leg-profile.f64.js";
import type { BookRecipe } from "./recipe.js";
import { smallestForm } from "./smallest-form.f64.js";

/*
 * How much one book must bring for several underlyings: the largest of five views of how they could move together.
 *
 * No single rule holds. Calm correlation loses its baskets when everything falls; "all move together" gives hedges away
 * for nothing and breaks one day in ten; each venue's favourite rule is somebody's worst day. So the book is looked at
 * five ways, each of which is right in a different storm, and the most demanding view counts. It is reported by name,
 * with the runner-up: what a trader has to change is written in that name.
 *
 * A leg is everything that the account holds on one underlying, scanned. Its profile says what it loses when the
 * underlying has gone a share of its rate (leg-profile.f64.ts), and each view is the worst sum of profiles over a set of
 * joint moves:
 *
 *   all together   the same share for all, gains turned to the rate of the other direction
 *   largest leg    one leg anywhere, all others nowhere
 *   capped credit  all the same way, each between the same share and three fifths of it
 *   calm           the shares of the correlation's ellipsoid, u' C⁻¹ u ≤ 1, and of smaller ones, gains turned
 *
 * Linear legs have straight profiles, and then these are |L − H|, the largest margin, L + H − 1.6·min(L, H) and
 * √(d' C d): the method as published. Because each is a worst case over moves that no leg chooses, a book that loses
 * more somewhere and less nowhere never needs less; and two books in one need no more than apart where their profiles
 * add up (HYBRID-25).
 */

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
 * An empty book demands zero. Cost: some hundred times legs² multiply-adds, most of them for the cap.
 *
 * @throws NoEstimate for losses that are not finite or a correlation of another size.
 * @method HYBRID-12 HYBRID-13 HYBRID-14 HYBRID-15 HYBRID-17 HYBRID-27 HYBRID-25
 */
export function bookViews(
  legs: readonly BookLeg[],
  correlation: SquareMatrix | undefined,
  joint: JointShortfall | undefined,
  recipe: BookRecipe,
): BookMargin {
  const profiles = legs.map(legProfile);
  const margins = profiles.map(({ margin }) => margin);
  const noOffset = sumOf(margins);
  const withoutCredit: Demand = { amount: noOffset, parts: margins };
  const single = legs.length <= 1;
  const demands: Record<BookView, Demand> = {
    CALM: correlation === undefined || single ? withoutCredit : calm(profiles, correlation),
    ALL_TOGETHER: allTogether(profiles),
    LARGEST_LEG: largestLeg(margins),
    CREDIT_CAP: cappedCredit(profiles, recipe.creditCap),
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

/** How far out the calm view looks, in shares of the rates. Linear legs ask for most at the whole. */
const CALM_RADII = [1, 0.75, 0.5, 0.25] as const;

/** The worst of calm moves of every size. */
function calm(legs: readonly LegProfile[], correlation: SquareMatrix): Demand {
  if (correlation.size !== legs.length) {
    throw new NoEstimate("SERIES_UNEQUAL", { expected: legs.length, found: correlation.size });
  }
  const eitherWay = legs.map(eitherWayLoss);
  return CALM_RADII.map((radius) => calmAt(radius, legs, eitherWay, correlation)).reduce((worst, demand) =>
    demand.amount > worst.amount ? demand : worst,
  );
}

/**
 * The worst over the ellipsoid u' C⁻¹ u ≤ radius², of profiles made of two straight pieces that meet at 0. A leg then has a
 * part e that it loses either way, and a part d that turns with the direction and may stand anywhere between the rises of
 * its pieces, which differ where it gains more than it loses. The worst over the ellipsoid is the least of √(d' C d) over
 * those d, and every e in full.
 */
function calmAt(
  radius: number,
  legs: readonly LegProfile[],
  eitherWay: readonly number[],
  correlation: SquareMatrix,
): Demand {
  const low = legs.map((leg, at) => turnedLossAt(leg, radius) - (eitherWay[at] as number));
  const high = legs.map((leg, at) => (eitherWay[at] as number) - turnedLossAt(leg, -radius));
  const turning = rootOfForm(smallestForm(low, high, correlation), correlation);
  return {
    amount: turning.amount + sumOf(eitherWay),
    parts: turning.parts.map((part, leg) => part + (eitherWay[leg] as number)),
  };
}

/** √(x' C x), and each element's Euler part x_i·(C x)_i ÷ √(x' C x). */
function rootOfForm(x: readonly number[], correlation: SquareMatrix): Demand {
  const inner = x.map((_, row) => sumOf(x.map((value, column) => entry(correlation, row, column) * value)));
  // A correlation that is possible only up to rounding may answer a perfect hedge with −1e-20.
  const amount = Math.sqrt(Math.max(0, sumOf(x.map((value, row) => value * (inner[row] as number)))));
  return { amount, parts: x.map((value, row) => (amount === 0 ? 0 : (value * (inner[row] as number)) / amount)) };
}

/** Every underlying moves by the same share of its own rate, all in one direction. */
function allTogether(legs: readonly LegProfile[]): Demand {
  return worstOf([1, -1, ...legs.flatMap(({ shares }) => shares.slice(1, -1))], legs, turnedLossAt);
}

/** One underlying jumps by its rate, and nothing else moves. */
function largestLeg(margins: readonly number[]): Demand {
  const amount = Math.max(0, ...margins);
  const jumping = margins.indexOf(amount);
  return { amount, parts: margins.map((_, leg) => (leg === jumping ? amount : 0)) };
}

/**
 * All underlyings move the same way, each by a share that may fall short of the others': whichever from the common share
 * down to a part of it, 2·cap − 1, its leg loses most at. Of linear legs one side then loses in full and the other gains
 * that part of its margin: at most `cap` of the amount that they match is forgiven, on both sides. To make it part of the
 * margin, the part is taken to the rate of the other direction, × e^(±R).
 */
function cappedCredit(legs: readonly LegProfile[], cap: number): Demand {
  const part = 2 * cap - 1;
  const partOf = ({ turnOnFall, turnOnRise }: LegProfile, share: number) =>
    part > 0 ? part * (share > 0 ? turnOnFall : turnOnRise) : part;
  const shares = legs.flatMap((leg) => leg.shares.slice(1, -1).flatMap((share) => [share, share / partOf(leg, share)]));
  return worstOf([1, -1, ...shares.filter((share) => Math.abs(share) < 1)], legs, (leg, share) => {
    const short = partOf(leg, share);
    if (short <= 1) return worstLossBetween(leg, share, share * short);
    // Beyond a log rate of −ln(2·cap − 1) the published gain is more than the whole.
    const loss = worstLossBetween(leg, share, share);
    return loss < 0 ? loss * short : loss;
  });
}

/** The worst of some common shares, the first of several; zero where none loses. A sum of straight pieces is largest where one of them ends. */
function worstOf(
  shares: readonly number[],
  legs: readonly LegProfile[],
  lossAt: (leg: LegProfile, share: number) => number,
): Demand {
  let worst = 0;
  let worstShare: number | undefined;
  for (const share of shares) {
    let amount = 0;
    for (const leg of legs) amount += lossAt(leg, share);
    if (amount > worst) [worst, worstShare] = [amount, share];
  }
  return { amount: worst, parts: legs.map((leg) => (worstShare === undefined ? 0 : lossAt(leg, worstShare))) };
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
