import { assertInvariant } from "@ballast/model";
import type { PreparedAccount } from "./prepared-account.js";
import { rowNumbersOf } from "./programme.f64.js";
import type { Decimal } from "@ballast/money";

/** A row that holds a plan back, in the words of the account. `price`: dollars of objective for one dollar of room. */
export type BindingRow = { readonly price: number } & (
  | { readonly kind: "TARGET" | "SPEND" | "OFFSET" }
  | { readonly kind: "WORST" | "GUARD"; readonly underlying: string; readonly cell: number }
  | { readonly kind: "JOINT_WORST" | "JOINT_GUARD"; readonly cell: number }
  | { readonly kind: "BASIS_LONG" | "BASIS_SHORT"; readonly underlying: string; readonly years: Decimal }
);

/** A price below this is none: rows that only touch. */
const PRICE_MIN = 1e-9;

/** Every row that has a price, dearest first. */
export function bindingRows(prepared: PreparedAccount, prices: Float64Array): readonly BindingRow[] {
  return [...prices.keys()]
    .filter((row) => (prices[row] ?? 0) > PRICE_MIN)
    .map((row) => bindingRow(prepared, row, prices))
    .sort((left, right) => right.price - left.price);
}

/** What one row says, with the price it has. */
export function bindingRow(
  { programme, underlyings, buckets }: PreparedAccount,
  row: number,
  prices: Float64Array,
): BindingRow {
  const meaning = rowNumbersOf(programme).meaning(row);
  const price = prices[row] ?? 0;
  if ("underlying" in meaning) {
    const underlying = underlyings[meaning.underlying];
    assertInvariant(underlying !== undefined, "LIQUIDATION-18 rows are those of the account", { row });
    return { ...meaning, price, underlying };
  }
  if ("bucket" in meaning) {
    const bucket = buckets[meaning.bucket];
    assertInvariant(bucket !== undefined, "LIQUIDATION-18 rows are those of the account", { row });
    return { kind: meaning.kind, price, underlying: bucket.underlying, years: bucket.years };
  }
  return { ...meaning, price };
}
