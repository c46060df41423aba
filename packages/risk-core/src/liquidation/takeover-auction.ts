import {
  type Account,
  assertInvariant,
  type AssetId,
  assetId,
  compareIds,
  type InstrumentId,
  type MarketSnapshot,
  ok,
  type Rejection,
  type Result,
  reject,
  type RiskParameters,
  type UtcMillis,
} from "@ballast/model";
import {
  type Amount,
  add,
  amountFor,
  type AssetAmount,
  Decimal,
  magnitude,
  max,
  min,
  negate,
  ONE,
  type Price,
  type Quantity,
  type Ratio,
  ratio,
  roundCharge,
  roundCredit,
  roundToLots,
  scale,
  sub,
  type Usd,
  valueOf,
  ZERO_AMOUNT,
  ZERO_QUANTITY,
  ZERO_USD,
} from "@ballast/money";
import { creditMarket } from "../decision/credit-market.js";
import { reduceVerdict, type StageRule, STANDARD_STAGES } from "../liquidation-case/stages.js";
import { indexPriceOf } from "../mark/prices.js";
import { assessAccount } from "../pipeline.js";
import { afterFill, withPaid } from "../position/after-fill.js";
import { type MarkedPosition, markPositions } from "../position/marked-position.js";
import { type AuctionRules, bufferMargin, largestShare, priceFactor, wholePrice } from "./auction.js";

/*
 * The auction of `auction.ts`, held on an account of this house: what a bid moves, and whether there is still something to
 * sell.
 *
 * Contracts pass at the mark, in whole lots, rounded down; what the account then has in each asset, profit included, passes in
 * the same share, without the cash that earlier bidders have paid in; and the bidder pays the price. The share that counts is
 * the share of maintenance margin that has really left with the contracts, at most what was bid for: so a small bid cannot
 * take cash without the risk, whatever lots and tiers do, and the closed form of the largest share stays an upper bound,
 * because a requirement that is convex in what is held falls at least as fast as the share.
 *
 * Time is the market's, so an auction is as long in a replay as it was in the world, and nobody gains by a worker that sleeps.
 */

/** How an auction of this house runs. */
export interface AuctionTerms
  extends Pick<AuctionRules, "startFactor" | "fastEndFactor" | "fastMs" | "slowMs" | "buffer"> {
  /** What bidders pay in: an asset without haircut. */
  readonly paymentAsset: AssetId;
}

/**
 * Five minutes: from 0.98 of the value to 0.8 in the first, to nothing in the other four. Longer leaves the account, and the
 * fund behind it, to a falling market; shorter is no time to look at a book and bid.
 */
export const STANDARD_AUCTION: AuctionTerms = {
  startFactor: ratio("0.98"),
  fastEndFactor: ratio("0.8"),
  fastMs: 60_000,
  slowMs: 240_000,
  buffer: ratio("0.1"),
  paymentAsset: assetId("USDC"),
};

/** An auction that has begun. */
export interface RunningAuction extends AuctionTerms {
  readonly startedAt: UtcMillis;
  /** Cash that earlier bidders have paid in, in the payment asset. */
  readonly reserved: Amount;
}

/** What is for sale at a moment, and at what price. */
export interface AuctionStanding {
  readonly priceFactor: Ratio;
  /** The largest share that may be sold; 0 when the account is not below maintenance margin. */
  readonly largestShare: Ratio;
  /** Dollars: what the account is worth at the mark, and of it what earlier bidders have paid in. */
  readonly value: Usd;
  readonly reservedCash: Usd;
  /** Dollars: the price of the whole at this moment. */
  readonly wholePrice: Usd;
  /** RESTORED, TIME_OVER and NOTHING_LEFT end an auction. */
  readonly state: "OPEN" | "RESTORED" | "TIME_OVER" | "NOTHING_LEFT";
}

/**
 * How the auction of an account stands at a snapshot. NOTHING_LEFT: the account has no position, or is worth no more than
 * bidders have paid in. RESTORED: it has what a reduction would be ended at.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method LIQUIDATION-29
 */
export function auctionStanding(
  account: Account,
  auction: RunningAuction,
  market: MarketSnapshot,
  parameters: RiskParameters,
  stages: readonly StageRule[] = STANDARD_STAGES,
): AuctionStanding {
  const elapsedMs = market.at - auction.startedAt;
  assertInvariant(elapsedMs >= 0, "LIQUIDATION-29 an auction is not judged before it has begun", { elapsedMs });
  const { summary } = assessAccount(account, market, parameters);
  const value = summary.netValue;
  const reservedCash = valueOf(auction.reserved, indexPriceOf(market, auction.paymentAsset));
  const factor = priceFactor(auction, elapsedMs).toDecimalPlaces(18, Decimal.ROUND_CEIL) as Ratio;
  const maintenanceMargin = sub(summary.equity, summary.maintenanceMargin);
  const missing = bufferMargin({ value, maintenanceMargin }, auction.buffer);
  const isWorthSomething = value.gt(max(reservedCash, ZERO_USD));
  const verdict = reduceVerdict(summary, market.at, market.at, stages);
  const isForSale = verdict === "REDUCE" && isWorthSomething;
  const state = (): AuctionStanding["state"] => {
    if (verdict === "RESTORED") return "RESTORED";
    if (!isWorthSomething || summary.maintenanceMargin.isZero()) return "NOTHING_LEFT";
    return elapsedMs >= auction.fastMs + auction.slowMs ? "TIME_OVER" : "OPEN";
  };
  return {
    priceFactor: factor,
    largestShare: isForSale ? roundShare(largestShare({ value, reservedCash }, missing, factor)) : ZERO_SHARE,
    value,
    reservedCash,
    wholePrice: wholePrice({ value, reservedCash }, factor),
    state: state(),
  };
}

