import { checkParameter, checkSeries, checkWhole } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import type { OptionColumns } from "../kernel/engine.js";
import { kernelEngine } from "../kernel/fastest-engine.js";
import { exponential } from "../pricing/elementary.f64.js";
import { BATCH, type Weights, weightedSum } from "./weighted-columns.f64.js";

/*
 * Books on many paths: full revaluation, since a short gamma is not seen by its delta.
 *
 * What happens on a path happens to contracts, not to books. So the contracts become columns first, one value a path, and a
 * book is then a weighted sum of columns, as in the scan: a hundred pools that hold the same option price it once. The
 * columns of delta-one contracts are the simple returns of the factors, e^m − 1: a linear position has quantity × price of
 * one; an inverse position of D dollars pays D·(1/P − 1/P′) coins worth P′ each, which is D·(e^m − 1) dollars, the same
 * column.
 */

/** A position against factor `factor`; profit in the quote. */
export type SimulatedPosition =
  | { readonly kind: "linear"; readonly factor: number; readonly price: number; readonly quantity: number }
  /** `dollars` signed; paid in coin, turned into the quote at the coin's price on the path. */
  | { readonly kind: "inverse"; readonly factor: number; readonly price: number; readonly dollars: number }
  | SimulatedOption;

/** A European option. `fixed` is the part of its forward that a settlement average has fixed and no move reaches. */
export interface SimulatedOption {
  readonly kind: "option";
  readonly factor: number;
  readonly right: 1 | -1;
  readonly price: number;
  readonly fixed?: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly volatility: number;
  readonly quantity: number;
}

/** How implied volatility follows: σ·exp(beta × log move + spread × a standard normal), at least the floor. */
export interface VolatilityResponse {
  readonly beta: number;
  readonly spread: number;
  readonly floor: number;
}

/**
 * The response of 30-day volatility of bitcoin options to a day: regression of 879 overlapping days from December 2025 to
 * August 2026, −1.02 and 0.037 (ether: −0.38 and 0.031; 7-day options of either move about half as much again, and twice as
 * wide). No more than a default.
 */
export const STANDARD_VOLATILITY_RESPONSE: VolatilityResponse = { beta: -1, spread: 0.04, floor: 0.01 };

/** What a revaluation is prepared from. */
export interface RevaluedBooks {
  readonly books: readonly (readonly SimulatedPosition[])[];
  readonly volatilityResponse: VolatilityResponse;
  /** Time that passes on a path. */
  readonly elapsedYears: number;
}

/** Books ready to be revalued, batch after batch. */
export interface Revaluation {
  /** Prices the contracts on a batch of paths; moves and drivers as `PathMaker` writes them. */
  readonly move: (moves: Float64Array, drivers: Float64Array) => void;
  /** Writes a book's loss on the paths of the last `move`, from `from` on; positive is a loss, in the quote. */
  readonly lossesOf: (book: number, out: Float64Array, from: number) => void;
}

/**
 * Prepares the books: a contract held by several, or twice by one, becomes one column.
 *
 * Cost of a path: an exponential for each factor held and another for each that has options, about 20 ns for each option,
 * a multiply-add for each column of each book; no allocation.
 *
 * @param factors how many there are
 * @throws NoEstimate for a position that is not finite, an option outside the domain of Black's formula, or a factor that
 *   does not exist; from `move`, when a path leads an option out of that domain.
 * @method SCORE-3
 */
export function revaluation(world: RevaluedBooks, factors: number): Revaluation {
  checkWorld(world, factors);
  const held = world.books.flat();
  const factorsHeld = [...new Set(held.map(({ factor }) => factor))].sort((left, right) => left - right);
  const { options, books } = columnsOf(world.books, factors);
  const columns = new Float64Array((factors + options.length) * BATCH);
  const returns = columns.subarray(0, factors * BATCH);
  const gain = optionGains(options, world);
  return {
    move: (moves, drivers) => {
      for (const factor of factorsHeld) {
        for (let at = factor * BATCH; at < (factor + 1) * BATCH; at += 1) {
          returns[at] = exponential(moves[at] as number) - 1;
        }
      }
      gain(moves, drivers, returns, columns.subarray(factors * BATCH));
    },
    // A book gains the weighted sum; its weights are negative, so that the sum is the loss.
    lossesOf: (book, out, from) => weightedSum(books[book] as Weights, columns, out, from),
  };
}

/** Every distinct option, in the order of factors, and each book as weights of columns: minus what a unit gains. */
function columnsOf(books: RevaluedBooks["books"], factors: number) {
  const places = new Map<string, number>();
  const options: SimulatedOption[] = [];
  for (const position of books.flat().toSorted((left, right) => left.factor - right.factor)) {
    if (position.kind !== "option" || places.has(contractOf(position))) continue;
    places.set(contractOf(position), factors + options.length);
    options.push(position);
  }
  return {
    options,
    books: books.map((positions): Weights => {
      const amounts = new Map<number, number>();
      for (const position of positions) {
        const column = position.kind === "option" ? (places.get(contractOf(position)) as number) : position.factor;
        amounts.set(column, (amounts.get(column) ?? 0) - sizeOf(position));
      }
      const sorted = [...amounts].sort(([left], [right]) => left - right);
      return {
        columns: Uint32Array.from(sorted, ([column]) => column),
        weights: Float64Array.from(sorted, ([, weight]) => weight),
      };
    }),
  };
}

