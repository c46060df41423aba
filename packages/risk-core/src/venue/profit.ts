import type { Decimal } from "@ballast/money";

/** How a contract pays. `quanto`: coin at a fixed multiplier for each unit of price, whatever the coin is worth. */
export type PayoffRule =
  | { readonly kind: "linear" }
  | { readonly kind: "inverse" }
  | { readonly kind: "quanto"; readonly multiplier: Decimal };

/**
 * Profit of a signed quantity between two prices (positive), in the settlement asset: quantity × (exit − entry) for a
 * linear contract, quantity × (1/entry − 1/exit) for an inverse one, whose quantity is in dollars, and quantity ×
 * multiplier × (exit − entry) for a quanto. One division, taken last, so that an inverse profit keeps 60 digits where the
 * difference of two reciprocals would lose them.
 *
 * @method TIERS-7
 */
export function profitBetween(rule: PayoffRule, quantity: Decimal, entry: Decimal, exit: Decimal): Decimal {
  const gain = quantity.mul(exit.sub(entry));
  switch (rule.kind) {
    case "linear":
      return gain;
    case "inverse":
      return gain.div(entry.mul(exit));
    case "quanto":
      return gain.mul(rule.multiplier);
  }
}
