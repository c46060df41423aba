import { nelderMead } from "../estimate/nelder-mead.f64.js";
import { exponential, type SviSmile } from "../pricing/index.js";
import { hasNoButterfly } from "./butterfly.f64.js";

/*
 * Fitting five numbers to a smile, in two layers.
 *
 * Searched all at once the five are badly conditioned: level, bend and roundness trade off against each other, and a
 * simplex wanders along a valley for thousands of evaluations. But for a fixed place m and roundness σ of the bend, raw SVI is
 * *linear*: with y = (k − m)/σ,
 *
 *     w = a + d·y + c·√(y² + 1),     c = b·σ,  d = ρ·b·σ,
 *
 * so the best a, c, d are the solution of a weighted least-squares problem of three unknowns, in closed form, with the two
 * conditions that make it a smile as a rhombus: |d| ≤ c (the tilt is one) and c + |d| ≤ 2σ (Lee's bound on the wings). If
 * the free solution lies outside the rhombus the best one lies on one of its four edges. What is left to search is a
 * function of two variables, smooth and nearly convex, from the best corner of a small grid. (The split is that of
 * Zeliade Systems, 2009; their bounds are those of variance and not of total variance, and their level is not below
 * zero, which real smiles do not respect.)
 *
 * Tried besides: a search over all five (the baseline of the benchmark), and Gauss–Newton from the last smile, which is
 * faster where nothing has happened and lost where something has.
 */

/** What a smile is fitted to: total variances over log-moneyness, with the weight of each squared miss. */
export interface VariancePoints {
  readonly logMoneyness: Float64Array;
  readonly totalVariance: Float64Array;
  /** At or above 0. */
  readonly weight: Float64Array;
}

export interface SviFit {
  readonly smile: SviSmile;
  /** Sum of weight × squared miss. */
  readonly miss: number;
  /** Passes over the points. */
  readonly evaluations: number;
}

/**
 * The smile with the least weighted squared miss whose tilt is below one, whose wings respect Lee's bound, whose variance is
 * above zero everywhere and which has no butterfly arbitrage at any strike; null where no smile tried has that.
 *
 * The condition is left out of the search at first, because nearly every fit meets it by itself. Where the best smile does
 * not, the search is made again with a wall where the condition ends.
 *
 * @param points at least five of different log-moneyness; the caller vouches for it
 *
 * Cost: some 70 passes over the points, and as many checks of the condition where it has to be a wall.
 *
 * @method MARK-6 MARK-7
 */
export function fitSvi(points: VariancePoints): SviFit | null {
  const free = searchPlane(points, () => true);
  if (free === null || hasNoButterfly(free.smile)) return free;
  const walled = searchPlane(points, hasNoButterfly);
  return walled === null ? null : { ...walled, evaluations: free.evaluations + walled.evaluations };
}

/** Searches the place of the bend and the logarithm of its roundness, both in widths of the quoted range. */
function searchPlane(points: VariancePoints, accepts: (smile: SviSmile) => boolean): SviFit | null {
  const { low, high } = rangeOf(points.logMoneyness);
  const [middle, width] = [0.5 * (low + high), Math.max(high - low, 1e-4)];
  let evaluations = 0;
  const fitAt = (place: number, roundness: number): { readonly smile: SviSmile; readonly miss: number } => {
    evaluations += 1;
    const [m, sigma] = [middle + place * width, width * exponential(roundness)];
    const { a, c, d, miss } = solveInner(points, m, sigma);
    const rho = c > 0 ? Math.max(-TILT_MAX, Math.min(TILT_MAX, d / c)) : 0;
    return { smile: { a, b: c / sigma, rho, m, sigma }, miss };
  };
  const missAt = ([place = 0, roundness = 0]: readonly number[]): number => {
    if (Math.abs(place) > PLACE_MAX || roundness < ROUNDNESS_MIN || roundness > ROUNDNESS_MAX) {
      return Number.POSITIVE_INFINITY;
    }
    const { smile, miss } = fitAt(place, roundness);
    return miss < Number.POSITIVE_INFINITY && accepts(smile) ? miss : Number.POSITIVE_INFINITY;
  };
  let [start, least] = [[0, 0], Number.POSITIVE_INFINITY];
  for (const place of PLACES) {
    for (const roundness of ROUNDNESSES) {
      const miss = missAt([place, roundness]);
      if (miss < least) [start, least] = [[place, roundness], miss];
    }
  }
  if (least === Number.POSITIVE_INFINITY) return null;
  const limits = { valueSpread: 1e-6 * least, cornerSpread: 1e-3, evaluationsMax: 150 };
  const [place = 0, roundness = 0] = nelderMead(missAt, start, -0.15, limits).at;
  return { ...fitAt(place, roundness), evaluations };
}

