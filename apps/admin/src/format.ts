const numbers = new Map<number, Intl.NumberFormat>();

/** Returns a decimal string with separators, rounded half to even for the screen; `text` itself never becomes a float. */
export function amount(text: string, digits = 2): string {
  let shown = numbers.get(digits);
  if (shown === undefined) {
    shown = new Intl.NumberFormat("en-US", { maximumFractionDigits: digits, roundingMode: "halfEven" });
    numbers.set(digits, shown);
  }
  return shown.format(text as `${number}`);
}

/** Dollars, with two digits. */
export const dollars = (text: string): string => `${amount(text)} USD`;

/** Amounts of several assets on one line; "none" when there are none. */
export function amounts(list: readonly { readonly asset: string; readonly amount: string }[]): string {
  return list.length === 0 ? "none" : list.map((item) => `${amount(item.amount, 8)} ${item.asset}`).join(", ");
}
