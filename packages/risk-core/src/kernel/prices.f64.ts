import { DEVIATION_MAX, PRICE_MAX } from "./black76-coefficients.f64.js";
import type { KernelEngine, OptionColumns, OptionMatrix } from "./engine.js";
import { kernelEngine } from "./fastest-engine.js";
import { KernelInputRefused, requireLength } from "./kernel-refusal.js";

/**
 * The undiscounted values of options under Black's formula, in the order given.
 *
 * Forwards and strikes from 0 to 1e60, deviations σ√T from 0 to 64; at zero they are the limits (no deviation: intrinsic
 * value). Within 1e-15 of the larger of forward and strike.
 *
 * Cost: some 15 ns an option.
 *
 * @throws KernelInputRefused when columns differ in length or a number is outside the domain.
 * @method KERNEL-5 KERNEL-6
 */
export function priceOptions(options: OptionColumns, engine: KernelEngine = kernelEngine()): Float64Array {
  const { forwards, strikes, deviations, sides } = options;
  requireLength("strikes", strikes.length, forwards.length);
  requireLength("deviations", deviations.length, forwards.length);
  requireLength("sides", sides.length, forwards.length);
  const prices = new Float64Array(forwards.length);
  if (!engine.priceOptions(options, prices)) {
    requirePrices("forwards", forwards);
    requirePrices("strikes", strikes);
    requireSides(sides);
    requireDeviations(deviations);
  }
  return prices;
}

/**
 * The undiscounted values of options of one expiry under scenarios: [options × scenarios], row-major. Domain and accuracy
 * as `priceOptions`.
 *
 * Logarithms are taken once for each scenario and each option, in terms of the largest forward.
 *
 * Cost: some 12 ns a price.
 *
 * @throws KernelInputRefused when columns do not fit together or a number is outside the domain.
 * @method KERNEL-5 KERNEL-6
 */
export function priceMatrix(matrix: OptionMatrix, engine: KernelEngine = kernelEngine()): Float64Array {
  const { forwards, strikes, deviations, sides } = matrix;
  requireLength("sides", sides.length, strikes.length);
  requireLength("deviations", deviations.length, strikes.length * forwards.length);
  requirePrices("forwards", forwards);
  requirePrices("strikes", strikes);
  requireSides(sides);
  if (deviations.length === 0) return new Float64Array(0);
  const forwardMax = forwards.reduce((largest, forward) => Math.max(largest, forward), 0);
  const prices = new Float64Array(deviations.length);
  if (!engine.priceMatrix(matrix, forwardMax > 0 ? forwardMax : 1, prices)) requireDeviations(deviations);
  return prices;
}

function requirePrices(column: string, prices: Float64Array): void {
  const at = prices.findIndex((price) => !(price >= 0 && price <= PRICE_MAX));
  if (at >= 0) throw new KernelInputRefused(column, at, `a number from 0 to ${PRICE_MAX}`, prices[at] as number);
}

function requireDeviations(deviations: Float64Array): void {
  const at = deviations.findIndex((deviation) => !(deviation >= 0 && deviation <= DEVIATION_MAX));
  if (at < 0) return;
  throw new KernelInputRefused("deviations", at, `a number from 0 to ${DEVIATION_MAX}`, deviations[at] as number);
}

function requireSides(sides: Float64Array): void {
  const at = sides.findIndex((side) => Math.abs(side) !== 1);
  if (at >= 0) throw new KernelInputRefused("sides", at, "1 for a call or −1 for a put", sides[at] as number);
}