/*
 * The bend stays inside the quoted range and is no rounder than the range is wide. Beyond that the points no longer say
 * anything about the wings: fits of real chains are as good without (97.5 % against 97.6 % of quotes met within their
 * spread), and half as many of them have arbitrage in their wings.
 */
const PLACE_MAX = 0.5;
const ROUNDNESS_MAX = 0;
const ROUNDNESS_MIN = -5;
/** Where the search begins: the best of these. */
const PLACES = [-0.3, -0.1, 0, 0.1, 0.3] as const;
const ROUNDNESSES = [-3, -1.75, -0.5] as const;
/** The edge |d| = c itself is a smile whose variance touches its lowest value at infinity; one step inside it is enough. */
const TILT_MAX = 1 - 1e-9;

interface Inner {
  readonly a: number;
  readonly c: number;
  readonly d: number;
  readonly miss: number;
}

/** The least-squares problem of one (m, σ): the sums that all its solutions are made of. */
class Sums {
  s0 = 0;
  sy = 0;
  sz = 0;
  syy = 0;
  syz = 0;
  szz = 0;
  sw = 0;
  swy = 0;
  swz = 0;
  sww = 0;

  gather({ logMoneyness, totalVariance, weight }: VariancePoints, m: number, sigma: number): void {
    this.s0 = this.sy = this.sz = this.syy = this.syz = this.szz = 0;
    this.sw = this.swy = this.swz = this.sww = 0;
    for (let at = 0; at < logMoneyness.length; at++) {
      const y = ((logMoneyness[at] as number) - m) / sigma;
      const z = Math.sqrt(y * y + 1);
      const w = totalVariance[at] as number;
      const q = weight[at] as number;
      const qy = q * y;
      const qz = q * z;
      const qw = q * w;
      this.s0 += q;
      this.sy += qy;
      this.sz += qz;
      this.syy += qy * y;
      this.syz += qy * z;
      this.szz += qz * z;
      this.sw += qw;
      this.swy += qw * y;
      this.swz += qw * z;
      this.sww += qw * w;
    }
  }

  missOf(a: number, c: number, d: number): number {
    const linear = a * this.sw + d * this.swy + c * this.swz;
    const square =
      a * a * this.s0 +
      d * d * this.syy +
      c * c * this.szz +
      2 * (a * d * this.sy + a * c * this.sz + c * d * this.syz);
    return Math.max(0, this.sww - 2 * linear + square);
  }
}

const SUMS = new Sums();

function solveInner(points: VariancePoints, m: number, sigma: number): Inner {
  const sums = SUMS;
  sums.gather(points, m, sigma);
  // Centred on the weighted means, a drops out: two unknowns are left.
  const { s0, sy, sz, sw } = sums;
  const yy = sums.syy - (sy * sy) / s0;
  const yz = sums.syz - (sy * sz) / s0;
  const zz = sums.szz - (sz * sz) / s0;
  const wy = sums.swy - (sw * sy) / s0;
  const wz = sums.swz - (sw * sz) / s0;
  const determinant = yy * zz - yz * yz;
  if (determinant > 1e-12 * yy * zz) {
    const d = (wy * zz - wz * yz) / determinant;
    const c = (wz * yy - wy * yz) / determinant;
    if (Math.abs(d) <= c && c + Math.abs(d) <= 2 * sigma) return withLevel(sums, c, d);
  }
  // On an edge (c, d) = from + t·(step), t in 0…1, one unknown is left; its best value is that of a parabola.
  let best: Inner | null = null;
  for (const [c0, d0, stepC, stepD] of edges(sigma)) {
    const curvature = stepC * stepC * zz + 2 * stepC * stepD * yz + stepD * stepD * yy;
    const pull = stepC * (wz - c0 * zz - d0 * yz) + stepD * (wy - c0 * yz - d0 * yy);
    const t = curvature > 0 ? Math.min(1, Math.max(0, pull / curvature)) : 0;
    const found = withLevel(sums, c0 + t * stepC, d0 + t * stepD);
    if (best === null || found.miss < best.miss) best = found;
  }
  return best as Inner;
}

function withLevel(sums: Sums, c: number, d: number): Inner {
  const a = (sums.sw - d * sums.sy - c * sums.sz) / sums.s0;
  const isAboveZero = a + Math.sqrt(Math.max(0, c * c - d * d)) > 0;
  return { a, c, d, miss: isAboveZero ? sums.missOf(a, c, d) : Number.POSITIVE_INFINITY };
}

/** The rhombus 0 ≤ |d| ≤ c, c + |d| ≤ 2σ, edge by edge: a corner and the way to the next. */
function edges(sigma: number): readonly (readonly [number, number, number, number])[] {
  return [
    [0, 0, sigma, sigma],
    [0, 0, sigma, -sigma],
    [2 * sigma, 0, -sigma, sigma],
    [2 * sigma, 0, -sigma, -sigma],
  ];
}

function rangeOf(values: Float64Array): { readonly low: number; readonly high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}
