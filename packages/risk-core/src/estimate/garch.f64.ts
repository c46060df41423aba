import { checkParameter, checkSeries, checkWhole } from "./checked-series.f64.js";
import { type Minimum, nelderMead } from "./nelder-mead.f64.js";
import { NoEstimate } from "./no-estimate.js";

/*
 * GARCH(1,1), Bollerslev (1986): h ← omega + alpha·r² + beta·h, fitted by maximum likelihood of the normal density with
 * mean zero, h of the first day being the mean square of the sample.
 *
 * The likelihood is flat along a valley where alpha + beta is near one, and the data of a young market happily crosses
 * one (a free fit of XRP to 2023-06 ends at 1.10): such a variance has no long-run level, and its forecast grows
 * without bound. So the fit is bounded, persistence = alpha + beta ≤ `persistenceMax`, and says when the bound holds
 * it. Searching runs in coordinates without walls (log of omega, logits of persistence and of alpha's share in it), on
 * moves scaled to mean square one, from several starts: quick and slow memory, nervous and calm. The best is polished
 * by a second search from where the first ended.
 */

/** Parameters of the recursion; omega in the units of the moves squared. */
export interface GarchParameters {
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
}

/** A fit, and what is needed to judge it. */
export interface GarchFit extends GarchParameters {
  readonly logLikelihood: number;
  /** alpha + beta; below one the variance has a long-run level. */
  readonly persistence: number;
  /** The fit would go beyond `persistenceMax` if it could. */
  readonly isHeldByBound: boolean;
  /** omega ÷ (1 − persistence); undefined when persistence is one or more. */
  readonly longRunVariance: number | undefined;
  /** Variance forecast for the interval after the last move. */
  readonly nextVariance: number;
  /** How many of the starts ended within 0.01 of the best likelihood: one alone is a reason to look twice. */
  readonly startsAgreeing: number;
  readonly evaluations: number;
  /** False: the best search ran out of evaluations; the figures are the best seen, not a minimum. */
  readonly settled: boolean;
}

/** The default bound keeps the half-life of a shock under about four years of days. */
export const PERSISTENCE_MAX = 0.9995;

/** Persistence, and alpha's share in it, of each start. */
const STARTS: readonly (readonly [number, number])[] = [
  [0.95, 0.08],
  [0.98, 0.05],
  [0.9, 0.2],
  [0.7, 0.3],
  [0.99, 0.15],
];
const OBSERVATIONS_MIN = 50;
const LIMITS = { valueSpread: 1e-9, cornerSpread: 1e-5, evaluationsMax: 600 };
const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * The variance of every interval and of the next one, shape [moves + 1]: element t is known before move t.
 *
 * @param firstVariance  variance of the first interval; left out, it is the mean square of the moves, which looks
 *   ahead within the sample, as every in-sample fit does
 *
 * @throws NoEstimate for no moves, values that are not finite, negative parameters, no variance at the start.
 * @method ESTIMATE-11
 */
export function garchVariances(
  moves: ArrayLike<number>,
  parameters: GarchParameters,
  firstVariance?: number,
): Float64Array {
  checkSeries(moves, 1, "moves");
  checkParameters(parameters);
  const variances = new Float64Array(moves.length + 1);
  variances[0] = firstVariance ?? meanSquare(moves);
  if (!(variances[0] > 0)) throw new NoEstimate("SERIES_WITHOUT_VARIANCE", { column: 0 });
  for (let at = 0; at < moves.length; at += 1) {
    variances[at + 1] = nextGarch(variances[at] as number, moves[at] as number, parameters);
  }
  return variances;
}

/**
 * One step of the recursion, for streaming.
 *
 * @method ESTIMATE-11
 */
export function nextGarch(variance: number, move: number, { omega, alpha, beta }: GarchParameters): number {
  return omega + alpha * move * move + beta * variance;
}

/**
 * Variance forecast `steps` intervals ahead of the last one, each of the steps: shape [steps], the first is the next
 * interval's.
 *
 * @throws NoEstimate for steps below one.
 * @method ESTIMATE-11
 */
export function garchForecast(
  nextVariance: number,
  { omega, alpha, beta }: GarchParameters,
  steps: number,
): Float64Array {
  checkWhole("steps", steps, 1, 100_000);
  const forecast = new Float64Array(steps);
  let variance = nextVariance;
  for (let at = 0; at < steps; at += 1) {
    forecast[at] = variance;
    variance = omega + (alpha + beta) * variance;
  }
  return forecast;
}

