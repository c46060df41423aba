import { checkParameter, checkWhole } from "../estimate/checked-series.f64.js";
import { sortedQuantile } from "../estimate/quantile.f64.js";
import { type FactorModel, pathMaker } from "./factor-model.f64.js";
import { lossOnPath, type SimulatedPosition, type VolatilityResponse } from "./revaluation.f64.js";
import { pseudoRandom, sobol } from "./uniform-draws.f64.js";

/*
 * Value at risk and expected shortfall by simulation. Blocks of paths are functions of (seed, block), so that workers may
 * take blocks in any order and the answer is the same; within a block points are pseudo-random or quasi-random.
 */

export interface Simulation {
  readonly model: FactorModel;
  readonly volatilityResponse: VolatilityResponse;
  readonly elapsedYears: number;
  /** Books simulated on the same paths; one for a pool, all of them for an exchange. */
  readonly books: readonly (readonly SimulatedPosition[])[];
  readonly seed: number;
  readonly draws: "pseudo-random" | "quasi-random";
}

/**
 * Losses of every book on the paths of one block, shape [books][paths]; positive is a loss.
 *
 * Cost: paths × (factors² ÷ 2 + positions); options dominate.
 *
 * @throws NoEstimate as `pathMaker`; DimensionTooLarge for quasi-random draws of too many factors.
 * @method SCORE-3
 */
export function simulateBlock(simulation: Simulation, block: number, paths: number): readonly Float64Array[] {
  checkWhole("paths", paths, 1);
  checkWhole("block", block, 0);
  const { model, books, draws, elapsedYears, seed, volatilityResponse } = simulation;
  const maker = pathMaker(model);
  const source = (draws === "quasi-random" ? sobol : pseudoRandom)(maker.dimension, seedOfBlock(seed, block));
  const losses = books.map(() => new Float64Array(paths));
  const lossOf = books.map((positions) => lossOnPath(positions, volatilityResponse, elapsedYears));
  const moves = new Float64Array(model.volatilities.length);
  for (let path = 0; path < paths; path += 1) {
    const normal = maker.next(source, moves);
    for (let book = 0; book < lossOf.length; book += 1) {
      (losses[book] as Float64Array)[path] = (lossOf[book] as (typeof lossOf)[number])(moves, normal);
    }
  }
  return losses;
}

/** A tail figure and how far chance may have moved it: one standard error. */
export interface SimulatedTail {
  readonly level: number;
  readonly valueAtRisk: number;
  readonly valueAtRiskError: number;
  readonly expectedShortfall: number;
  readonly expectedShortfallError: number;
}

/**
 * Tail figures of simulated losses, with standard errors.
 *
 * The error of a quantile is √(p(1 − p)/n) over the density there, the density read from the losses half a per cent of
 * probability (or √n of them) to either side; that of the shortfall is the spread of max(loss − VaR, 0) over the tail
 * probability and √n.
 *
 * @param losses at least a thousand, in any order
 * @throws NoEstimate for too few losses or a level outside (0, 1).
 * @method SCORE-4
 */
export function simulatedTail(losses: ArrayLike<number>, level: number): SimulatedTail {
  checkWhole("losses", losses.length, 1000);
  checkParameter("level", level, Number.EPSILON, 1 - Number.EPSILON);
  const sorted = Float64Array.from(losses).sort();
  const count = sorted.length;
  const valueAtRisk = sortedQuantile(sorted, level);
  const reach = Math.min(Math.max(1 / Math.sqrt(count), 0.1 * (1 - level)), (1 - level) / 2);
  const spread = sortedQuantile(sorted, level + reach) - sortedQuantile(sorted, level - reach);
  const density = (2 * reach) / Math.max(spread, Number.MIN_VALUE);

  let excess = 0;
  let square = 0;
  let beyond = 0;
  let sum = 0;
  for (let at = count - 1; at >= 0 && (sorted[at] as number) >= valueAtRisk; at -= 1) {
    const over = (sorted[at] as number) - valueAtRisk;
    excess += over;
    square += over * over;
    sum += sorted[at] as number;
    beyond += 1;
  }
  const mean = excess / count;
  const variance = square / count - mean * mean;
  return {
    level,
    valueAtRisk,
    valueAtRiskError: Math.sqrt((level * (1 - level)) / count) / density,
    expectedShortfall: sum / beyond,
    expectedShortfallError: Math.sqrt(variance / count) / (1 - level),
  };
}

/** Losses of several books on the same paths, added: what an exchange, or a group of accounts, loses together. */
export function lossesTogether(losses: readonly Float64Array[]): Float64Array {
  const together = new Float64Array(losses[0]?.length ?? 0);
  for (const book of losses) {
    for (let path = 0; path < together.length; path += 1) {
      together[path] = (together[path] as number) + (book[path] as number);
    }
  }
  return together;
}

function seedOfBlock(seed: number, block: number): number {
  return (Math.imul(seed, 0x9e3779b1) + Math.imul(block + 1, 0x85ebca77)) >>> 0;
}
