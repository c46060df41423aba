import type { ScannedBook } from "../../scenario/scanned-book.js";

/**
 * What each column loses in one scenario; the entries add up to the loss of the units, save for a deadband and for orders,
 * whose part belongs to the account.
 *
 * The scan is linear in the quantities wherever no group changes the side of its discount, so by Euler's theorem these
 * are also the marginal contributions: what one per cent more of a position would add.
 *
 * @method RECEIPT-2
 */
export function contributionsInScenario(
  book: ScannedBook,
  units: readonly number[],
  scenario: number,
): ReadonlyMap<string, number> {
  const { market, quantities, now, shockedValues } = book;
  const { scenarios } = market.rule;
  const { damping = 1, volatility } = scenarios[scenario] ?? {};
  const mirrored = volatility === "skew-linear" || volatility === "skew-absolute";
  const parts = new Map<string, number>();
  for (const [g, { unit, first, end, longDiscount, shortDiscount }] of market.groups.entries()) {
    if (!units.includes(unit)) continue;
    const value = shockedValues[g * scenarios.length + scenario] as number;
    const discount = value >= 0 ? longDiscount : shortDiscount;
    const sign = mirrored && value * discount > (now[g] as number) ? -1 : 1;
    for (let column = first; column < end; column += 1) {
      const quantity = quantities[column] as number;
      if (quantity === 0) continue;
      const after = (market.shocked[column * scenarios.length + scenario] as number) * discount;
      const loss = -quantity * (after - (market.base[column] as number)) * damping * sign;
      parts.set(market.columns[column]?.key ?? "", loss);
    }
  }
  return parts;
}

/** A figure that is a sum over columns, as parts. */
export function partsByColumn(book: ScannedBook, ofColumn: (column: number) => number): ReadonlyMap<string, number> {
  const parts = new Map<string, number>();
  for (const [column, { key }] of book.market.columns.entries()) {
    const part = ofColumn(column);
    if (part !== 0) parts.set(key, part);
  }
  return parts;
}
