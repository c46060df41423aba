import { type SviSmile, sviTotalVariance } from "../pricing/index.js";

/** A parabola (or a line) of total variance over log-moneyness; beyond the quoted range it goes on straight, never down. */
export interface QuadraticSmile {
  readonly form: "quadratic";
  readonly level: number;
  readonly slope: number;
  /** Of the square; 0 for a line. */
  readonly curvature: number;
  /** The quoted range. */
  readonly low: number;
  readonly high: number;
}

/** The volatilities of one expiry, as total variance over log-moneyness. */
export type Smile =
  | { readonly form: "svi"; readonly svi: SviSmile }
  | QuadraticSmile
  | { readonly form: "flat"; readonly totalVariance: number };

/** Total variance of a smile at a log-moneyness; above zero for every smile that a fit returns. */
export function smileVariance(smile: Smile, logMoneyness: number): number {
  switch (smile.form) {
    case "svi":
      return sviTotalVariance(smile.svi, logMoneyness);
    case "flat":
      return smile.totalVariance;
    case "quadratic":
      return quadraticVariance(smile, logMoneyness);
  }
}

function quadraticVariance({ level, slope, curvature, low, high }: QuadraticSmile, logMoneyness: number): number {
  const inside = Math.min(high, Math.max(low, logMoneyness));
  const beyond = logMoneyness - inside;
  const edge = level + inside * (slope + inside * curvature);
  // At an edge the line goes on with the slope there, unless that would go down on the way out.
  const outward = slope + 2 * curvature * inside;
  return edge + Math.max(0, outward * beyond);
}
