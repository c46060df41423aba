import type { SviSmile } from "../pricing/index.js";
import { type QuadraticSmile, type Smile, smileVariance } from "./smile.f64.js";
import { fitSvi, type VariancePoints } from "./svi-fit.f64.js";
import type { VolPoint } from "./vol-points.f64.js";

/*
 * The smile of one expiry, with as many numbers as its quotes can carry: five where six strikes are quoted on both sides of
 * the forward, a parabola of total variance from four, a line from two, one volatility from one. Every rung is free of
 * butterfly arbitrage by itself; where a fit is not, the next rung down is taken.
 *
 * A quote counts by its spread, because that is how well it knows its volatility, but no quote as known better than half of
 * the median spread, or a fifth of a point. After a fit, a quote that misses by more than three times its spread counts the
 * less the more it misses, by the square, and the fit is made again until nothing changes much: one wrong quote among many,
 * however narrow, does not bend the smile to itself.
 */

/** How well a smile meets its quotes; volatilities of 1.00 are 100 % a year. */
export interface FitQuality {
  readonly points: number;
  /** Root of the mean squared miss against the middle of the quotes. */
  readonly rootMeanSquare: number;
  readonly worst: number;
  /** Share of the quotes that the smile meets between bid and ask. */
  readonly insideSpread: number;
  /** Quotes that counted less because they were far from all others. */
  readonly mistrusted: number;
}

export interface FittedSmile {
  readonly smile: Smile;
  readonly quality: FitQuality;
  /** How well the level is known: the median half spread of the quotes; at least a quarter of the volatility where flat. */
  readonly uncertainty: number;
}

/** Strikes that a form needs. */
const SVI_POINTS_MIN = 6;
const PARABOLA_POINTS_MIN = 4;
const LINE_POINTS_MIN = 2;
const HALF_SPREAD_MIN = 0.002;
const TRUSTED_SPREADS = 3;
const REFITS_MAX = 4;
/** A guide counts like a quote with so many median spreads. */
const GUIDE_SPREADS = 10;
const FLAT_UNCERTAINTY = 0.25;

/**
 * The smile of one expiry; null without a point. The first rung of the ladder that its points carry and that has no
 * butterfly arbitrage.
 *
 * @param quoted in ascending order of strike
 * @param guides points outside the quoted range that five numbers are to respect a little as well, whatever their spread;
 * not counted in the quality
 * @method MARK-6 MARK-7 MARK-8
 */
export function fitSmile(
  quoted: readonly VolPoint[],
  expiryYears: number,
  guides: readonly VolPoint[] = [],
): FittedSmile | null {
  if (quoted.length === 0) return null;
  const median = medianOf(quoted.map(({ halfSpread }) => halfSpread));
  const usual = medianOf(quoted.map(({ volatility }) => volatility));
  const counting = (point: VolPoint, counted: number): CountedPoint => {
    return { ...point, counted, scale: 2 * expiryYears * Math.max(usual, point.volatility), trust: 1 };
  };
  const points = quoted.map((point) => counting(point, Math.max(HALF_SPREAD_MIN, 0.5 * median, point.halfSpread)));
  const guided = guides.map((guide) => counting(guide, GUIDE_SPREADS * Math.max(HALF_SPREAD_MIN, median)));
  let smile = fitForm(points, guided, expiryYears);
  for (let refit = 0; refit < REFITS_MAX; refit++) {
    let mostChanged = 0;
    for (const point of points) {
      const spreads = missOf(smile, point, expiryYears) / point.counted;
      const trust = Math.min(1, (TRUSTED_SPREADS / spreads) ** 2);
      mostChanged = Math.max(mostChanged, Math.abs(trust - point.trust));
      point.trust = trust;
    }
    if (mostChanged < 0.05) break;
    smile = fitForm(points, guided, expiryYears);
  }
  return {
    smile,
    quality: qualityOf(smile, points, expiryYears),
    uncertainty:
      smile.form === "flat"
        ? Math.max(median, FLAT_UNCERTAINTY * Math.sqrt(smile.totalVariance / expiryYears))
        : median,
  };
}

/** A point with what it counts for. */
interface CountedPoint extends VolPoint {
  /** The half spread it counts with. */
  readonly counted: number;
  /** Total variance for a unit of volatility; at a volatility below the usual one that of the usual one. */
  readonly scale: number;
  /** How far it is trusted, 0…1. */
  trust: number;
}

function qualityOf(smile: Smile, points: readonly CountedPoint[], expiryYears: number): FitQuality {
  const misses = points.map((point) => Math.abs(missOf(smile, point, expiryYears)));
  const inside = points.filter(({ halfSpread }, at) => (misses[at] as number) <= halfSpread + 1e-9);
  return {
    points: points.length,
    rootMeanSquare: Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length),
    worst: Math.max(...misses),
    insideSpread: inside.length / points.length,
    mistrusted: points.filter(({ trust }) => trust < 1).length,
  };
}

function missOf(smile: Smile, { logMoneyness, volatility }: VolPoint, expiryYears: number): number {
  return Math.sqrt(smileVariance(smile, logMoneyness) / expiryYears) - volatility;
}