const ZERO_SHARE = ratio("0");

/** Shares are rounded down, to digits that are kept and told. */
const roundShare = (share: Ratio): Ratio => share.toDecimalPlaces(18, Decimal.ROUND_FLOOR) as Ratio;

/** What a bidder asks for: a share of the account, and the highest price factor that it pays. */
export interface AuctionOffer {
  readonly share: Ratio;
  readonly priceFactorMax: Ratio;
  /** Contracts that the bidder may hold of each market, on either side; null: no caps. A market that is not named may not be added to. */
  readonly caps: MarketCaps | null;
}

export type MarketCaps = ReadonlyMap<InstrumentId, Quantity>;

/** All that an accepted bid posts, in this order, and where it leaves both. */
export interface AuctionSale {
  readonly priceFactor: Ratio;
  /** Of everything but reserved cash: what was asked for, at most the largest, less what whole lots leave out. */
  readonly share: Ratio;
  readonly largestShare: Ratio;
  /** Contracts at the mark; `quantity` is signed as a trade of the failing account. */
  readonly fills: readonly { readonly instrument: InstrumentId; readonly quantity: Quantity; readonly price: Price }[];
  /** What passes to the bidder by asset; below zero the bidder pays the account's debt. By ascending id, none zero. */
  readonly passed: readonly AssetAmount[];
  /** What the bidder pays into the account: reserved cash from now on. */
  readonly payment: AssetAmount;
  /** The account has what a reduction would be ended at: the auction is over. */
  readonly restores: boolean;
}

/**
 * What a bid moves at a snapshot. Refuses, in this order: SAME_ACCOUNT; AUCTION_CLOSED when there is nothing to sell any more
 * or the time is over; AUCTION_PRICE_ABOVE_LIMIT; AUCTION_SHARE_TOO_SMALL when no whole lot is in it; PROVIDER_CAP_EXCEEDED
 * when the bidder would hold more of a market than it may, and more than before; BALANCE_INSUFFICIENT when the bidder has not the cash; INITIAL_MARGIN_INSUFFICIENT when its own initial margin would not hold afterwards.
 *
 * Rounded for the account: what it gives down, what it is paid up, to the ledger's 18 digits.
 *
 * @throws MissingPrice when the snapshot lacks a price that one of the two needs.
 * @method LIQUIDATION-29
 */
export function planAuctionSale(
  failing: { readonly account: Account; readonly epoch: number; readonly auction: RunningAuction },
  bidder: Account,
  offer: AuctionOffer,
  market: MarketSnapshot,
  parameters: RiskParameters,
  stages: readonly StageRule[] = STANDARD_STAGES,
): Result<AuctionSale, Rejection> {
  const { account, epoch, auction } = failing;
  if (bidder.id === account.id) return reject({ code: "SAME_ACCOUNT", account: bidder.id });
  const standing = auctionStanding(account, auction, market, parameters, stages);
  if (standing.state !== "OPEN") return reject({ code: "AUCTION_CLOSED", account: account.id, epoch });
  const { priceFactor: factor, largestShare: largest } = standing;
  if (factor.gt(offer.priceFactorMax)) {
    return reject({ code: "AUCTION_PRICE_ABOVE_LIMIT", priceFactor: factor, priceFactorMax: offer.priceFactorMax });
  }

  const marked = markPositions(account, market, parameters);
  const fills = contractsOf(marked, min(offer.share, largest));
  const [traded, taking] = passContracts(account, bidder, marked, fills);
  const released = releasedShare(account, traded, market, parameters);
  const share = roundShare(min(min(offer.share, largest), released));
  if (share.lte(0)) return reject({ code: "AUCTION_SHARE_TOO_SMALL", asked: offer.share, largest });
  const aboveCap = offer.caps === null ? null : capExceeded(bidder, taking, offer.caps);
  if (aboveCap !== null) return reject(aboveCap);

  const passed = cashOf(account, marked, auction, share);
  const { paymentAsset } = auction;
  const price = scale(standing.wholePrice, share);
  const payment = { asset: paymentAsset, amount: roundCharge(amountFor(price, indexPriceOf(market, paymentAsset))) };
  const moved = [...passed, { asset: paymentAsset, amount: negate(payment.amount) }];
  const paidOut = moved.reduce((left, { asset, amount }) => paid(left, asset as AssetId, negate(amount)), traded);
  const bidderAfter = moved.reduce((left, { asset, amount }) => paid(left, asset as AssetId, amount), taking);

  const refused = canAfford(bidder, bidderAfter, paymentAsset, market, parameters);
  if (refused !== null) return reject(refused);
  const { summary } = assessAccount(paidOut, market, parameters);
  const restores = reduceVerdict(summary, market.at, market.at, stages) === "RESTORED";
  return ok({ priceFactor: factor, share, largestShare: largest, fills, passed, payment, restores });
}

