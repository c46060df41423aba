import { assertInvariant } from "@ballast/model";
import { Decimal, max, min, ONE, type Ratio, scale, type Usd, ZERO_USD } from "@ballast/money";

/*
 * A Dutch auction of a part of an account: a bidder takes the same share of every position and of the cash that is not
 * reserved, and pays for it.
 *
 *   price factor p   falls fast at first, then slowly to nothing
 *   price            (value − R) · p for the whole, R what earlier bidders have paid in: reserved cash, which is not for sale
 *   target           buffer margin BM = MM + buffer · (MM − value): a little beyond maintenance, so that the next tick does not
 *                    put the account up again. Margins are net here: below zero is what is missing
 *   largest share    f leaves BM at zero. Selling f keeps (1 − f) of BM and of the reserve's claim and adds the price:
 *                    (1 − f)·BM + f·(value − R)·p + f·R = 0, so f = BM ÷ (BM − p·value − (1 − p)·R)
 *
 * An account whose value is below zero has nothing to sell: the house pays a bidder, at first what is missing to zero, in the
 * end what is missing to maintenance.
 *
 * Source of the form: the published auction of Derive, whose vectors the tests hold.
 */

/** How the price of an auction falls. */
export interface AuctionRules {
  /** Price factor at the start and at the end of the fast phase, 0…1. */
  readonly startFactor: Ratio;
  readonly fastEndFactor: Ratio;
  readonly fastMs: number;
  readonly slowMs: number;
  /** Until the house pays the whole maintenance shortfall of an insolvent account; 0: at once. */
  readonly insolventMs: number;
  /** Share of (maintenance requirement) that the target lies beyond maintenance. */
  readonly buffer: Ratio;
  /** Share of the value first put up that goes to the insurance fund. */
  readonly feeRate: Ratio;
  /** An account worth less than this is sold whole. */
  readonly valueCutoff: Usd;
}

/** An account in an auction. Margin is net: below zero is what is missing to maintenance. */
export interface AuctionedAccount {
  /** Value at the mark. */
  readonly value: Usd;
  readonly maintenanceMargin: Usd;
  /** Cash that earlier bidders have paid in. */
  readonly reservedCash: Usd;
}

/** What a bid for a share of the account comes to. */
export interface AuctionBid {
  /** Share that is sold: what was asked for, at most the largest saleable. */
  readonly share: Ratio;
  /** Cash that the bidder pays into the account; not rounded. */
  readonly payment: Usd;
  /** Cash that it must have: the payment, and the same share of what is missing to the target. */
  readonly cashRequired: Usd;
  /** The largest saleable share was taken: the account is back at its target. */
  readonly ends: boolean;
}

/**
 * The price factor so many milliseconds after the start; 0 when the auction has run out.
 *
 * @method LIQUIDATION-23
 */
export function priceFactor(
  {
    startFactor,
    fastEndFactor,
    fastMs,
    slowMs,
  }: Pick<AuctionRules, "startFactor" | "fastEndFactor" | "fastMs" | "slowMs">,
  elapsedMs: number,
): Ratio {
  assertInvariant(elapsedMs >= 0, "LIQUIDATION-23 an auction has begun", { elapsedMs });
  if (elapsedMs < fastMs) return startFactor.sub(startFactor.sub(fastEndFactor).mul(elapsedMs).div(fastMs)) as Ratio;
  if (elapsedMs >= fastMs + slowMs) return new Decimal(0) as Ratio;
  return fastEndFactor.sub(fastEndFactor.mul(elapsedMs - fastMs).div(slowMs)) as Ratio;
}

/**
 * What is missing to the target, below zero; above zero when nothing is.
 *
 * @method LIQUIDATION-23
 */
export function bufferMargin(
  { value, maintenanceMargin }: Pick<AuctionedAccount, "value" | "maintenanceMargin">,
  buffer: Ratio,
): Usd {
  return maintenanceMargin.add(maintenanceMargin.sub(value).mul(buffer)) as Usd;
}

/**
 * The largest share of the account that may be sold at a price factor, so that no more is sold than brings it to its target.
 * 0 when nothing is missing, 1 when it is worth less than the cutoff.
 *
 * @param missing  buffer margin, below zero
 * @method LIQUIDATION-23
 */
export function largestShare(
  { value, reservedCash }: Pick<AuctionedAccount, "value" | "reservedCash">,
  missing: Usd,
  factor: Ratio,
  valueCutoff: Usd = ZERO_USD,
): Ratio {
  if (value.lt(valueCutoff)) return ONE;
  if (missing.gte(0)) return new Decimal(0) as Ratio;
  const sold = value.mul(factor).add(reservedCash.mul(ONE.sub(factor)));
  return missing.div(missing.sub(sold)) as Ratio;
}

/** The price of the whole account at a price factor; reserved cash is not for sale. */
export function wholePrice(
  { value, reservedCash }: Pick<AuctionedAccount, "value" | "reservedCash">,
  factor: Ratio,
): Usd {
  return max(scale(value.sub(reservedCash) as Usd, factor), ZERO_USD);
}

/**
 * What a bidder who asks for a share gets and pays at a price factor.
 *
 * @param missing  buffer margin, below zero
 * @method LIQUIDATION-23
 */
export function bidFor(
  account: Pick<AuctionedAccount, "value" | "reservedCash">,
  missing: Usd,
  factor: Ratio,
  asked: Ratio,
  valueCutoff: Usd = ZERO_USD,
): AuctionBid {
  const largest = largestShare(account, missing, factor, valueCutoff);
  const share = min(asked, largest);
  const payment = scale(wholePrice(account, factor), share);
  const beyond = scale(missing.sub(account.reservedCash).abs() as Usd, share);
  return {
    share,
    payment,
    cashRequired: payment.add(beyond) as Usd,
    ends: asked.gte(largest),
  };
}

/**
 * The fee on putting a solvent account up: a share of the value that would have to be sold at its full price.
 *
 * @method LIQUIDATION-23
 */
export function auctionFee(value: Usd, missing: Usd, feeRate: Ratio): Usd {
  const whole = { value, reservedCash: ZERO_USD };
  return scale(scale(value, largestShare(whole, missing, ONE)), feeRate);
}

/**
 * The price of the whole of an insolvent account so many milliseconds after the start: at or below zero, what the house pays
 * whoever takes it. From its value to its maintenance margin, linearly; zero when nothing is missing.
 *
 * @method LIQUIDATION-23
 */
export function insolventPrice(
  { value, maintenanceMargin }: Pick<AuctionedAccount, "value" | "maintenanceMargin">,
  insolventMs: number,
  elapsedMs: number,
): Usd {
  assertInvariant(elapsedMs >= 0, "LIQUIDATION-23 an auction has begun", { elapsedMs });
  if (maintenanceMargin.gte(0)) return ZERO_USD;
  if (elapsedMs >= insolventMs) return maintenanceMargin;
  const start = min(value, ZERO_USD);
  return start.add(maintenanceMargin.sub(start).mul(elapsedMs).div(insolventMs)) as Usd;
}

/**
 * What the house pays for a share of an insolvent account, and the cash that its taker must have: the share of maintenance
 * less the payment.
 *
 * @method LIQUIDATION-23
 */
export function insolventTake(price: Usd, maintenanceMargin: Usd, share: Ratio) {
  const payment = scale(price.abs() as Usd, share);
  return { payment, cashRequired: scale(maintenanceMargin.abs() as Usd, share).sub(payment) as Usd };
}
