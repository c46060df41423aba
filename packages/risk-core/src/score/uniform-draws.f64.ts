/*
 * Where chance comes from: a stream of points in the unit cube, handed in by the caller. Two kinds are made here. A pseudo-
 * random one, and a quasi-random one (Sobol, digitally shifted), which fills the cube evenly, so that a mean over it
 * settles like 1/n rather than 1/√n as long as the dimension is small. The same seed gives the same points for ever.
 */

/** Points in (0, 1)^dimension, one after the other; never exactly 0 or 1, since their normal quantile is infinite. */
export interface UniformDraws {
  readonly dimension: number;
  /** Writes the next point. */
  readonly next: (point: Float64Array) => void;
}

/** A stream of pseudo-random points: xoshiro128** (Blackman and Vigna), two words to a coordinate. */
export function pseudoRandom(dimension: number, seed: number): UniformDraws {
  const state = seededState(seed);
  const word = (): number => {
    const [a, b, c, d] = state as unknown as readonly [number, number, number, number];
    const answer = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const c1 = c ^ a;
    const d1 = d ^ b;
    state[1] = b ^ c1;
    state[0] = a ^ d1;
    state[2] = c1 ^ (b << 9);
    state[3] = rotated(d1, 11);
    return answer;
  };
  return {
    dimension,
    next: (point) => {
      for (let at = 0; at < dimension; at += 1) point[at] = ((word() >>> 5) * 2 ** 26 + (word() >>> 6) + 0.5) / 2 ** 53;
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
 * A stream of Sobol points in Gray-code order, every coordinate xored with a word of the seed, so that seeds give
 * independent estimates and no coordinate is zero.
 *
 * Primitive polynomials and starting numbers are those of Joe and Kuo (2008), dimensions 2 to 21.
 *
 * @throws DimensionTooLarge
 */
export function sobol(dimension: number, seed: number): UniformDraws {
  if (dimension > SOBOL_DIMENSION_MAX) throw new DimensionTooLarge(dimension);
  const directions = Array.from({ length: dimension }, (_, at) => directionNumbers(at));
  const shift = Uint32Array.from({ length: dimension }, (_, at) => seededState(seed + at * 0x9e3779b9)[0] as number);
  const current = new Uint32Array(dimension);
  let index = 0;
  return {
    dimension,
    next: (point) => {
      for (let at = 0; at < dimension; at += 1) {
        point[at] = (((current[at] as number) ^ (shift[at] as number)) >>> 0) / 2 ** 32 + 2 ** -33;
      }
      const bit = 31 - Math.clz32(~index & (index + 1));
      for (let at = 0; at < dimension; at += 1) {
        current[at] = ((current[at] as number) ^ (directions[at]?.[bit] as number)) >>> 0;
      }
      index += 1;
    },
  };
}

/** [degree, coefficients, m…] of dimensions 2, 3, …; the first dimension is van der Corput's. */
const JOE_KUO: readonly (readonly [degree: number, coefficients: number, ...start: readonly number[]])[] = [
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

function directionNumbers(at: number): Uint32Array {
  const numbers = new Uint32Array(32);
  if (at === 0) {
    for (let bit = 0; bit < 32; bit += 1) numbers[bit] = 2 ** (31 - bit);
    return numbers;
  }
  const [degree, coefficients, ...start] = JOE_KUO[at - 1] as (typeof JOE_KUO)[number];
  for (let bit = 0; bit < degree; bit += 1) numbers[bit] = ((start[bit] as number) << (31 - bit)) >>> 0;
  for (let bit = degree; bit < 32; bit += 1) {
    let number = (numbers[bit - degree] as number) ^ ((numbers[bit - degree] as number) >>> degree);
    for (let power = 1; power < degree; power += 1) {
      if ((coefficients >>> (degree - 1 - power)) & 1) number ^= numbers[bit - power] as number;
    }
    numbers[bit] = number >>> 0;
  }
  return numbers;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Four words from a number, each stirred, never all zero. */
function seededState(seed: number): Uint32Array {
  const state = new Uint32Array(4);
  let word = seed >>> 0;
  for (let at = 0; at < 4; at += 1) {
    word = (word + 0x9e3779b9) >>> 0;
    let stirred = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    stirred = Math.imul(stirred ^ (stirred >>> 13), 0xc2b2ae35);
    state[at] = (stirred ^ (stirred >>> 16)) >>> 0;
  }
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}
