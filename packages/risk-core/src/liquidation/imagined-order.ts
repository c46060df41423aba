import {
  type Account,
  assertInvariant,
  compareIds,
  type Instrument,
  type LiquidationLeg,
  type MarginSummary,
  type PositionMargin,
  type RiskParameters,
} from "@ballast/model";
import { Decimal, negate, type Quantity, type Ratio, scale, sub, ZERO_AMOUNT, ZERO_QUANTITY } from "@ballast/money";
import { depthOf, indexPriceOf, markPriceOf } from "../mark/prices.js";
import { afterFill, withPaid } from "../position/after-fill.js";
import { instrumentOf } from "../position/marked-position.js";
import { assessPrepared, netValuePrepared } from "../scan/assess-health.js";
import type { PreparedMarket } from "../scan/prepared-market.js";
import { executionPrice } from "./execution-price.js";
import { liquidationFee } from "./liquidation-fee.js";
import { lotsWorth, wholeLots } from "./lots.js";

/** An account at some point of a plan, with its figures there. */
export interface Standing {
  readonly account: Account;
  readonly summary: MarginSummary;
}

/** The order that a leg may be at most: `lots` whole lots of `trade` (one lot, signed as a trade of the account). */
export interface LargestOrder {
  readonly instrument: Instrument;
  readonly trade: Quantity;
  readonly lots: Decimal;
  readonly boundedByDepth: boolean;
}

/** One order of a plan and where it leaves the account. */
export interface ImaginedOrder {
  readonly leg: LiquidationLeg;
  readonly after: Standing;
}

/**
 * The order in which positions are worked: largest maintenance margin first; ids, by code point, decide ties.
 *
 * @method LIQUIDATION-1
 */
export function canonicalOrder(
  positions: readonly PositionMargin[],
  parameters: RiskParameters,
): readonly Instrument[] {
  return [...positions]
    .sort(
      (left, right) =>
        right.maintenanceMargin.cmp(left.maintenanceMargin) || compareIds(left.instrument, right.instrument),
    )
    .map(({ instrument }) => instrumentOf(parameters, instrument));
}

/**
 * The whole lots of the position, or as many as `depthShare` of the instrument's depth allows.
 *
 * @method LIQUIDATION-4
 */
export function largestOrder(
  account: Account,
  instrument: Instrument,
  depthShare: Ratio,
  { market }: PreparedMarket,
): LargestOrder {
  const held = account.positions.get(instrument.id)?.quantity ?? ZERO_QUANTITY;
  const lotsHeld = wholeLots(held, instrument.lotSize);
  const lotsInDepth = lotsWorth(
    scale(depthOf(market, instrument), depthShare),
    instrument,
    markPriceOf(market, instrument),
  );
  return {
    instrument,
    trade: held.gt(0) ? negate(instrument.lotSize) : instrument.lotSize,
    lots: Decimal.min(lotsHeld, lotsInDepth),
    boundedByDepth: lotsInDepth.lt(lotsHeld),
  };
}

/**
 * What is expected of `lots` lots of an order: they trade at the execution price and pay a fee of `feeRate`.
 *
 * What it releases may be below zero for a portfolio account, whose position may hedge another one; whoever plans takes no such order.
 *
 * @throws InvariantViolation when a reduction would raise maintenance margin under standard margin.
 * @method LIQUIDATION-2 LIQUIDATION-3
 */
export function imagineOrder(
  from: Standing,
  { instrument, trade }: LargestOrder,
  lots: Decimal,
  feeRate: Ratio,
  prepared: PreparedMarket,
): ImaginedOrder {
  const { market, parameters } = prepared;
  const quantity = scale(trade, lots as Ratio);
  const markPrice = markPriceOf(market, instrument);
  const price = executionPrice({
    instrument,
    quantity,
    markPrice,
    depth: depthOf(market, instrument),
    halfSpread: parameters.liquidation.halfSpread,
  });
  const traded = afterFill(from.account, { instrument, quantity, price, fee: ZERO_AMOUNT });
  const fee = liquidationFee({
    instrument,
    quantity,
    price,
    settlementIndex: indexPriceOf(market, instrument.settlementAsset),
    rate: feeRate,
    netValueLeft: netValuePrepared(traded, prepared),
  });
  const account = { ...traded, balances: withPaid(traded.balances, instrument.settlementAsset, negate(fee)) };
  const { summary } = assessPrepared(account, prepared);
  const released = sub(from.summary.maintenanceMargin, summary.maintenanceMargin);
  assertInvariant(
    released.gte(0) || account.marginMode === "PORTFOLIO",
    "LIQUIDATION-1 under standard margin a reduction never raises maintenance margin",
    { account: account.id, instrument: instrument.id, released: released.toFixed() },
  );
  const cost = sub(from.summary.netValue, summary.netValue);
  return {
    leg: { instrument: instrument.id, quantity, markPrice, expectedPrice: price, released, cost },
    after: { account, summary },
  };
}
