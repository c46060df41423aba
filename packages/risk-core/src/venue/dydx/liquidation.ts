import { type Result, ok, reject } from "@ballast/model";
import { ceilDivide, floorDivide, magnitudeOf, scaledByTen, wholeMax, wholeMin } from "../whole-numbers.js";
import { type Markets, marketOf, type Position, riskOf, type Subaccount, transitionOf } from "./account.js";
import { MILLION, type Market, notionalOf, positionRequirement } from "./market.js";

/*
 * How dYdX takes a position from an account: at which price it offers it, from which price on the insurance fund is
 * needed, and how an account on the other side is made to take it. Whole quote quantums; prices are fractions.
 */

/** A price as a fraction in lowest terms, quote quantums for one base quantum. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** The fraction in lowest terms with a denominator above zero; `denominator` is not zero. */
export function fraction(numerator: bigint, denominator: bigint): Fraction {
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = sign * wholeMax(commonDivisor(magnitudeOf(numerator), magnitudeOf(denominator)), 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

const commonDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : commonDivisor(b, a % b));

const sizeIn = ({ positions }: Subaccount, market: string): bigint =>
  positions.find((position) => position.market === market)?.quantums ?? 0n;

/** Why a position has no such price: the change is not one that closes some of it, or nothing is to be maintained. */
export type PriceRefused = "InvalidPerpetualPositionSizeDelta" | "NothingToMaintain";

/** Does `delta` close some of a position of this size, and no more than it? */
const closes = (size: bigint, delta: bigint): boolean => size * delta < 0n && magnitudeOf(size) >= magnitudeOf(delta);

/**
 * Quote quantums that an account receives for closing `delta` of a position at its bankruptcy price: its notional, and its
 * share of net collateral by maintenance margin. Rounded such that closing there never needs the fund.
 *
 * @method TIERS-21
 */
export function bankruptcyQuote(
  account: Subaccount,
  markets: Markets,
  market: string,
  delta: bigint,
): Result<bigint, PriceRefused> {
  const { netCollateral, maintenanceMargin } = riskOf(account, markets);
  const [described, before] = [marketOf(markets, market), sizeIn(account, market)];
  if (!closes(before, delta)) return reject("InvalidPerpetualPositionSizeDelta");
  if (maintenanceMargin === 0n) return reject("NothingToMaintain");
  const after = before + delta;
  const notional = notionalOf(described, after) - notionalOf(described, before);
  const requirement = magnitudeOf(
    positionRequirement(described, after).maintenance - positionRequirement(described, before).maintenance,
  );
  return ok(-notional - floorDivide(netCollateral * requirement, maintenanceMargin));
}

/** How far from the oracle a liquidation may be offered, millionths. */
export interface FillableRule {
  readonly bankruptcyAdjustment: bigint;
  readonly spreadToMaintenance: bigint;
}

/**
 * The price at which an account's position is offered to close `delta` of it: the oracle price, worse by a share of
 * maintenance margin that grows as net collateral is used up.
 *
 * @method TIERS-21
 */
export function fillablePrice(
  account: Subaccount,
  markets: Markets,
  market: string,
  delta: bigint,
  { bankruptcyAdjustment, spreadToMaintenance }: FillableRule,
): Result<Fraction, PriceRefused> {
  const { netCollateral, maintenanceMargin } = riskOf(account, markets);
  const [described, size] = [marketOf(markets, market), sizeIn(account, market)];
  if (!closes(size, delta)) return reject("InvalidPerpetualPositionSizeDelta");
  if (maintenanceMargin === 0n) return reject("NothingToMaintain");
  // The adjustment as a fraction of millionths × maintenance margin, held between zero and one.
  const whole = MILLION * maintenanceMargin;
  const used = wholeMin(wholeMax(bankruptcyAdjustment * (maintenanceMargin - netCollateral), 0n), whole);
  const spread = used * spreadToMaintenance * positionRequirement(described, size).maintenance;
  const scale = whole * MILLION;
  return ok(fraction(notionalOf(described, size) * scale - spread, size * scale));
}

/**
 * What the insurance fund receives from a fill (negative: pays): the fill beyond bankruptcy, up to the largest fee.
 *
 * @method TIERS-21
 */
export function insuranceDelta(fillQuote: bigint, bankruptcy: bigint, feeMax: bigint): bigint {
  const beyond = fillQuote - bankruptcy;
  return beyond <= 0n ? beyond : wholeMin(floorDivide(magnitudeOf(fillQuote) * feeMax, MILLION), beyond);
}

/** Quote quantums of a fill, signed as its receiver sees it. */
export function fillQuoteOf(isBuy: boolean, quantums: bigint, subticks: bigint, exponent: bigint): bigint {
  const quote = scaledByTen(quantums * subticks, exponent);
  return isBuy ? -quote : quote;
}

/** Can the fund bear this change? */
export const bearsDelta = (fund: bigint, delta: bigint): boolean => delta >= 0n || fund + delta >= 0n;

/** Market's smallest price steps. */
export interface Subticks {
  readonly subticksPerTick: bigint;
  readonly quantumConversionExponent: bigint;
}

const SUBTICKS_MAX = 2n ** 64n - 1n;

/**
 * A price in subticks, on a tick: rounded up where a long is sold and down where a short is bought back, and never off the
 * market's ladder.
 *
 * @method TIERS-21
 */
export function toSubticks({ numerator, denominator }: Fraction, isLong: boolean, market: Subticks): bigint {
  const { subticksPerTick, quantumConversionExponent: exponent } = market;
  const [up, down] =
    exponent >= 0n ? [numerator, denominator * 10n ** exponent] : [numerator * 10n ** -exponent, denominator];
  const divide = isLong ? ceilDivide : floorDivide;
  const ticks = divide(divide(up, down), subticksPerTick);
  const largest = SUBTICKS_MAX / subticksPerTick;
  return wholeMin(wholeMax(ticks, 1n), largest) * subticksPerTick;
}

/**
 * Smallest and largest notional of one position that a liquidation may take.
 *
 * @method TIERS-21
 */
export function liquidatableNotional(market: Market, quantums: bigint, least: bigint, portionMax: bigint) {
  const notional = magnitudeOf(notionalOf(market, quantums));
  const min = wholeMin(least, notional);
  return { min, max: wholeMax(min, floorDivide(notional * portionMax, MILLION)) };
}

/** At which price an account may be made to close against others: none, its bankruptcy price, or the oracle's. */
export type DeleveragingPrice = "none" | "bankruptcy" | "oracle";

/**
 * The price at which an account is deleveraged: at bankruptcy once its net collateral is below zero, at the oracle's in a
 * market's final settlement.
 *
 * @method TIERS-21
 */
export function deleveragingPrice(account: Subaccount, markets: Markets, finalSettlement: boolean): DeleveragingPrice {
  if (riskOf(account, markets).netCollateral < 0n) return "bankruptcy";
  return finalSettlement ? "oracle" : "none";
}

/** Why two accounts cannot close against each other. */
export type DeleveragingRefused = PriceRefused | "FailedToUpdateSubaccounts";

/**
 * Closes `delta` of the liquidated account's position against an account on the other side, at the liquidated one's
 * bankruptcy price or the oracle's. Refused where either does not hold as much on its side, or where either would be left
 * riskier than it may be.
 *
 * @method TIERS-21
 */
export function deleverage(
  liquidated: Subaccount,
  offsetting: Subaccount,
  markets: Markets,
  market: string,
  delta: bigint,
  at: "bankruptcy" | "oracle",
): Result<{ readonly liquidated: Subaccount; readonly offsetting: Subaccount }, DeleveragingRefused> {
  if (!closes(sizeIn(liquidated, market), delta) || !closes(sizeIn(offsetting, market), -delta)) {
    return reject("InvalidPerpetualPositionSizeDelta");
  }
  const priced =
    at === "bankruptcy"
      ? bankruptcyQuote(liquidated, markets, market, delta)
      : ok(-notionalOf(marketOf(markets, market), delta));
  if (!priced.ok) return priced;
  const quote = priced.value;
  const after = {
    liquidated: withFill(liquidated, market, delta, quote),
    offsetting: withFill(offsetting, market, -delta, -quote),
  };
  const isAllowed = (before: Subaccount, then: Subaccount) =>
    transitionOf(riskOf(before, markets), riskOf(then, markets)) === "Success";
  return isAllowed(liquidated, after.liquidated) && isAllowed(offsetting, after.offsetting)
    ? ok(after)
    : reject("FailedToUpdateSubaccounts");
}

function withFill({ usdc, positions }: Subaccount, market: string, delta: bigint, quote: bigint): Subaccount {
  const filled = positions.map((position) =>
    position.market === market ? { ...position, quantums: position.quantums + delta } : position,
  );
  return { usdc: usdc + quote, positions: filled.filter(({ quantums }) => quantums !== 0n) };
}

/** A change of one position and of the quote it holds. */
export type PositionUpdate = Pick<Position, "market" | "quantums" | "quoteBalance">;

/**
 * The same updates with the transfers that keep every touched position above its own maintenance margin: each takes what
 * it lacks from the main balance; where that is short, first all that other positions hold beyond their margin is pulled
 * back, then positions are funded in the order of the markets. A position that is closed returns what it held.
 *
 * @method TIERS-21
 */
export function withMarginTransfers(account: Subaccount, updates: readonly PositionUpdate[], markets: Markets) {
  const touched = [...markets.keys()].flatMap((name) => updates.filter(({ market }) => market === name));
  let usdcDelta = 0n;
  const transferred = touched.map((update) => {
    const held = account.positions.find(({ market }) => market === update.market);
    const quantums = (held?.quantums ?? 0n) + update.quantums;
    const quoteBalance = (held?.quoteBalance ?? 0n) + update.quoteBalance;
    if (quantums === 0n) {
      usdcDelta += quoteBalance;
      return { ...update, quoteBalance: update.quoteBalance - quoteBalance };
    }
    return { ...update, lacks: lackOf(marketOf(markets, update.market), quantums, quoteBalance) };
  });
  const needed = transferred.reduce((sum, update) => sum + ("lacks" in update ? wholeMax(update.lacks, 0n) : 0n), 0n);
  const pulls = needed > account.usdc + usdcDelta;
  const positionDeltas = transferred.map((update): PositionUpdate => {
    if (!("lacks" in update)) return update;
    const { lacks, ...rest } = update;
    const moved = lacks > 0n || pulls ? lacks : 0n;
    usdcDelta -= moved;
    return { ...rest, quoteBalance: rest.quoteBalance + moved };
  });
  return { usdcDelta, positionDeltas };
}

/** What a position is short of its maintenance margin; negative is what it holds beyond it. */
function lackOf(market: Market, quantums: bigint, quoteBalance: bigint): bigint {
  return positionRequirement(market, quantums).maintenance - (notionalOf(market, quantums) + quoteBalance);
}
