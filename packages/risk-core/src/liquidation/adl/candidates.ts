import type { Account, AssetId, Instrument } from "@ballast/model";
import { add, Decimal, negate, type Price, type Quantity, type Usd, ZERO_AMOUNT, ZERO_USD } from "@ballast/money";
import { isHouse } from "../../decision/health.js";
import { markPriceOf } from "../../mark/prices.js";
import { afterFill } from "../../position/after-fill.js";
import { type MarkedPosition, markPositions } from "../../position/marked-position.js";
import { assessHealth } from "../../scan/assess-health.js";
import type { Scene } from "../solvency.js";
import type { AfterAdl } from "./allocate.js";
import type { AdlCandidate } from "./rank.js";

/*
 * How an account of the exchange stands in the line for one instrument. Units are contracts of that instrument, because a
 * bankrupt contract can be closed against the same contract only; profit, size and hedges are those of the whole underlying,
 * because a short perpetual against a long future is a hedge whatever the contracts are called.
 */

/** The side of the holders that are asked: shorts give up contracts when a bankrupt long is closed. */
export type Side = "LONG" | "SHORT";

/**
 * The accounts that hold this side of an instrument, the house left out, as candidates; in the order of the accounts.
 *
 * @throws MissingPrice when the snapshot lacks a price that one of the accounts needs.
 * @method LIQUIDATION-8
 */
export function adlCandidates(
  instrument: Instrument,
  side: Side,
  accounts: readonly Account[],
  scene: Scene,
): readonly AdlCandidate[] {
  const candidates: AdlCandidate[] = [];
  for (const account of accounts) {
    const quantity = account.positions.get(instrument.id)?.quantity;
    if (quantity === undefined || quantity.gt(0) !== (side === "LONG") || isHouse(account.kind)) continue;
    candidates.push(candidateOf(instrument, quantity, account, scene));
  }
  return candidates;
}

/**
 * What a holder is left with after it has given up contracts at a price: a fill on a copy of its account, judged as every
 * account is.
 *
 * @method LIQUIDATION-9
 */
export function afterClosing(
  instrument: Instrument,
  at: Price,
  accountOf: (id: string) => Account,
  { market, parameters }: Scene,
): AfterAdl {
  return ({ account, quantity: held }, units) => {
    const quantity = held.gt(0) ? negate(units) : units;
    const after = afterFill(accountOf(account), { instrument, quantity, price: at, fee: ZERO_AMOUNT });
    const { equity, maintenanceMargin } = assessHealth(after, market, parameters).summary;
    return { equity, maintenanceMargin };
  };
}

function candidateOf(instrument: Instrument, quantity: Quantity, account: Account, scene: Scene): AdlCandidate {
  const { market, parameters } = scene;
  const { state, summary } = assessHealth(account, market, parameters);
  const positions = markPositions(account, market, parameters);
  const ofUnderlying = positions.filter(({ instrument: held }) => held.underlying === instrument.underlying);
  const ofSide = ofUnderlying.filter(({ position }) => position.quantity.gt(0) === quantity.gt(0));
  const perContract = coinsOf(instrument, new Decimal(1), markPriceOf(market, instrument));
  return {
    account: account.id,
    quantity,
    netDelta: netDeltaOf(account, instrument.underlying, ofUnderlying).div(perContract) as Quantity,
    unrealisedProfit: ofSide.reduce<Usd>((sum, { unrealisedProfitUsd }) => add(sum, unrealisedProfitUsd), ZERO_USD),
    notional: ofSide.reduce<Usd>((sum, { notional }) => add(sum, notional), ZERO_USD),
    grossNotional: positions.reduce<Usd>((sum, { notional }) => add(sum, notional), ZERO_USD),
    equity: summary.equity,
    maintenanceMargin: summary.maintenanceMargin,
    isInLiquidation: state === "BANKRUPT" || state === "LIQUIDATABLE",
  };
}

/** Coins by which an account gains or loses with the underlying: its contracts, and what it holds or is owed in the coin itself. */
function netDeltaOf(account: Account, underlying: AssetId, positions: readonly MarkedPosition[]): Decimal {
  let coins: Decimal = account.balances.get(underlying) ?? ZERO_AMOUNT;
  for (const { instrument, position, markPrice, unrealisedProfit } of positions) {
    coins = coins.add(coinsOf(instrument, position.quantity, markPrice));
    if (instrument.settlementAsset === underlying) coins = coins.add(unrealisedProfit);
  }
  return coins;
}

const coinsOf = ({ payoff, contractSize }: Instrument, quantity: Decimal, markPrice: Price): Decimal =>
  payoff === "linear" ? quantity.mul(contractSize) : quantity.mul(contractSize).div(markPrice);
