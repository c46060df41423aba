import { checkWhole } from "../estimate/checked-series.f64.js";

/*
 * Where chance comes from: a stream of points in the unit cube, handed in by the caller. Two kinds are made here. A pseudo-
 * random one, and a quasi-random one (Sobol, digitally shifted), which fills the cube evenly, so that a mean over it
 * settles nearly like 1/n rather than 1/√n as long as the dimension is small. The same seed and stream give the same points
 * for ever, however many are asked for at a time.
 *
 * A coordinate is one word of 32 bits and half a step, so it is never 0 or 1. The smallest is 1.2e-10, a normal of −6.3:
 * beyond what a million paths can tell of a tail.
 */

/** Points in (0, 1)^dimension, one after the other. */
export interface UniformDraws {
  readonly dimension: number;
  /** Writes the next `count` points, coordinate after coordinate: coordinate c of point p at c·count + p. */
  readonly fill: (points: Float64Array, count: number) => void;
}

const STEP = 2 ** -32;
export const SEED_MAX = 2 ** 32 - 1;

/**
 * A stream of pseudo-random points: xoshiro128** (Blackman and Vigna 2021), one word to a coordinate.
 *
 * @param seed, stream  whole, 0 … 2³² − 1; streams of one seed are independent
 * @throws NoEstimate for a seed or stream outside
 * @method SCORE-1
 */
export function pseudoRandom(dimension: number, seed: number, stream: number): UniformDraws {
  const state = Int32Array.from({ length: 4 }, (_, at) => wordOf(seed, stream, at));
  return {
    dimension,
    fill: (points, count) => {
      let [a, b, c, d] = state as unknown as [number, number, number, number];
      for (let point = 0; point < count; point += 1) {
        for (let at = point; at < dimension * count; at += count) {
          const word = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
          points[at] = (word + 0.5) * STEP;
          const shifted = b << 9;
          c ^= a;
          d ^= b;
          b ^= c;
          a ^= d;
          c ^= shifted;
          d = rotated(d, 11);
        }
      }
      state.set([a, b, c, d]);
    },
  };
}

/** The largest dimension of `sobol`. */
export const SOBOL_DIMENSION_MAX = 21;

/** A dimension beyond the table of direction numbers. */
export class DimensionTooLarge extends Error {
  override readonly name = "DimensionTooLarge";
  readonly code = "SOBOL_DIMENSION_TOO_LARGE";
  constructor(readonly dimension: number) {
    super(`expected at most ${SOBOL_DIMENSION_MAX} dimensions; found ${dimension}`);
  }
}

/**
 * A stream of Sobol points in Gray-code order, every coordinate xored with a word of its own (a digital shift), so that
 * streams give independent estimates, each without bias, and a stream stays as even as it was.
 *
 * @param seed, stream  whole, 0 … 2³² − 1
 * @throws DimensionTooLarge, NoEstimate for a seed or stream outside
 * @method SCORE-1
 */
export function sobol(dimension: number, seed: number, stream: number): UniformDraws {
  return shiftedSobol(Uint32Array.from({ length: dimension }, (_, at) => wordOf(seed, stream, at)));
}

/** The Sobol points whose coordinates are xored with these words; all zero leaves the sequence as published. */
export function shiftedSobol(shift: Uint32Array): UniformDraws {
  const dimension = shift.length;
  if (dimension > SOBOL_DIMENSION_MAX) throw new DimensionTooLarge(dimension);
  const directions = Array.from({ length: dimension }, (_, at) => directionNumbers(at));
  const current = Uint32Array.from(shift);
  let index = 0;
  return {
    dimension,
    fill: (points, count) => {
      directions.forEach((direction, at) => {
        let word = current[at] as number;
        for (let point = 0; point < count; point += 1) {
          points[at * count + point] = ((word >>> 0) + 0.5) * STEP;
          const next = index + point + 1;
          word ^= direction[31 - Math.clz32(next & -next)] as number;
        }
        current[at] = word;
      });
      index += count;
    },
  };
}

/**
 * [degree, coefficients, m…] of dimensions 2, 3, …: primitive polynomials and first direction numbers of Joe and Kuo,
 * "Constructing Sobol sequences with better two-dimensional projections" (2008). The first dimension is van der Corput's.
 */
export const JOE_KUO: readonly (readonly [degree: number, coefficients: number, ...start: readonly number[]])[] = [
  [1, 0, 1],
  [2, 1, 1, 3],
  [3, 1, 1, 3, 1],
  [3, 2, 1, 1, 1],
  [4, 1, 1, 1, 3, 3],
  [4, 4, 1, 3, 5, 13],
  [5, 2, 1, 1, 5, 5, 17],
  [5, 4, 1, 1, 5, 5, 5],
  [5, 7, 1, 1, 7, 11, 19],
  [5, 11, 1, 1, 5, 1, 1],
  [5, 13, 1, 1, 1, 3, 11],
  [5, 14, 1, 3, 5, 5, 31],
  [6, 1, 1, 3, 3, 9, 7, 49],
  [6, 13, 1, 1, 1, 15, 21, 21],
  [6, 16, 1, 3, 1, 13, 27, 49],
  [6, 19, 1, 1, 1, 15, 7, 5],
  [6, 22, 1, 3, 1, 15, 13, 25],
  [6, 25, 1, 1, 5, 5, 19, 61],
  [7, 1, 1, 3, 7, 11, 23, 15, 103],
  [7, 4, 1, 3, 7, 13, 13, 15, 69],
];

/** The 32 direction numbers of a dimension: v(k) = v(k−s) ⊕ (v(k−s) ≫ s) ⊕ those v(k−i) whose coefficient is one. */
function directionNumbers(at: number): Uint32Array {
  const numbers = new Uint32Array(32);
  if (at === 0) return numbers.map((_, bit) => 2 ** (31 - bit));
  const [degree, coefficients, ...start] = JOE_KUO[at - 1] as (typeof JOE_KUO)[number];
  for (let bit = 0; bit < degree; bit += 1) numbers[bit] = (start[bit] as number) << (31 - bit);
  for (let bit = degree; bit < 32; bit += 1) {
    let number = (numbers[bit - degree] as number) ^ ((numbers[bit - degree] as number) >>> degree);
    for (let power = 1; power < degree; power += 1) {
      if ((coefficients >>> (degree - 1 - power)) & 1) number ^= numbers[bit - power] as number;
    }
    numbers[bit] = number;
  }
  return numbers;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Word `at` of a stream of a seed: both stirred in, one after the other. Hardly ever four times zero in a row. */
function wordOf(seed: number, stream: number, at: number): number {
  checkWhole("seed", seed, 0, SEED_MAX);
  checkWhole("stream", stream, 0, SEED_MAX);
  return stirred(stirred(seed + Math.imul(at + 1, 0x9e3779b9)) ^ stirred(stream + Math.imul(at + 1, 0x85ebca77)));
}

/** A permutation of the words in which every bit of the input reaches every bit of the output (that of MurmurHash3). */
function stirred(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
