import fc from "fast-check";
import { DECIMAL_BYTES_MAX } from "./decimal-string.js";
import {
  type Amount,
  amount,
  type ContractSize,
  contractSize,
  type Price,
  price,
  type Quantity,
  quantity,
  type Rate,
  type Ratio,
  rate,
  ratio,
  type Usd,
  usd,
} from "./units.js";

/*
 * For tests only: arbitraries of every unit, how many cases a property sees, and the texts that nobody may take for an
 * amount. Every arbitrary goes through text, as money does when it comes from outside, and shrinks towards small whole
 * numbers.
 */

/**
 * How many cases a property sees: so many every day, as many as `PROPERTY_RUNS` says at night. Properties that say nothing
 * see fast-check's hundred, or as many too.
 */
export function propertyRuns(everyday: number): { readonly numRuns: number } {
  return { numRuns: fc.readConfigureGlobal().numRuns ?? everyday };
}

/** Units and scale as decimal text: 12345n, 2 → "123.45". */
export function decimalText(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const point = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return units < 0n ? `-${text}` : text;
}

/** What an arbitrary of one unit may be asked for; `min` and `max` as decimal text, both included. */
export interface Bounds {
  readonly min: string;
  readonly max: string;
  /** Digits after the point. */
  readonly scale: number;
}

/** Decimal text between two bounds, in steps of the last digit of `scale`. */
export function anyText({ min, max, scale }: Bounds): fc.Arbitrary<string> {
  const whole = (text: string): bigint =>
    BigInt(
      amount(text)
        .mul(amount(`1${"0".repeat(scale)}`))
        .toFixed(0),
    );
  return fc.bigInt({ min: whole(min), max: whole(max) }).map((units) => decimalText(units, scale));
}

const unit =
  <Unit>(make: (text: string) => Unit, usual: Bounds) =>
  (bounds: Partial<Bounds> = {}): fc.Arbitrary<Unit> =>
    anyText({ ...usual, ...bounds }).map(make);

/** Dollars, signed, to the eight digits in which they are stored; up to a billion unless asked otherwise. */
export const anyUsd: (bounds?: Partial<Bounds>) => fc.Arbitrary<Usd> = unit(usd, {
  min: "-1000000000",
  max: "1000000000",
  scale: 8,
});
/** An amount of an asset, signed, to all eighteen digits of the ledger; up to a million unless asked otherwise. */
export const anyAmount: (bounds?: Partial<Bounds>) => fc.Arbitrary<Amount> = unit(amount, {
  min: "-1000000",
  max: "1000000",
  scale: 18,
});
/** A price in cents, from one cent to a million dollars unless asked otherwise. */
export const anyPrice: (bounds?: Partial<Bounds>) => fc.Arbitrary<Price> = unit(price, {
  min: "0.01",
  max: "1000000",
  scale: 2,
});
/** Signed whole contracts; up to a million unless asked otherwise. */
export const anyQuantity: (bounds?: Partial<Bounds>) => fc.Arbitrary<Quantity> = unit(quantity, {
  min: "-1000000",
  max: "1000000",
  scale: 0,
});
/** A share from 0 to 1 in steps of a ten-thousandth unless asked otherwise. */
export const anyRatio: (bounds?: Partial<Bounds>) => fc.Arbitrary<Ratio> = unit(ratio, {
  min: "0",
  max: "1",
  scale: 4,
});
/** A rate per interval, signed, up to one per cent in steps of 1e-8 unless asked otherwise. */
export const anyRate: (bounds?: Partial<Bounds>) => fc.Arbitrary<Rate> = unit(rate, {
  min: "-0.01",
  max: "0.01",
  scale: 8,
});
/** Sizes that exchanges list: 0.001 of a coin, ten dollars, and their like. */
export const anyContractSize: fc.Arbitrary<ContractSize> = fc
  .constantFrom("0.0001", "0.001", "0.01", "0.1", "1", "10", "100")
  .map(contractSize);

/** Every text of the decimal grammar, canonical or not: leading zeros only before the point, trailing zeros allowed. */
export const anyDecimalText: fc.Arbitrary<string> = fc
  .tuple(fc.boolean(), digits(0, 20), digits(0, 18))
  .map(([negative, whole, fraction]) => {
    const before = whole.replace(/^0+/, "") || "0";
    return `${negative ? "-" : ""}${before}${fraction === "" ? "" : `.${fraction}`}`;
  })
  .filter((text) => text.length <= DECIMAL_BYTES_MAX);

function digits(min: number, max: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.integer({ min: 0, max: 9 }).map(String), minLength: min, maxLength: max });
}

/**
 * What is not an amount, by the reason: each must be refused before a Decimal is made of it. The long ones would cost
 * minutes if they were not.
 */
export const HOSTILE_TEXTS: readonly (readonly [because: string, text: string])[] = [
  ["nothing", ""],
  ["a space before", " 1"],
  ["a space behind", "1 "],
  ["a line behind", "1\n"],
  ["a byte of zero behind", "1\u0000"],
  ["a plus sign", "+1"],
  ["two signs", "--1"],
  ["a sign alone", "-"],
  ["a point alone", "."],
  ["no digit before the point", ".5"],
  ["no digit behind the point", "5."],
  ["two points", "1.0.0"],
  ["a leading zero", "01"],
  ["a leading zero after the sign", "-01"],
  ["an exponent", "1e5"],
  ["an exponent beyond float64", "1e400"],
  ["an exponent that costs minutes", "1e10000000"],
  ["an exponent that becomes infinite", "1e9000000000000001"],
  ["an exponent that becomes zero", "1e-9000000000000001"],
  ["not a number", "NaN"],
  ["infinity", "Infinity"],
  ["minus infinity", "-Infinity"],
  ["hexadecimal", "0x1F"],
  ["hexadecimal with an exponent", "0x1p3"],
  ["binary", "0b101"],
  ["octal", "0o17"],
  ["a digit separator", "1_000"],
  ["a thousands comma", "1,000"],
  ["a decimal comma", "1,5"],
  ["full-width digits", "１２"],
  ["Arabic digits", "٣"],
  ["Devanagari digits", "१"],
  ["a minus that is not ASCII", "−1"],
  ["a space that is not ASCII", "\u00a01"],
  ["a mark that is not seen", "1\u200b"],
  ["an ordinary word", "ten"],
  ["a currency", "$1"],
  ["twenty-one digits", "100000000000000000000"],
  ["nineteen decimals", "0.0000000000000000001"],
  ["a prototype's key", "__proto__"],
  ["a constructor's key", "constructor"],
  ["a thousand digits", "9".repeat(1_000)],
  ["a million digits", "9".repeat(1_000_000)],
  ["a million zeros behind the point", `0.${"0".repeat(1_000_000)}1`],
  ["a million minus signs", "-".repeat(1_000_000)],
];

/** What JSON or a caller can put where text belongs. */
export const HOSTILE_VALUES: readonly (readonly [what: string, value: unknown])[] = [
  ["a number", 1],
  ["a fraction", 0.1],
  ["not a number", Number.NaN],
  ["an infinite number", Number.POSITIVE_INFINITY],
  ["a big integer", 1n],
  ["null", null],
  ["nothing", undefined],
  ["true", true],
  ["an array of one text", ["1"]],
  ["an empty array", []],
  ["an object", {}],
  ["an object that says it is 1", { toString: () => "1", valueOf: () => 1 }],
  ["an object with a length", { length: 1, 0: "1" }],
  ["a boxed text", Object("1")],
  ["a function", () => "1"],
  ["a symbol", Symbol("1")],
];
