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
import { type AdlPlan, allocateAdl } from "./adl/allocate.js";
import { adlCandidates, afterClosing } from "./adl/candidates.js";
import { bankruptcyPrices } from "./bankruptcy-price.js";
import { canonicalOrder } from "./imagined-order.js";
import { wholeLots } from "./lots.js";
import { DUST, type Scene, shortfallOf } from "./solvency.js";

/*
 * Closing one lot at the bankruptcy price instead of the mark gains the account the same dollars every time, and costs
 * the holder the same dollars of its profit. So the number of lots that cover what is missing is a division, rounded
 * up; who gives them up is decided by the line (adl/rank.ts, adl/allocate.ts).
 */

/** Contracts that change hands. `quantity` is signed as a trade of the account that is taken over. */
export interface TakeoverFill {
  readonly instrument: InstrumentId;
  readonly counterparty: AccountId;
  readonly quantity: Quantity;
  readonly price: Price;
}

/** How the contracts of one instrument were asked for: the line, what each gave, and whom a plain queue would have taken. */
export interface DeleveragingLine extends AdlPlan {
  readonly instrument: InstrumentId;
  /** Contracts that were asked for, above zero. */
  readonly need: Quantity;
}

/** The accounts after the closing, and what was closed. */
export interface Deleveraged {
  readonly account: Account;
  readonly holders: readonly Account[];
  readonly fills: readonly TakeoverFill[];
  readonly lines: readonly DeleveragingLine[];
}

/**
 * Closes just enough whole lots of the account at its bankruptcy prices, against the holders of the other side, to
 * gain `missing` dollars; less where the holders cannot give more without harm. Positions in canonical order. No fills when
 * nothing is missing or no bankruptcy prices exist.
 *
 * @method LIQUIDATION-9
 */
export function deleverage(account: Account, missing: Usd, holders: readonly Account[], scene: Scene): Deleveraged {
  const { market, parameters } = scene;
  const prices = missing.gt(0) ? bankruptcyPrices(account, market, parameters) : null;
  if (prices === null) return { account, holders, fills: [], lines: [] };
  const means = sub(shortfallOf(account, scene), missing);
  const standing = new Map<string, Account>(holders.map((holder) => [holder.id, holder]));
  const fills: TakeoverFill[] = [];
  const lines: DeleveragingLine[] = [];
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
    const plan = allocateAdl(
      { units: need, lotSize: instrument.lotSize, bankruptcyPrice: price },
      adlCandidates(instrument, held.gt(0) ? "SHORT" : "LONG", [...standing.values()], scene),
      afterClosing(instrument, price, (id) => holderOf(standing, id), scene),
    );
    lines.push({ instrument: instrument.id, need, ...plan });
    for (const share of plan.shares) {
      const quantity = held.gt(0) ? negate(share.units) : share.units;
      const holder = holderOf(standing, share.candidate.account);
      closing = afterFill(closing, { instrument, quantity, price, fee: ZERO_AMOUNT });
      standing.set(holder.id, afterFill(holder, { instrument, quantity: negate(quantity), price, fee: ZERO_AMOUNT }));
      fills.push({ instrument: instrument.id, counterparty: holder.id, quantity, price });
    }
  }
  return { account: closing, holders: [...standing.values()], fills, lines };
}

function holderOf(holders: ReadonlyMap<string, Account>, id: string): Account {
  const holder = holders.get(id);
  assertInvariant(holder !== undefined, "LIQUIDATION-9 only holders stand in the line", { account: id });
  return holder;
}

/** Dollars that the account gains, and a holder loses, when one lot is closed at `price` instead of the mark. */
function gainOfLot(instrument: Instrument, lot: Quantity, price: Price, { market }: Scene): Usd {
  const size = lot.mul(instrument.contractSize);
  const markPrice = markPriceOf(market, instrument);
  const coins =
    instrument.payoff === "linear" ? size.mul(price.sub(markPrice)) : size.div(markPrice).sub(size.div(price));
  return valueOf(amount(coins), indexPriceOf(market, instrument.settlementAsset));
}
