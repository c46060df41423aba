import { type SquareMatrix, squareMatrix } from "../../estimate/square-matrix.f64.js";
import {
  BALLAST_BOOKS,
  type BookLeg,
  type BookMargin,
  type BookRecipe,
  bookViews,
  type JointShortfall,
  jointShortfall,
} from "../../hybrid/index.js";
import type { Scenario } from "../../scenario/scenario.js";
import { isHeld, type ScannedBook } from "../../scenario/scanned-book.js";
import { contributionsInScenario } from "./contributions.f64.js";
import { MissingEstimate } from "./missing-estimate.js";
import type { ScannedFigure } from "./scanned-figure.js";

/**
 * The five views of a book over its units: what each unit loses when prices fall by its rate and when they rise by it,
 * how units moved together in calm times, and every joint day of history.
 */
export interface BookViewsRule {
  readonly kind: "book-views";
  /** Families in which each unit falls, and rises, by its own rate, or by a part of it; and the joint days of history. */
  readonly fall: readonly string[];
  readonly fallInside: readonly string[];
  readonly rise: readonly string[];
  readonly riseInside: readonly string[];
  readonly history: readonly string[];
  /** Log rates of the underlyings at the horizon of those families. */
  readonly logRates: Readonly<Record<string, number>>;
  /** Calm correlation; null, or a unit that is not in it, and there is no credit for correlation. */
  readonly correlation: {
    readonly underlyings: readonly string[];
    readonly rows: readonly (readonly number[])[];
  } | null;
  readonly creditCap: number;
  readonly shortfallLevel: number;
  readonly jointFrom: number;
}

/**
 * The largest of the five views, ≥ 0, with every view among the details. With open orders the book is seen twice, as it is
 * held and with every order filled where that loses, and the larger counts. What is filled where it loses is a pure loss
 * (HYBRID-26), so the second is the larger but for rounding, and not even that may let an order lower a requirement.
 *
 * A unit's part of the binding view is shared over its columns as they lose in the unit's own worst scenario.
 *
 * @method MODEL-6 ORDERS-2
 */
export function bookViewsFigure(rule: BookViewsRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const viewed = viewedBook(rule, book, units);
  const { requirement, views, noOffset, credit } = viewed.margin;
  return {
    value: requirement,
    parts: () => partsOf(viewed, rule, book),
    details: { ...views, NO_OFFSET: noOffset, CREDIT: credit },
  };
}

/** A book as the views see it, and what they say. */
export interface ViewedBook {
  /** The units held, and each unit's leg in the same order. */
  readonly units: readonly number[];
  readonly legs: readonly BookLeg[];
  /** What units did together in calm times; undefined where somebody's history is too short. */
  readonly correlation: SquareMatrix | undefined;
  readonly joint: JointShortfall | undefined;
  readonly recipe: BookRecipe;
  readonly margin: BookMargin;
  readonly cells: Float64Array;
}

/**
 * The book behind the figure: as held, or with orders filled where that loses, whichever needs more.
 *
 * @throws MissingEstimate for a unit that is held and has no rate.
 */
export function viewedBook(rule: BookViewsRule, book: ScannedBook, units: readonly number[]): ViewedBook {
  const held = viewsOf(rule, book, book.cellsHeld, units);
  if (book.cells === book.cellsHeld) return held;
  const filled = viewsOf(rule, book, book.cells, units);
  return filled.margin.requirement > held.margin.requirement ? filled : held;
}

function viewsOf(rule: BookViewsRule, book: ScannedBook, cells: Float64Array, units: readonly number[]): ViewedBook {
  const { market } = book;
  const { scenarios } = market.rule;
  const held = units.filter((unit) => isHeld(book, unit));
  const places = placesOf(rule, scenarios);
  const cell = (unit: number, s: number) => cells[unit * scenarios.length + s] as number;
  const lossIn = (unit: number, among: readonly number[]) =>
    among.reduce((most, s) => Math.max(most, -cell(unit, s)), -Infinity);

  const legs = held.map((unit): BookLeg => {
    const underlying = market.units[unit] ?? "";
    const { fall, rise, inside, logRate } = places.ofUnderlying(underlying);
    return {
      underlying,
      logRate,
      lossOnFall: lossIn(unit, fall),
      lossOnRise: lossIn(unit, rise),
      inside: inside.map(({ share, among }) => ({ share, loss: lossIn(unit, among) })),
    };
  });
  const recipe: BookRecipe = { ...BALLAST_BOOKS, ...rule };
  const joint = jointShortfall(
    held.map((unit) => lossesIn(places.history, cells, unit * scenarios.length)),
    recipe,
  );
  const correlation = correlationOf(rule, legs);
  const margin = bookViews(legs, correlation, joint, recipe);
  return { units: held, legs, correlation, joint, recipe, margin, cells };
}

