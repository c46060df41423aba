/*
 * How a book and its market lie in memory, once. Everything that scans (the AssemblyScript kernel, its JavaScript twin, a
 * worker that was sent a slice) reads this layout and no other.
 *
 *     free margin of account a  =  cash[a]  +  min over scenarios s of  Σ over positions p of a:  quantity[p] · value[row[p], s]
 *
 * A row holds *stressed values*, not profits: what one unit is worth in the scenario. Equity minus the scenario's loss is
 * exactly that, so the current value cancels and the whole check is one dot product. An instrument has two rows, because
 * an add-on on notional takes from both sides: its row for longs is value − add-on, its row for shorts value + add-on. What
 * a margin level multiplies (a damped scenario, a share of the requirement) is multiplied into the rows by their maker.
 *
 * Positions of an account lie side by side, accounts one after the other (compressed sparse rows), and all arithmetic
 * follows this order. Scenarios of a row lie side by side, filled up to a multiple of eight with copies of the last one:
 * a copy changes no minimum. All columns are little-endian, as WebAssembly is.
 */

/** A book: who holds how much of which row. @method KERNEL-1 */
export interface BookColumns {
  /** [accounts + 1], rising from 0: positions of account a are firstPosition[a] … firstPosition[a + 1] − 1. */
  readonly firstPosition: Uint32Array;
  /** [positions]: 2 · instrument for a long, 2 · instrument + 1 for a short. */
  readonly row: Uint32Array;
  /** [positions]: signed units. */
  readonly quantity: Float64Array;
  /** [accounts]: dollars that no scenario moves. */
  readonly cash: Float64Array;
}

/** What one unit of each row is worth in each scenario. @method KERNEL-1 */
export interface RowTable {
  readonly instruments: number;
  readonly scenarios: number;
  /** Scenarios filled up to a multiple of eight. */
  readonly stride: number;
  /** [2 · instruments × stride], dollars per unit. */
  readonly values: Float64Array;
  /** [2 · instruments × 2]: the largest size a value of the row is made of, and the error of a value; dollars per unit. */
  readonly bounds: Float64Array;
}

/** No quantity, cash or row value is larger than this, so no product or sum leaves the range of a float64. */
export const SIZE_MAX = 1e150;

/** The row of a position. @method KERNEL-1 */
export function rowOf(instrument: number, quantity: number): number {
  return 2 * instrument + (quantity < 0 ? 1 : 0);
}
