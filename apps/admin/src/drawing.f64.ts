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