/** What a position gains while its column gains one. */
function sizeOf(position: SimulatedPosition): number {
  if (position.kind === "inverse") return position.dollars;
  return position.kind === "linear" ? position.quantity * position.price : position.quantity;
}

function contractOf(option: SimulatedOption): string {
  const { factor, right, price, fixed = 0, strike, yearsToExpiry, volatility } = option;
  return [factor, right, price, fixed, strike, yearsToExpiry, volatility].join(" ");
}

/** Writes what a unit of each option gains, column after column. */
type OptionGains = (moves: Float64Array, drivers: Float64Array, returns: Float64Array, gains: Float64Array) => void;

function optionGains(
  options: readonly SimulatedOption[],
  { volatilityResponse: { beta, floor, spread }, elapsedYears }: RevaluedBooks,
): OptionGains {
  const perOption = (of: (option: SimulatedOption) => number): Float64Array => Float64Array.from(options, of);
  const perPath = (of: (option: SimulatedOption) => number): Float64Array => {
    const column = new Float64Array(options.length * BATCH);
    options.forEach((option, at) => column.fill(of(option), at * BATCH, (at + 1) * BATCH));
    return column;
  };
  const [strikes, sides] = [({ strike }: SimulatedOption) => strike, ({ right }: SimulatedOption) => right];
  const valuesNow = new Float64Array(options.length);
  priceOptions(
    {
      forwards: perOption(({ price, fixed = 0 }) => price + fixed),
      strikes: perOption(strikes),
      deviations: perOption(({ volatility, yearsToExpiry }) => volatility * Math.sqrt(yearsToExpiry)),
      sides: perOption(sides),
    },
    valuesNow,
  );
  const roots = perOption(({ yearsToExpiry }) => Math.sqrt(Math.max(0, yearsToExpiry - elapsedYears)));
  const columns = {
    forwards: new Float64Array(options.length * BATCH),
    strikes: perPath(strikes),
    deviations: new Float64Array(options.length * BATCH),
    sides: perPath(sides),
  };
  const growths = new Float64Array(BATCH);
  return (moves, drivers, returns, gains) => {
    let grown = -1;
    options.forEach(({ factor, fixed = 0, price, volatility }, option) => {
      const [own, column] = [factor * BATCH, option * BATCH];
      // Options stand in the order of their factors, and volatilities of one factor grow alike.
      if (factor !== grown) {
        for (let path = 0; path < BATCH; path += 1) {
          growths[path] = exponential(beta * (moves[own + path] as number) + spread * (drivers[path] as number));
        }
        grown = factor;
      }
      const root = roots[option] as number;
      for (let path = 0; path < BATCH; path += 1) {
        columns.forwards[column + path] = price * (1 + (returns[own + path] as number)) + fixed;
        columns.deviations[column + path] = Math.max(floor, volatility * (growths[path] as number)) * root;
      }
    });
    priceOptions(columns, gains);
    for (let option = 0; option < options.length; option += 1) {
      const now = valuesNow[option] as number;
      for (let at = option * BATCH; at < (option + 1) * BATCH; at += 1) gains[at] = (gains[at] as number) - now;
    }
  };
}

/** @throws NoEstimate when a number is outside the domain of the formula. */
function priceOptions(columns: OptionColumns, values: Float64Array): void {
  if (kernelEngine().priceOptions(columns, values)) return;
  throw new NoEstimate("PARAMETER_OUT_OF_RANGE", {
    parameter: "option",
    expected: "forward, strike and deviation inside the domain of Black's formula, now and on every path",
  });
}

function checkWorld({ books, volatilityResponse, elapsedYears }: RevaluedBooks, factors: number): void {
  const { beta, floor, spread } = volatilityResponse;
  checkSeries([beta, floor, spread, elapsedYears], 4, "volatilityResponse, elapsedYears");
  checkParameter("elapsedYears", elapsedYears, 0, Number.MAX_VALUE);
  books.forEach((positions, book) => {
    for (const position of positions) {
      checkWhole(`factor of book ${book}`, position.factor, 0, factors - 1);
      const { price } = position;
      if (!(price > 0)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "price", book, found: price });
      checkSeries([price, sizeOf(position)], 2, `positions of book ${book}`);
      if (position.kind !== "option") continue;
      checkParameter("yearsToExpiry", position.yearsToExpiry, 0, Number.MAX_VALUE);
      checkParameter("volatility", position.volatility, 0, Number.MAX_VALUE);
    }
  });
}
