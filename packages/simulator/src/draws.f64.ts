/*
 * Continuous draws. Floats live in this file only: what goes in are 32 random bits, what comes out is decimal text with
 * few digits, so that the last bit of somebody's logarithm never reaches an amount.
 */

/** 32 random bits as a number strictly between 0 and 1. */
function uniform(bits: number): number {
  return (bits + 0.5) / 4_294_967_296;
}

/**
 * A Pareto draw by its inverse distribution function, bounded: from `least` to `least` × `capTimes`, with the tail
 * exponent `exponent`, as text with `digits` digits after the point.
 */
export function paretoText(bits: number, least: number, exponent: number, capTimes: number, digits: number): string {
  const beyondCap = capTimes ** -exponent;
  const share = 1 - uniform(bits) * (1 - beyondCap);
  return (least * share ** (-1 / exponent)).toFixed(digits);
}

/**
 * A log-normal draw (Box and Muller) with the given median and spread of the logarithm, kept between `least` and
 * `most`, as text with `digits` digits after the point.
 */
export function logNormalText(
  bits: readonly [number, number],
  median: number,
  sigma: number,
  least: number,
  most: number,
  digits: number,
): string {
  const normal = Math.sqrt(-2 * Math.log(uniform(bits[0]))) * Math.cos(2 * Math.PI * uniform(bits[1]));
  return Math.min(most, Math.max(least, median * Math.exp(sigma * normal))).toFixed(digits);
}

/** A draw spread evenly from `least` to `most`, as text with `digits` digits after the point. */
export function evenText(bits: number, least: number, most: number, digits: number): string {
  return (least + (most - least) * uniform(bits)).toFixed(digits);
}
