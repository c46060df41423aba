import { Decimal, plain } from "./decimal.js";
import { USD_SCALE } from "./rounding.js";
import type { Amount, Price, Quantity, Rate, Ratio, Usd } from "./units.js";

/*
 * The two border posts between decimals (what is stored, compared, shown) and float64 (what is scanned).
 * Nothing else in the house may call toNumber(), Number() or parseFloat() on money.
 */

/** A float64 that does not stand for an amount: not finite, or beyond what a scan may produce. */
export class NotAnAmount extends Error {
  override readonly name = "NotAnAmount";
  readonly code = "FLOAT_NOT_AN_AMOUNT";
  constructor(readonly received: number) {
    super(`expected a finite float64 of at most 1e20 in size; found ${received}`);
  }
}

/**
 * In: the float64 nearest to a decimal. Relative error at most 2^-53.
 *
 * @method NUMBERS-2
 */
export function toFloat64(value: Usd | Amount | Price | Quantity | Ratio | Rate): number {
  return value.toNumber();
}

/**
 * Out: a scanned loss (positive is a loss) as a decimal, rounded *up* to `scale` digits after the point; dollars have
 * `USD_SCALE`. A float is read as the shortest decimal that denotes it.
 *
 * @throws NotAnAmount when the float is not finite or larger than 1e20 in size.
 * @method NUMBERS-2
 */
export function lossFromFloat64(loss: number, scale: number = USD_SCALE): Usd {
  if (!Number.isFinite(loss) || Math.abs(loss) > 1e20) throw new NotAnAmount(loss);
  return plain(new Decimal(loss).toDecimalPlaces(scale, Decimal.ROUND_CEIL)) as unknown as Usd;
}
