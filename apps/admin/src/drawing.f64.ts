/** Lengths of bars, per cent of the longest. For drawing only: the figure beside a bar is the decimal string itself. */
export function barLengths(amounts: readonly string[]): number[] {
  const sizes = amounts.map((text) => Math.abs(Number(text)));
  const longest = Math.max(...sizes, Number.MIN_VALUE);
  return sizes.map((size) => (100 * size) / longest);
}

/** A ratio as per cent between 0 and 100, for a bar; a full bar when there is none. */
export function barPercent(ratio: string | null): number {
  return ratio === null ? 100 : Math.min(100, Math.max(0, 100 * Number(ratio)));
}

/** A day's change of value as two bells, and what of the wider one lies beyond two lines; a drawing of `BELLS`. */
export interface Bells {
  /** Outlines, under today's covariance and under the stressed one. */
  readonly calm: string;
  readonly stressed: string;
  /** The stressed bell beyond maintenance margin, and beyond zero; empty where there is next to nothing. */
  readonly beyondMargin: string;
  readonly beyondZero: string;
  /** Where the two lines stand; null where they are off the drawing. */
  readonly marginAt: number | null;
  readonly zeroAt: number | null;
}

/** Size of the drawing. Its middle is no change; its ends are so many stressed deviations away. */
export const BELLS = { width: 480, height: 110, reach: 3.5 } as const;
const POINTS = 120;

/**
 * The bells of a pool: deviations, slack and net value as dollar texts. Both bells have one area, so the wide one is flat; null
 * when nothing moves.
 */
export function bells(pool: {
  readonly deviation: { readonly calm: string; readonly stressed: string };
  readonly slack: string;
  readonly netValue: string;
}): Bells | null {
  const calm = Number(pool.deviation.calm);
  const stressed = Number(pool.deviation.stressed);
  if (!(calm > 0 && stressed > 0)) return null;
  const reach = BELLS.reach * stressed;
  const xOf = (change: number) => ((change / reach + 1) / 2) * BELLS.width;
  const yOf = (change: number, deviation: number) =>
    BELLS.height - 4 - (BELLS.height - 14) * (calm / deviation) * Math.exp(-0.5 * (change / deviation) ** 2);
  const outline = (deviation: number, to: number) =>
    Array.from({ length: POINTS + 1 }, (_, at) => -reach + ((to + reach) * at) / POINTS)
      .map((change, at) => `${at === 0 ? "M" : "L"}${xOf(change).toFixed(1)} ${yOf(change, deviation).toFixed(1)}`)
      .join(" ");
  const lineAt = (change: number) => (Math.abs(change) < reach ? xOf(change) : null);
  const beyond = (change: number) => {
    if (change <= -reach) return "";
    const to = Math.min(change, reach);
    const floor = BELLS.height - 4;
    return `${outline(stressed, to)} L${xOf(to).toFixed(1)} ${floor} L${xOf(-reach).toFixed(1)} ${floor} Z`;
  };
  const [margin, zero] = [-Number(pool.slack), -Number(pool.netValue)];
  return {
    calm: outline(calm, reach),
    stressed: outline(stressed, reach),
    beyondMargin: beyond(margin),
    beyondZero: beyond(zero),
    marginAt: lineAt(margin),
    zeroAt: lineAt(zero),
  };
}
