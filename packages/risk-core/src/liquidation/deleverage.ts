import { type Account, type AccountId, assertInvariant, type Instrument, type InstrumentId } from "@ballast/model";
import {
  amount,
  Decimal,
  magnitude,
  negate,
  type Price,
  type Quantity,
  type Ratio,
  scale,
  sub,
  type Usd,
  valueOf,
  ZERO_AMOUNT,
  ZERO_QUANTITY,
} from "@ballast/money";
import { indexPriceOf, markPriceOf } from "../mark/prices.js";
import { assessAccount } from "../pipeline.js";
import { afterFill } from "../position/after-fill.js";
import { allocateDeleveraging, type DeleveragingShare, rankForDeleveraging, type Side } from "./adl-ranking.js";
import { bankruptcyPrices } from "./bankruptcy-price.js";
import { canonicalOrder } from "./imagined-order.js";
import { wholeLots } from "./lots.js";
import { DUST, meansOf, type Scene, shortfallOf } from "./solvency.js";

/*
 * Closing one lot at the bankruptcy price instead of the mark gains the account the same dollars every time, and costs
 * the holder the same dollars of its profit. So the number of lots that cover what is missing is a division, rounded
 * up, and nobody is asked for a lot more.
 */

/** Contracts that change hands. `quantity` is signed as a trade of the account that is taken over. */
export interface TakeoverFill {
  readonly instrument: InstrumentId;
  readonly counterparty: AccountId;
  readonly quantity: Quantity;
  readonly price: Price;
}

/** The accounts after the closing, and what was closed. */
export interface Deleveraged {
  readonly account: Account;
  readonly holders: readonly Account[];
  readonly fills: readonly TakeoverFill[];
}

/**
 * Closes just enough whole lots of the account at its bankruptcy prices, against the ranked holders of the other side, to
 * gain `missing` dollars; less where the holders cannot give more. Positions in canonical order. No fills when
 * nothing is missing or no bankruptcy prices exist.
 *
 * @method LIQUIDATION-9
 */
export function deleverage(account: Account, missing: Usd, holders: readonly Account[], scene: Scene): Deleveraged {
  const { market, parameters } = scene;
  const prices = missing.gt(0) ? bankruptcyPrices(account, market, parameters) : null;
  if (prices === null) return { account, holders, fills: [] };
  const means = sub(shortfallOf(account, scene), missing);
  const standing = new Map(holders.map((holder) => [holder.id, holder]));
  const fills: TakeoverFill[] = [];
  let closing = account;
  for (const instrument of canonicalOrder(assessAccount(account, market, parameters).positions, parameters)) {
    const open = sub(shortfallOf(closing, scene), means);
    const held = closing.positions.get(instrument.id)?.quantity ?? ZERO_QUANTITY;
    const price = prices.get(instrument.id);
    if (open.lt(DUST) || price === undefined) break;
    const lot = held.gt(0) ? instrument.lotSize : negate(instrument.lotSize);
    const gain = gainOfLot(instrument, lot, price, scene);
    if (gain.lte(0)) continue;
    const lots = Decimal.min(wholeLots(held, instrument.lotSize), open.div(gain).ceil());
    const need = magnitude(scale(lot, lots as Ratio));
    const candidates = closeable(instrument, held.gt(0) ? "SHORT" : "LONG", gain, [...standing.values()], scene);
    for (const share of allocateDeleveraging(need, candidates)) {
      const quantity = held.gt(0) ? negate(share.quantity) : share.quantity;
      const holder = standing.get(share.account);
      assertInvariant(holder !== undefined, "LIQUIDATION-9 shares go to ranked holders", { account: share.account });
      closing = afterFill(closing, { instrument, quantity, price, fee: ZERO_AMOUNT });
      standing.set(holder.id, afterFill(holder, { instrument, quantity: negate(quantity), price, fee: ZERO_AMOUNT }));
      fills.push({ instrument: instrument.id, counterparty: holder.id, quantity, price });
    }
  }
  return { account: closing, holders: [...standing.values()], fills };
}

/** Dollars that the account gains, and a holder loses, when one lot is closed at `price` instead of the mark. */
function gainOfLot(instrument: Instrument, lot: Quantity, price: Price, { market }: Scene): Usd {
  const size = lot.mul(instrument.contractSize);
  const markPrice = markPriceOf(market, instrument);
  const coins =
    instrument.payoff === "linear" ? size.mul(price.sub(markPrice)) : size.div(markPrice).sub(size.div(price));
  return valueOf(amount(coins), indexPriceOf(market, instrument.settlementAsset));
}

/**
 * The ranked holders, each with the whole lots that it can give up without falling below zero itself. One after the other:
 * what the last ones could give is not worked out when the first ones give enough.
 *
 * @method LIQUIDATION-9
 */
function* closeable(
  instrument: Instrument,
  side: Side,
  lossOfLot: Usd,
  holders: readonly Account[],
  scene: Scene,
): Generator<DeleveragingShare> {
  const { market, parameters } = scene;
  const byId = new Map(holders.map((holder) => [holder.id, holder]));
  for (const { account, quantity } of rankForDeleveraging(instrument, side, holders, market, parameters)) {
    const holder = byId.get(account);
    assertInvariant(holder !== undefined, "LIQUIDATION-8 only holders are ranked", { account });
    const bearable = meansOf(holder, scene).div(lossOfLot).floor();
    const lots = Decimal.min(wholeLots(quantity, instrument.lotSize), bearable);
    yield { account, quantity: scale(instrument.lotSize, lots as Ratio) };
  }
}
