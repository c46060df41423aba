const numbers = new Map<string, Intl.NumberFormat>();

/** Returns a decimal string with separators, rounded half to even for the screen; `text` itself never becomes a float. */
export function amount(text: string, digits = 2, digitsMin = 0): string {
  const form = `${digits} ${digitsMin}`;
  let shown = numbers.get(form);
  if (shown === undefined) {
    shown = new Intl.NumberFormat("en-US", {
      minimumFractionDigits: digitsMin,
      maximumFractionDigits: digits,
      roundingMode: "halfEven",
      // What rounds to zero is shown without a sign: "-0" would look like a debt.
      signDisplay: "negative",
    });
    numbers.set(form, shown);
  }
  return shown.format(text as `${number}`);
}

/** Dollars, with two digits. */
export const dollars = (text: string): string => `${amount(text, 2, 2)} USD`;

/** A ratio as a percentage with one digit. */
export const percent = (ratio: string): string => `${amount(shiftTwo(ratio), 1, 1)} %`;

/** Amounts of several assets on one line; "none" when there are none. */
export function amounts(list: readonly { readonly asset: string; readonly amount: string }[]): string {
  return list.length === 0 ? "none" : list.map((item) => `${amount(item.amount, 8)} ${item.asset}`).join(", ");
}

/** A time of the wire as people read it: to the minute, in UTC. */
export const time = (text: string): string => `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;

/** A word of the wire as people read it: `MARGIN_CALL` is "margin call". */
export const words = (code: string): string => code.toLowerCase().replaceAll("_", " ");

/** A hundred times a decimal string, by moving its point. */
function shiftTwo(text: string): string {
  const [whole = "0", fraction = ""] = text.split(".");
  const digits = fraction.padEnd(2, "0");
  return `${whole}${digits.slice(0, 2)}.${digits.slice(2)}0`.replace(/^(-?)0+(?=\d)/, "$1");
}