/**
 * Log-likelihood of the moves under a normal density with mean zero; −Infinity where a variance is not above zero.
 *
 * @throws NoEstimate as `garchVariances`.
 * @method ESTIMATE-11
 */
export function garchLogLikelihood(moves: ArrayLike<number>, parameters: GarchParameters): number {
  checkSeries(moves, 1, "moves");
  checkParameters(parameters);
  return logLikelihood(moves, meanSquare(moves), parameters);
}

/**
 * The parameters of greatest likelihood with alpha + beta ≤ `persistenceMax`. Deterministic.
 *
 * @param persistenceMax  at most 2; one or more lets the variance be explosive, for comparison with free fits only
 *
 * Cost: about two thousand passes over the moves, 60 ms for a thousand of them.
 *
 * @throws NoEstimate for fewer than 50 moves, values that are not finite, no variance, a bound outside (0, 2].
 * @method ESTIMATE-11
 */
export function fitGarch(moves: ArrayLike<number>, persistenceMax: number = PERSISTENCE_MAX): GarchFit {
  checkSeries(moves, OBSERVATIONS_MIN, "moves");
  checkParameter("persistenceMax", persistenceMax, Number.MIN_VALUE, 2);
  const square = meanSquare(moves);
  if (!(square > 0)) throw new NoEstimate("SERIES_WITHOUT_VARIANCE", { column: 0 });
  const scale = Math.sqrt(square);
  const scaled = Float64Array.from(moves, (move) => move / scale);

  const objective = (at: readonly number[]): number => -logLikelihood(scaled, 1, parametersAt(at, persistenceMax));
  const searches = STARTS.filter(([persistence]) => persistence < persistenceMax).map(([persistence, share]) =>
    nelderMead(objective, [Math.log(1 - persistence), logit(persistence / persistenceMax), logit(share)], 0.5, LIMITS),
  );
  if (searches.length === 0) searches.push(nelderMead(objective, [Math.log(0.5), 0, -2], 0.5, LIMITS));
  const first = searches.reduce((best, search) => (search.value < best.value ? search : best));
  const polished = nelderMead(objective, first.at, 0.1, LIMITS);
  const best: Minimum = polished.value <= first.value ? polished : first;

  const inScaled = parametersAt(best.at, persistenceMax);
  const parameters = { omega: inScaled.omega * square, alpha: inScaled.alpha, beta: inScaled.beta };
  const persistence = parameters.alpha + parameters.beta;
  return {
    ...parameters,
    logLikelihood: logLikelihood(moves, square, parameters),
    persistence,
    isHeldByBound: persistence > persistenceMax * (1 - 1e-4),
    longRunVariance: persistence < 1 ? parameters.omega / (1 - persistence) : undefined,
    nextVariance: garchVariances(moves, parameters, square)[moves.length] as number,
    startsAgreeing: searches.filter(({ value }) => value <= best.value + 0.01).length,
    evaluations: searches.reduce((sum, { evaluations }) => sum + evaluations, polished.evaluations),
    settled: best.settled,
  };
}

function checkParameters({ omega, alpha, beta }: GarchParameters): void {
  for (const [name, value] of Object.entries({ omega, alpha, beta })) checkParameter(name, value, 0, Number.MAX_VALUE);
}

function parametersAt([level, persistence, share]: readonly number[], persistenceMax: number): GarchParameters {
  const total = persistenceMax * logistic(persistence as number);
  const alpha = total * logistic(share as number);
  return { omega: Math.exp(level as number), alpha, beta: total - alpha };
}

function logLikelihood(
  moves: ArrayLike<number>,
  firstVariance: number,
  { omega, alpha, beta }: GarchParameters,
): number {
  let variance = firstVariance;
  let sum = 0;
  for (let at = 0; at < moves.length; at += 1) {
    const square = (moves[at] as number) ** 2;
    if (!(variance > 0)) return Number.NEGATIVE_INFINITY;
    sum += Math.log(variance) + square / variance;
    variance = omega + alpha * square + beta * variance;
  }
  return -0.5 * (sum + moves.length * LOG_TWO_PI);
}

function meanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += (values[at] as number) ** 2;
  return sum / values.length;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (share: number): number => Math.log(share / (1 - share));
