import type { Instrument } from "@ballast/model";
import { Decimal, ONE, type Price, type Quantity, type Ratio, type Usd } from "@ballast/money";
import { notionalOf } from "../position/exposure.js";

/** An order as the market meets it. `quantity` is signed: negative sells. `depth` is dollars a per cent, above zero. */
export interface MarketOrder {
  readonly instrument: Instrument;
  readonly quantity: Quantity;
  readonly markPrice: Price;
  readonly depth: Usd;
  readonly halfSpread: Ratio;
}

const ONE_PER_CENT = new Decimal("0.01");
const HALF = new Decimal("0.5");

/**
 * The average price at which a market order trades: the mark, made worse by half the spread and by half of the impact
 * that the order has at its end (the impact grows linearly with the dollars traded, one per cent per `depth`).
 *
 * Rounded to the tick against the account that trades: a sale down, a purchase up; never below one tick. Dollars of a
 * linear order are counted at an index of one for its settlement asset, because depth is quoted at the venue. The planner and the
 * simulated venue both call this, so that a plan expects exactly what a quiet venue then does.
 *
 * @method LIQUIDATION-2
 */
export function executionPrice({ instrument, quantity, markPrice, depth, halfSpread }: MarketOrder): Price {
  const dollars = notionalOf(instrument, quantity, markPrice, ONE as unknown as Price);
  const impact = dollars.mul(ONE_PER_CENT).mul(HALF).div(depth);
  const worse = impact.add(halfSpread);
  const sells = quantity.lt(0);
  const raw = markPrice.mul(sells ? ONE.sub(worse) : ONE.add(worse));
  const rounding = sells ? Decimal.ROUND_FLOOR : Decimal.ROUND_CEIL;
  const ticks = raw.div(instrument.tickSize).toDecimalPlaces(0, rounding);
  return Decimal.max(ticks, 1).mul(instrument.tickSize) as Price;
}
