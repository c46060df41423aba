import { toFloat64 } from "@ballast/money";
import type { CollateralBalance, Portfolio, RestingOrder } from "../portfolio/portfolio.js";
import type { ColumnKey, MarketColumns } from "./columns.js";
import { type OrderRow, profitOfUnits, valueGroups } from "./scan.f64.js";

/*
 * A portfolio against the columns of its market: what every figure of a margin model reads.
 */

/** A balance in float64. `value` is in the numeraire, negative for a debt. */
export interface ScannedBalance {
  readonly asset: string;
  /** Its column when it moves with an underlying; −1 when it keeps its value. */
  readonly column: number;
  readonly value: number;
  readonly confidence: number;
}

export interface ScannedBook {
  readonly market: MarketColumns;
  /** Signed quantity of each column, shape [columns]. */
  readonly quantities: Float64Array;
  /** Value of each group now, shape [groups], and in each scenario, shape [groups × scenarios]; in the numeraire. */
  readonly now: Float64Array;
  readonly shockedValues: Float64Array;
  /** Profit or loss of each unit in each scenario, shape [units × scenarios], with orders where the model counts them. */
  readonly cells: Float64Array;
  /** The same without any order. */
  readonly cellsHeld: Float64Array;
  readonly balances: readonly ScannedBalance[];
  readonly quote: string;
  /** The least confidence in any underlying's spot; 1 without underlyings. */
  readonly leastSpotConfidence: number;
  /** Quantity bought and sold by resting orders, shape [columns] each, both ≥ 0. */
  readonly buys: Float64Array;
  readonly sells: Float64Array;
}

/**
 * Scans a portfolio.
 *
 * With `fillOrders` every resting order counts in exactly those scenarios where filling it at its limit would lose: the
 * sum is then at most the result of *every* subset of fills, so no open order ever lowers a requirement.
 *
 * Cost: columns × scenarios multiply-adds.
 *
 * @method SCENARIO-8 ORDERS-1
 */
export function scanBook(portfolio: Portfolio, market: MarketColumns, fillOrders: boolean): ScannedBook {
  const { columns, groups, rule, units } = market;
  const quantities = new Float64Array(columns.length);
  for (const { instrument, quantity } of portfolio.holdings.values()) {
    quantities[columnOf(market, instrument)] = toFloat64(quantity);
  }
  const balances = [...portfolio.balances]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([asset, balance]): ScannedBalance => {
      const column = balance.movesWith === null ? -1 : columnOf(market, `collateral:${asset}`);
      if (column >= 0) quantities[column] = toFloat64(balance.amount);
      return {
        asset,
        column,
        value: valueOfBalance(balance) * market.quoteInNumeraire,
        confidence: toFloat64(balance.confidence),
      };
    });
  const orders = portfolio.orders.map((order) => orderRow(order, market));
  const buys = new Float64Array(columns.length);
  const sells = new Float64Array(columns.length);
  for (const { column, quantity } of orders) {
    const side = quantity > 0 ? buys : sells;
    side[column] = (side[column] ?? 0) + Math.abs(quantity);
  }
  const now = new Float64Array(groups.length);
  const shockedValues = new Float64Array(groups.length * rule.scenarios.length);
  valueGroups(quantities, market.base, market.shocked, groups, rule.scenarios.length, now, shockedValues);
  const counted = fillOrders ? sortedOrders(orders) : [];
  const cellsWith = (filled: readonly OrderRow[]): Float64Array => {
    const cells = new Float64Array(units.length * rule.scenarios.length);
    profitOfUnits(now, shockedValues, groups, market.weights, filled, market.shocked, cells);
    return cells;
  };
  const cellsHeld = cellsWith([]);
  const cells = counted.length === 0 ? cellsHeld : cellsWith(counted);
  let leastSpotConfidence = 1;
  for (const { confidence } of portfolio.underlyings.values()) {
    leastSpotConfidence = Math.min(leastSpotConfidence, toFloat64(confidence));
  }
  return {
    market,
    quantities,
    now,
    shockedValues,
    cells,
    cellsHeld,
    balances,
    quote: portfolio.quote,
    leastSpotConfidence,
    buys,
    sells,
  };
}

/** Where a contract or collateral stands. @throws RangeError when the market does not have it. */
export function columnOf(market: MarketColumns, key: ColumnKey): number {
  const found = market.at.get(key);
  if (found === undefined) throw new RangeError(`SCENARIO-3 ${key} has no column`);
  return found;
}

/** Is anything of a unit held, in collateral or in orders? */
export function isHeld({ market, quantities, buys, sells }: ScannedBook, unit: number): boolean {
  return market.columns.some(
    (column, at) => column.unit === unit && (quantities[at] !== 0 || buys[at] !== 0 || sells[at] !== 0),
  );
}

function valueOfBalance({ amount, price }: CollateralBalance): number {
  return toFloat64(amount.mul(price) as typeof amount);
}

function orderRow({ instrument, quantity, limitPrice }: RestingOrder, market: MarketColumns): OrderRow {
  const column = columnOf(market, instrument);
  const at = market.columns[column];
  const limit = toFloat64(limitPrice);
  // What the contract is worth to somebody who pays the limit for it, in the columns' own convention.
  const paid = at?.terms.kind !== "option" && at?.terms.inverse === true ? 1 / at.terms.mark - 1 / limit : limit;
  const coin = at?.terms.inverse === true ? (market.spot[at.unit] ?? 0) : 1;
  return { column, unit: at?.unit ?? 0, quantity: toFloat64(quantity), paid: paid * coin * market.quoteInNumeraire };
}

/** One order for the same bits, whatever order the orders came in. */
function sortedOrders(orders: readonly OrderRow[]): readonly OrderRow[] {
  return [...orders].sort(
    (left, right) => left.column - right.column || left.quantity - right.quantity || left.paid - right.paid,
  );
}