/** A loop, because `Float64Array.from` with a function walks an iterator, and this is the longest walk of an assessment. */
function lossesIn(among: readonly number[], cells: Float64Array, start: number): Float64Array {
  const losses = new Float64Array(among.length);
  for (let at = 0; at < among.length; at += 1) losses[at] = -(cells[start + (among[at] as number)] as number);
  return losses;
}

/** The log rate of an underlying. @throws MissingEstimate @method MODEL-8 */
export function rateOf({ logRates }: BookViewsRule, underlying: string): number {
  const logRate = logRates[underlying];
  if (logRate === undefined) throw new MissingEstimate("rate", underlying);
  return logRate;
}

function partsOf({ units, margin, cells }: ViewedBook, rule: BookViewsRule, book: ScannedBook): Map<string, number> {
  const { scenarios } = book.market.rule;
  const { ownMoves } = placesOf(rule, scenarios);
  const cell = (unit: number, s: number) => cells[unit * scenarios.length + s] as number;
  const shared = new Map<string, number>();
  for (const [leg, unit] of units.entries()) {
    const worst = ownMoves.reduce((least, s) => (cell(unit, s) < cell(unit, least) ? s : least), ownMoves[0] ?? 0);
    const own = contributionsInScenario(book, [unit], worst);
    const sum = [...own.values()].reduce((total, part) => total + part, 0);
    for (const [key, part] of own) {
      shared.set(key, sum === 0 ? 0 : (part / sum) * (margin.contributions[leg] as number));
    }
  }
  return shared;
}

/** Where the families of a rule stand among the scenarios. */
interface Places {
  readonly ownMoves: readonly number[];
  readonly history: readonly number[];
  readonly ofUnderlying: (underlying: string) => OwnMoves;
}

/** The scenarios in which one underlying moves by its whole rate, and by shares of it. */
interface OwnMoves {
  readonly logRate: number;
  readonly fall: readonly number[];
  readonly rise: readonly number[];
  readonly inside: readonly { readonly share: number; readonly among: readonly number[] }[];
}

const PLACES = new WeakMap<BookViewsRule, { readonly scenarios: readonly Scenario[]; readonly places: Places }>();

/** Looked up once for a rule and its set. */
function placesOf(rule: BookViewsRule, scenarios: readonly Scenario[]): Places {
  const lookedUp = PLACES.get(rule);
  if (lookedUp?.scenarios === scenarios) return lookedUp.places;
  const at = (families: readonly string[]) =>
    scenarios.flatMap(({ family }, s) => (families.includes(family) ? [s] : []));
  const [fall, rise] = [at(rule.fall), at(rule.rise)];
  const inside = at([...rule.fallInside, ...rule.riseInside]);
  const known = new Map<string, OwnMoves>();
  const ofUnderlying = (underlying: string): OwnMoves => {
    const found = known.get(underlying) ?? ownMovesOf(underlying);
    known.set(underlying, found);
    return found;
  };
  const ownMovesOf = (underlying: string): OwnMoves => {
    const logRate = rateOf(rule, underlying);
    const byShare = new Map<number, number[]>();
    for (const s of inside) {
      // What is called inside and goes further than the rate counts at the rate.
      const share = Math.max(-1, Math.min(1, shareOf(scenarios[s] as Scenario, underlying, logRate)));
      const among = byShare.get(share);
      if (among === undefined) byShare.set(share, [s]);
      else among.push(s);
    }
    return {
      logRate,
      fall: [...fall, ...(byShare.get(1) ?? [])],
      rise: [...rise, ...(byShare.get(-1) ?? [])],
      inside: [...byShare].flatMap(([share, among]) => (Math.abs(share) < 1 ? [{ share, among }] : [])),
    };
  };
  const places = { ownMoves: [...fall, ...rise, ...inside], history: at(rule.history), ofUnderlying };
  PLACES.set(rule, { scenarios, places });
  return places;
}

/** How much of its rate an underlying moves in a scenario, in price; a scenario that names no factor of it moves none. */
function shareOf({ price }: Scenario, underlying: string, logRate: number): number {
  const factor = "factors" in price ? (price.factors[underlying] ?? 1) : "factor" in price ? price.factor : 1;
  return factor <= 1 ? (factor - 1) / Math.expm1(-logRate) : (1 - factor) / Math.expm1(logRate);
}

function correlationOf({ correlation }: BookViewsRule, legs: readonly BookLeg[]): SquareMatrix | undefined {
  if (correlation === null) return undefined;
  const places = legs.map(({ underlying }) => correlation.underlyings.indexOf(underlying));
  if (places.includes(-1)) return undefined;
  return squareMatrix(places.map((row) => places.map((column) => correlation.rows[row]?.[column] as number)));
}
