/*
 * The scan: quantities times columns. A portfolio's profit and loss in every scenario, unit by unit, group by group.
 * Accumulation order is the order of the columns, so the same portfolio gives the same bits whoever wrote it down.
 */

/** Where a group of columns lies and how its shocked value counts; see `columns.ts`. */
interface Group {
  readonly unit: number;
  readonly first: number;
  readonly end: number;
  readonly longDiscount: number;
  readonly shortDiscount: number;
}

/** How a scenario's result counts. `mirrored` scenarios enter as minus the size of each group's profit or loss. */
export interface ScenarioWeight {
  readonly damping: number;
  readonly deadband: number;
  readonly mirrored: boolean;
}

/** A resting order: signed quantity, and what its fill pays for one unit, in the numeraire. */
export interface OrderRow {
  readonly column: number;
  readonly unit: number;
  readonly quantity: number;
  readonly paid: number;
}

/**
 * Values every group now and in every scenario.
 *
 * @param quantities signed, shape [columns]
 * @param base       value of one unit now, shape [columns]
 * @param shocked    value of one unit in each scenario, row-major, shape [columns × scenarios]
 * @param now        shape [groups], overwritten
 * @param shockedValues      shape [groups × scenarios], overwritten
 *
 * Cost: columns × scenarios multiply-adds; columns without a position are skipped; no allocation.
 *
 * @method SCENARIO-8
 */
export function valueGroups(
  quantities: Float64Array,
  base: Float64Array,
  shocked: Float64Array,
  groups: readonly Group[],
  scenarios: number,
  now: Float64Array,
  shockedValues: Float64Array,
): void {
  now.fill(0);
  shockedValues.fill(0);
  for (let g = 0; g < groups.length; g += 1) {
    const { first, end } = groups[g] as Group;
    const row = g * scenarios;
    for (let column = first; column < end; column += 1) {
      const quantity = quantities[column] as number;
      if (quantity === 0) continue;
      now[g] = (now[g] as number) + quantity * (base[column] as number);
      const from = column * scenarios;
      for (let s = 0; s < scenarios; s += 1) {
        shockedValues[row + s] = (shockedValues[row + s] as number) + quantity * (shocked[from + s] as number);
      }
    }
  }
}

/**
 * Profit or loss of every unit in every scenario: the sum over its groups of discounted shocked value less value now, plus
 * every order's loss if it is filled, then damped, then drawn towards zero by the deadband.
 *
 * @param orders  counted only in the scenarios where filling them loses
 * @param shocked value of one unit of a column in each scenario, shape [columns × scenarios]
 * @param cells   shape [units × scenarios], overwritten
 * @method SCENARIO-7 SCENARIO-8 ORDERS-1
 */
export function profitOfUnits(
  now: Float64Array,
  shockedValues: Float64Array,
  groups: readonly Group[],
  weights: readonly ScenarioWeight[],
  orders: readonly OrderRow[],
  shocked: Float64Array,
  cells: Float64Array,
): void {
  const scenarios = weights.length;
  cells.fill(0);
  for (let g = 0; g < groups.length; g += 1) {
    const { unit, longDiscount, shortDiscount } = groups[g] as Group;
    const row = g * scenarios;
    for (let s = 0; s < scenarios; s += 1) {
      const value = shockedValues[row + s] as number;
      const profit = value * (value >= 0 ? longDiscount : shortDiscount) - (now[g] as number);
      const counted = (weights[s] as ScenarioWeight).mirrored ? -Math.abs(profit) : profit;
      cells[unit * scenarios + s] = (cells[unit * scenarios + s] as number) + counted;
    }
  }
  for (const { column, unit, quantity, paid } of orders) {
    for (let s = 0; s < scenarios; s += 1) {
      const filled = quantity * ((shocked[column * scenarios + s] as number) - paid);
      if (filled < 0) cells[unit * scenarios + s] = (cells[unit * scenarios + s] as number) + filled;
    }
  }
  for (let cell = 0; cell < cells.length; cell += 1) {
    const { damping, deadband } = weights[cell % scenarios] as ScenarioWeight;
    const damped = (cells[cell] as number) * damping;
    cells[cell] = deadband === 0 ? damped : Math.sign(damped) * Math.max(0, Math.abs(damped) - deadband);
  }
}
