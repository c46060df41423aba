import { type RowTable, SIZE_MAX } from "./columns.js";
import { KernelInputRefused, requireLength } from "./kernel-refusal.js";

/** What the rows are made of; all numbers in dollars per unit of quantity. */
export interface StressedValues {
  readonly instruments: number;
  readonly scenarios: number;
  /** [instruments × scenarios], row-major: what one unit is worth in each scenario. */
  readonly values: Float64Array;
  /** [instruments], ≥ 0: what is taken from either side for one unit of size; absent: nothing. */
  readonly addOns?: Float64Array;
  /** [instruments], ≥ 0: how far a value may be from the truth, beyond its rounding to float64; absent: not at all. */
  readonly valueErrors?: Float64Array;
}

/** Scenarios of a row come in eights: four vectors of two. */
const SCENARIOS_AT_A_TIME = 8;

/**
 * The rows of a market: add-ons folded in, scenarios filled up, bounds noted.
 *
 * A NaN would hide in a minimum (no comparison with it is true) and its account would never be looked at again, so every
 * number is checked here, once, and not in the scan.
 *
 * Cost: four float64 for each instrument and scenario.
 *
 * @throws KernelInputRefused when a column has the wrong length, or a number is not finite, too large or (add-ons,
 * errors) below zero.
 * @method KERNEL-1 KERNEL-6
 */
export function rowTable({ instruments, scenarios, values, addOns, valueErrors }: StressedValues): RowTable {
  if (!(scenarios >= 1)) throw new KernelInputRefused("scenarios", null, "at least one", scenarios);
  requireLength("values", values.length, instruments * scenarios);
  if (addOns !== undefined) requireLength("addOns", addOns.length, instruments);
  if (valueErrors !== undefined) requireLength("valueErrors", valueErrors.length, instruments);

  const stride = Math.ceil(scenarios / SCENARIOS_AT_A_TIME) * SCENARIOS_AT_A_TIME;
  const rows = new Float64Array(2 * instruments * stride);
  const bounds = new Float64Array(2 * instruments * 2);
  for (let instrument = 0; instrument < instruments; instrument++) {
    const addOn = charge("addOns", addOns, instrument);
    const valueError = charge("valueErrors", valueErrors, instrument);
    const long = 2 * instrument * stride;
    const short = long + stride;
    let largest = 0;
    for (let scenario = 0; scenario < stride; scenario++) {
      const from = instrument * scenarios + Math.min(scenario, scenarios - 1);
      const value = values[from] as number;
      const size = Math.abs(value) + addOn;
      if (!(size <= SIZE_MAX)) throw new KernelInputRefused("values", from, `at most ${SIZE_MAX} in size`, value);
      if (size > largest) largest = size;
      rows[long + scenario] = value - addOn;
      rows[short + scenario] = value + addOn;
    }
    bounds.set([largest, valueError, largest, valueError], 4 * instrument);
  }
  return { instruments, scenarios, stride, values: rows, bounds };
}

function charge(column: string, charges: Float64Array | undefined, instrument: number): number {
  if (charges === undefined) return 0;
  const found = charges[instrument] as number;
  if (found >= 0 && found <= SIZE_MAX) return found;
  throw new KernelInputRefused(column, instrument, `a number from 0 to ${SIZE_MAX}`, found);
}