/** The whole lots in a share of each position, as trades of the account; positions of which there are none are left out. */
function contractsOf(marked: readonly MarkedPosition[], share: Ratio): AuctionSale["fills"] {
  return marked
    .map(({ instrument, position, markPrice }) => ({
      instrument: instrument.id,
      quantity: negate(roundToLots(scale(position.quantity, share), instrument.lotSize)),
      price: markPrice,
    }))
    .filter(({ quantity }) => !quantity.isZero());
}

function passContracts(
  account: Account,
  bidder: Account,
  marked: readonly MarkedPosition[],
  fills: AuctionSale["fills"],
): readonly [Account, Account] {
  let [leaving, taking] = [account, bidder];
  for (const { instrument: id, quantity, price } of fills) {
    const instrument = marked.find((each) => each.instrument.id === id)?.instrument;
    assertInvariant(instrument !== undefined, "LIQUIDATION-29 what is sold is held", { instrument: id });
    leaving = afterFill(leaving, { instrument, quantity, price, fee: ZERO_AMOUNT });
    taking = afterFill(taking, { instrument, quantity: negate(quantity), price, fee: ZERO_AMOUNT });
  }
  return [leaving, taking];
}

/** The first market, by id, of which a bidder would hold more than its cap and more than before; null when there is none. */
function capExceeded(before: Account, after: Account, caps: MarketCaps): Rejection | null {
  for (const instrument of [...after.positions.keys()].sort(compareIds)) {
    const contracts = magnitude(after.positions.get(instrument)?.quantity ?? ZERO_QUANTITY);
    const contractsMax = caps.get(instrument) ?? ZERO_QUANTITY;
    const isBurden = contracts.gt(magnitude(before.positions.get(instrument)?.quantity ?? ZERO_QUANTITY));
    if (isBurden && contracts.gt(contractsMax)) {
      return { code: "PROVIDER_CAP_EXCEEDED", account: after.id, instrument, contracts, contractsMax };
    }
  }
  return null;
}

/** Which share of maintenance margin has left with the contracts; not above 1. */
function releasedShare(before: Account, after: Account, market: MarketSnapshot, parameters: RiskParameters): Ratio {
  const was = assessAccount(before, market, parameters).summary.maintenanceMargin;
  const is = assessAccount(after, market, parameters).summary.maintenanceMargin;
  return ONE.sub(is.div(was)) as Ratio;
}

/** The same share of what the account has in each asset, unrealised profit included and reserved cash not. */
function cashOf(
  account: Account,
  marked: readonly MarkedPosition[],
  { paymentAsset, reserved }: RunningAuction,
  share: Ratio,
): readonly AssetAmount[] {
  const worth = worthByAsset(account, marked);
  worth.set(paymentAsset, sub(worth.get(paymentAsset) ?? ZERO_AMOUNT, reserved));
  return [...worth]
    .sort(([left], [right]) => compareIds(left, right))
    .map(([asset, amount]) => ({ asset, amount: roundCredit(scale(amount, share)) }))
    .filter(({ amount }) => !amount.isZero());
}

/** What an account has in each asset, unrealised profit included. */
function worthByAsset({ balances }: Account, marked: readonly MarkedPosition[]): Map<AssetId, Amount> {
  const worth = new Map(balances);
  for (const { instrument, unrealisedProfit } of marked) {
    const asset = instrument.settlementAsset;
    worth.set(asset, add(worth.get(asset) ?? ZERO_AMOUNT, unrealisedProfit));
  }
  return worth;
}

/** Why the bidder cannot carry what it would take; null when it can. New risk is judged at credit prices. */
function canAfford(
  before: Account,
  after: Account,
  paymentAsset: AssetId,
  market: MarketSnapshot,
  parameters: RiskParameters,
): Rejection | null {
  const cash = (account: Account): Amount =>
    worthByAsset(account, markPositions(account, market, parameters)).get(paymentAsset) ?? ZERO_AMOUNT;
  const [balance, left] = [cash(before), cash(after)];
  if (left.lt(0) && left.lt(balance)) {
    return { code: "BALANCE_INSUFFICIENT", asset: paymentAsset, balance, required: sub(balance, left) };
  }
  const { equity, initialMargin } = assessAccount(
    after,
    creditMarket(market, after, parameters) ?? market,
    parameters,
  ).summary;
  if (equity.gte(initialMargin)) return null;
  return { code: "INITIAL_MARGIN_INSUFFICIENT", account: after.id, equity, initialMargin };
}

function paid(account: Account, asset: AssetId, change: Amount): Account {
  return { ...account, balances: withPaid(account.balances, asset, change) };
}