function fitForm(points: readonly CountedPoint[], guides: readonly CountedPoint[], expiryYears: number): Smile {
  const quoted = variancesOf(points, expiryYears);
  const isTwoSided = (points[0] as VolPoint).logMoneyness < 0 && (points.at(-1) as VolPoint).logMoneyness > 0;
  if (points.length >= SVI_POINTS_MIN && isTwoSided) {
    const svi: SviSmile | undefined = fitSvi(
      guides.length === 0 ? quoted : variancesOf([...points, ...guides], expiryYears),
    )?.smile;
    if (svi !== undefined) return { form: "svi", svi };
  }
  if (points.length >= PARABOLA_POINTS_MIN) {
    const parabola = fitQuadratic(quoted, true);
    if (parabola !== null) return parabola;
  }
  if (points.length >= LINE_POINTS_MIN) {
    const line = fitQuadratic(quoted, false);
    if (line !== null) return line;
  }
  return { form: "flat", totalVariance: weightedMean(quoted) };
}

/** Total variances, weighed so that squared misses are squared misses of volatility counted in spreads. */
function variancesOf(points: readonly CountedPoint[], expiryYears: number): VariancePoints {
  return {
    logMoneyness: Float64Array.from(points, ({ logMoneyness }) => logMoneyness),
    totalVariance: Float64Array.from(points, ({ volatility }) => volatility * volatility * expiryYears),
    weight: Float64Array.from(points, ({ scale, counted, trust }) => trust / (scale * counted * scale * counted)),
  };
}

/** The weighted parabola or line; null where it bends down, is not above zero, or has butterfly arbitrage. */
function fitQuadratic(variances: VariancePoints, isCurved: boolean): QuadraticSmile | null {
  const { logMoneyness, totalVariance, weight } = variances;
  let [s0, s1, s2, s3, s4, w0, w1, w2] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < weight.length; at++) {
    const [k, w, q] = [logMoneyness[at] as number, totalVariance[at] as number, weight[at] as number];
    s0 += q;
    s1 += q * k;
    s2 += q * k * k;
    s3 += q * k * k * k;
    s4 += q * k * k * k * k;
    w0 += q * w;
    w1 += q * k * w;
    w2 += q * k * k * w;
  }
  // Centred on the weighted means the level drops out.
  const [k1, k2] = [s2 - (s1 * s1) / s0, s3 - (s1 * s2) / s0];
  const k4 = s4 - (s2 * s2) / s0;
  const [c1, c2] = [w1 - (s1 * w0) / s0, w2 - (s2 * w0) / s0];
  const determinant = isCurved ? k1 * k4 - k2 * k2 : k1;
  if (!(determinant > 0)) return null;
  const curvature = isCurved ? (k1 * c2 - k2 * c1) / determinant : 0;
  const slope = isCurved ? (k4 * c1 - k2 * c2) / determinant : c1 / determinant;
  const level = (w0 - slope * s1 - curvature * s2) / s0;
  const [low, high] = [logMoneyness[0] as number, logMoneyness.at(-1) as number];
  const smile: QuadraticSmile = { form: "quadratic", level, slope, curvature, low, high };
  return curvature >= 0 && isArbitrageFree(smile) ? smile : null;
}

const QUADRATIC_STEPS = 60;
const WING_SLOPE_MAX = 2;

/** Durrleman's g inside the quoted range and along both lines beyond it; the kinks between them bend up, which is free. */
function isArbitrageFree(smile: QuadraticSmile): boolean {
  const { slope, curvature, low, high } = smile;
  const g = (k: number, first: number, second: number): number => {
    const variance = smileVariance(smile, k);
    if (!(variance > 0)) return Number.NEGATIVE_INFINITY;
    const lean = 1 - (k * first) / (2 * variance);
    return lean * lean - 0.25 * first * first * (1 / variance + 0.25) + 0.5 * second;
  };
  for (let step = 0; step <= QUADRATIC_STEPS; step++) {
    const k = low + ((high - low) * step) / QUADRATIC_STEPS;
    if (!(g(k, slope + 2 * curvature * k, 2 * curvature) >= 0)) return false;
  }
  const [falling, rising] = [Math.min(0, slope + 2 * curvature * low), Math.max(0, slope + 2 * curvature * high)];
  if (-falling > WING_SLOPE_MAX || rising > WING_SLOPE_MAX) return false;
  const reach = Math.max(1, high - low);
  for (let step = 1; step <= QUADRATIC_STEPS; step++) {
    const out = (reach * 3 * step) / QUADRATIC_STEPS;
    if (!(g(low - out, falling, 0) >= 0) || !(g(high + out, rising, 0) >= 0)) return false;
  }
  return true;
}

function weightedMean({ totalVariance, weight }: VariancePoints): number {
  let [sum, total] = [0, 0];
  for (let at = 0; at < weight.length; at++) {
    sum += (totalVariance[at] as number) * (weight[at] as number);
    total += weight[at] as number;
  }
  return sum / total;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[values.length >> 1] as number;
}
