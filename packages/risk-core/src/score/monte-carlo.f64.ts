import { checkColumns, checkSeries, checkWhole } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { type FactorModel, pathMaker } from "./factor-model.f64.js";
import { type RevaluedBooks, revaluation } from "./revaluation.f64.js";
import { pseudoRandom, SEED_MAX, sobol } from "./uniform-draws.f64.js";
import { BATCH } from "./weighted-columns.f64.js";

/*
 * What pools may lose, path by path. A block of paths is a function of (seed, block) alone, so that workers may take blocks
 * in any order and the answer is the same; within a block points are pseudo-random or quasi-random. Paths are made in
 * batches of one size, columns of a batch after another, and nothing is allocated between the first batch and the last.
 */

export interface Simulation extends RevaluedBooks {
  readonly model: FactorModel;
  /** Whole, 0 … 2³² − 1. */
  readonly seed: number;
  readonly draws: "pseudo-random" | "quasi-random";
}

/** What an exchange loses on each path of a block. */
export interface ExchangeLosses {
  /** All pools' losses added. */
  readonly losses: Float64Array;
  /** What pools lose beyond their equity, added: what a fund would have to pay. */
  readonly shortfalls: Float64Array;
}

/** A simulation that is ready to run, block by block. */
export interface PreparedSimulation {
  /** Losses of every book, shape [books][paths]; positive is a loss, in the quote. Block: whole, 0 … 2³² − 1. */
  readonly losses: (block: number, paths: number) => readonly Float64Array[];
  /**
   * The losses of all books together, without keeping each: for many pools.
   *
   * @param equities what each book can lose; below zero it is short already, and that counts
   */
  readonly exchange: (block: number, paths: number, equities: ArrayLike<number>) => ExchangeLosses;
}

/**
 * Prepares a simulation.
 *
 * Cost of a path: see `pathMaker` and `revaluation`; a path of twenty factors and forty contracts takes one to
 * two microseconds. Quasi-random blocks are best of 2^k paths.
 *
 * @throws NoEstimate as `pathMaker` and `revaluation`; DimensionTooLarge for quasi-random draws of too many factors.
 * @method SCORE-4
 */
export function prepareSimulation(simulation: Simulation): PreparedSimulation {
  const { model, books, draws, seed } = simulation;
  checkWhole("seed", seed, 0, SEED_MAX);
  const factors = model.volatilities.length;
  const maker = pathMaker(model);
  const revalued = revaluation(simulation, factors);
  const source = draws === "quasi-random" ? sobol : pseudoRandom;
  // Too many dimensions are refused now, not when the first block is asked for.
  source(maker.dimension, seed, 0);
  const moves = new Float64Array(factors * BATCH);
  const drivers = new Float64Array(BATCH);
  const ofBatch = new Float64Array(BATCH);

  const overBatches = (block: number, paths: number, each: (from: number, count: number) => void) => {
    const stream = source(maker.dimension, seed, block);
    for (let from = 0; from < paths; from += BATCH) {
      maker.fill(stream, moves, drivers);
      revalued.move(moves, drivers);
      each(from, Math.min(BATCH, paths - from));
    }
  };
  const lossesOf = (book: number, count: number): Float64Array => {
    revalued.lossesOf(book, ofBatch, 0);
    return ofBatch.subarray(0, count);
  };

  return {
    losses: (block, paths) => {
      checkWhole("paths", paths, 1);
      const losses = books.map(() => new Float64Array(paths));
      overBatches(block, paths, (from, count) => losses.forEach((each, book) => each.set(lossesOf(book, count), from)));
      return losses;
    },
    exchange: (block, paths, equities) => {
      checkWhole("paths", paths, 1);
      checkEquities(equities, books.length);
      const [losses, shortfalls] = [new Float64Array(paths), new Float64Array(paths)];
      overBatches(block, paths, (from, count) => {
        for (let book = 0; book < books.length; book += 1) {
          const equity = equities[book] as number;
          const own = lossesOf(book, count);
          for (let path = 0; path < count; path += 1) {
            const loss = own[path] as number;
            losses[from + path] = (losses[from + path] as number) + loss;
            shortfalls[from + path] = (shortfalls[from + path] as number) + (loss > equity ? loss - equity : 0);
          }
        }
      });
      return { losses, shortfalls };
    },
  };
}

/**
 * Losses of every book on given moves, as history had them; shape [books][scenarios]. Implied volatility follows the move
 * alone.
 *
 * @param moves log moves, one column a factor
 * @throws NoEstimate as `revaluation`, and for columns that are empty, unequal or not finite.
 * @method SCORE-3 SCORE-6
 */
export function lossesOnMoves(world: RevaluedBooks, moves: readonly Float64Array[]): readonly Float64Array[] {
  checkColumns(moves, 1);
  const scenarios = (moves[0] as Float64Array).length;
  const revalued = revaluation(world, moves.length);
  const losses = world.books.map(() => new Float64Array(scenarios));
  const batch = new Float64Array(moves.length * BATCH);
  const [still, ofBatch] = [new Float64Array(BATCH), new Float64Array(BATCH)];
  for (let from = 0; from < scenarios; from += BATCH) {
    moves.forEach((column, factor) => batch.set(column.subarray(from, from + BATCH), factor * BATCH));
    revalued.move(batch, still);
    losses.forEach((each, book) => {
      revalued.lossesOf(book, ofBatch, 0);
      each.set(ofBatch.subarray(0, Math.min(BATCH, scenarios - from)), from);
    });
  }
  return losses;
}

/**
 * Losses of several books on the same paths, added, and what they lose beyond their equities, as `exchange` of a simulation.
 *
 * @throws NoEstimate for no losses, unequal ones, or another number of equities.
 * @method SCORE-4
 */
export function lossesTogether(losses: readonly Float64Array[], equities: ArrayLike<number>): ExchangeLosses {
  checkColumns(losses, 1);
  checkEquities(equities, losses.length);
  const paths = (losses[0] as Float64Array).length;
  const together = { losses: new Float64Array(paths), shortfalls: new Float64Array(paths) };
  losses.forEach((own, book) => {
    const equity = equities[book] as number;
    own.forEach((loss, path) => {
      together.losses[path] = (together.losses[path] as number) + loss;
      together.shortfalls[path] = (together.shortfalls[path] as number) + Math.max(0, loss - equity);
    });
  });
  return together;
}

function checkEquities(equities: ArrayLike<number>, books: number): void {
  checkSeries(equities, 0, "equities");
  if (equities.length === books) return;
  throw new NoEstimate("SERIES_UNEQUAL", { series: "equities", expected: books, found: equities.length });
}
