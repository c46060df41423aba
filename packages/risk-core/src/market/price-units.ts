import { assertInvariant } from "@ballast/model";
import { Decimal, LEDGER_SCALE, type Price, type Ratio } from "@ballast/money";
import { divideHalfEven, tenTo, wordUnits } from "../scan/fixed-point.js";

/*
 * Prices and shares as whole numbers, counted in units of 10^-21. An index is a median, a band and an average of some ten
 * prices with every tick: as Decimals with their sixty digits that is a hundred microseconds, most of it in two divisions;
 * as whole numbers it is a few, and nothing is rounded before the end. A price in the money grammar has at most 18 digits
 * after the point, so reading one is exact.
 */

const WORDS = 3;
const DIGITS = 7 * WORDS;

/** The number one. */
export const ONE_UNITS = tenTo(DIGITS);

/** A price or a share in units. Exact; an invariant says that it has no more than 21 digits after the point. */
export function unitsOf(value: Price | Ratio): bigint {
  const units = wordUnits(value, WORDS);
  assertInvariant(units !== null, "MARKET-4 a price has at most 21 digits after the point", () => ({
    value: value.toFixed(),
  }));
  return units;
}

/** A share of a value, or a price in another unit: left × right, to the nearest unit. Both at least 0. */
export function productOf(left: bigint, right: bigint): bigint {
  return divideHalfEven(left * right, ONE_UNITS);
}

/** The value as it is, to every digit. */
export function exactPrice(units: bigint): Price {
  return new Decimal(`${units}e-${DIGITS}`) as Price;
}

/** Significant digits of every price that this chapter makes. */
const PRICE_DIGITS = 12;

/**
 * A computed price as it is published: 12 significant digits, at most 18 after the point, half-even. A price is nobody's
 * claim, so it is rounded to the nearest; requirements and assets are rounded against the account later.
 *
 * @method MARKET-4
 */
export function publishedPrice(units: bigint): Price {
  return roundedPrice(exactPrice(units));
}

/** The same for a price that was computed as a Decimal. */
export function roundedPrice(value: Decimal): Price {
  const rounded = value.toSignificantDigits(PRICE_DIGITS);
  return (rounded.decimalPlaces() > LEDGER_SCALE ? rounded.toDecimalPlaces(LEDGER_SCALE) : rounded) as Price;
}
