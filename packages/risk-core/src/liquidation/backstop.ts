import { compareIds, type InstrumentId } from "@ballast/model";
import { Decimal, min, ONE, type Quantity, type Ratio, roundToLots, type Usd, ZERO_QUANTITY } from "@ballast/money";
import { wholeLots } from "./lots.js";

/*
 * The backstop takes over what the market cannot take now, and lets go of it later. Two things keep it from being insurance
 * nobody has paid for: how much it may hold of each market, and how much it may lose in its own stress. Within them it
 * takes an equal share of every position of an account; beyond them the waterfall goes on to deleveraging, early and small.
 */

/** What the backstop holds in one market and may hold at most. */
export interface MarketCap {
  readonly instrument: InstrumentId;
  /** Signed units. */
  readonly held: Quantity;
  /** Units at most, on either side. */
  readonly unitsMax: Quantity;
}

/** What the backstop could lose in its own stress scenario, and may. */
export interface StressBudget {
  readonly lossNow: Usd;
  readonly lossMax: Usd;
  /** What it would lose more with the whole of the account. */
  readonly lossOfAccount: Usd;
}

/** The largest share it takes, and what keeps it from taking more. */
export interface TakeoverShare {
  /** 0…1, rounded down to 18 digits. */
  readonly share: Ratio;
  /** A market whose cap is reached, the stress budget, or nothing. */
  readonly because: InstrumentId | "STRESS_BUDGET" | null;
}

/**
 * The largest equal share of all positions of an account that keeps the backstop within every cap and within its stress budget.
 * What makes its own position smaller is no burden; a market without a cap is one it may not hold.
 *
 * @method LIQUIDATION-24
 */
export function takeoverShare(
  positions: readonly { readonly instrument: InstrumentId; readonly quantity: Quantity }[],
  caps: readonly MarketCap[],
  { lossNow, lossMax, lossOfAccount }: StressBudget,
): TakeoverShare {
  let found: TakeoverShare = { share: ONE, because: null };
  const limit = (share: Decimal, because: TakeoverShare["because"]) => {
    const bounded = Decimal.max(share, 0).toDecimalPlaces(18, Decimal.ROUND_FLOOR) as Ratio;
    if (bounded.lt(found.share)) found = { share: bounded, because };
  };
  for (const { instrument, quantity } of [...positions].sort((left, right) =>
    compareIds(left.instrument, right.instrument),
  )) {
    if (quantity.isZero()) continue;
    const cap = caps.find((each) => each.instrument === instrument);
    const held = cap?.held ?? ZERO_QUANTITY;
    const room = (cap?.unitsMax ?? ZERO_QUANTITY).sub(quantity.gt(0) ? held : held.neg());
    limit(room.div(quantity.abs()), instrument);
  }
  if (lossOfAccount.gt(0)) limit(lossMax.sub(lossNow).div(lossOfAccount), "STRESS_BUDGET");
  return found;
}

/** How fast stock leaves: at each step a fraction of it, the last bit whole, never more than a share of the book. */
export interface DisposalPace {
  readonly fraction: Ratio;
  /** A position of at most so many units leaves whole. */
  readonly wholeUpTo: Quantity;
  readonly bookShareMax: Ratio;
}

/**
 * The units of the next disposal order, unsigned: `fraction` of what is held, or all of it when that is little, and at most
 * `bookShareMax` of what the other side of the book offers within its bounds. In whole lots where there are lots.
 *
 * Disposal trades do not move the mark, and the limit price of the order is the bound that the book was read within.
 *
 * @method LIQUIDATION-24
 */
export function disposalSize(
  held: Quantity,
  bookVolume: Quantity,
  { fraction, wholeUpTo, bookShareMax }: DisposalPace,
  lotSize: Quantity | null = null,
): Quantity {
  const units = held.abs() as Quantity;
  const wanted = units.lte(wholeUpTo) ? units : (units.mul(fraction) as Quantity);
  const most = min(wanted, bookVolume.mul(bookShareMax) as Quantity);
  if (lotSize === null) return most;
  return most.eq(units) && wholeLots(units, lotSize).mul(lotSize).eq(units) ? units : roundToLots(most, lotSize);
}
