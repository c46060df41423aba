import {
  type Account,
  assertInvariant,
  compareIds,
  type Instrument,
  type InstrumentId,
  type MarketSnapshot,
  type Position,
  type RiskParameters,
} from "@ballast/model";
import { type Amount, type Price, type Usd, valueOf } from "@ballast/money";
import { indexPriceOf, markPriceOf } from "../mark/prices.js";
import { notionalOf } from "./exposure.js";
import { unrealisedProfit } from "./unrealised-profit.js";

/** A position with everything that a snapshot says about it. */
export interface MarkedPosition {
  readonly instrument: Instrument;
  readonly position: Position;
  readonly markPrice: Price;
  /** Dollars for one unit of the settlement asset. */
  readonly settlementIndex: Price;
  /** In the settlement asset. */
  readonly unrealisedProfit: Amount;
  /** The same in dollars at the index, not rounded. */
  readonly unrealisedProfitUsd: Usd;
  /** Dollars, ≥ 0, not rounded. */
  readonly notional: Usd;
}

/**
 * The account's positions, marked, in ascending order of instrument id: the order of every sum that follows.
 *
 * @throws MissingPrice when a mark or the index of a settlement asset is absent.
 * @throws InvariantViolation when the parameters do not know an instrument.
 * @method COLLATERAL-2 MARGIN-1
 */
export function markPositions(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): readonly MarkedPosition[] {
  return [...account.positions.values()]
    .sort((left, right) => compareIds(left.instrument, right.instrument))
    .map((position) => markPosition(position, market, parameters));
}

function markPosition(position: Position, market: MarketSnapshot, parameters: RiskParameters): MarkedPosition {
  const instrument = instrumentOf(parameters, position.instrument);
  const markPrice = markPriceOf(market, instrument);
  const settlementIndex = indexPriceOf(market, instrument.settlementAsset);
  const profit = unrealisedProfit(instrument, position, markPrice);
  return {
    instrument,
    position,
    markPrice,
    settlementIndex,
    unrealisedProfit: profit,
    unrealisedProfitUsd: valueOf(profit, settlementIndex),
    notional: notionalOf(instrument, position.quantity, markPrice, settlementIndex),
  };
}

/** An instrument of the parameter set. @throws InvariantViolation when it is not in it. */
export function instrumentOf(parameters: RiskParameters, id: InstrumentId): Instrument {
  const instrument = parameters.instruments.get(id);
  assertInvariant(instrument !== undefined, "MARGIN-1 every position's instrument has parameters", {
    instrument: id,
    version: parameters.version,
  });
  return instrument;
}
