import {
  type AuctionRowBody,
  type BidBody,
  type BidRequest,
  printTime,
  type ProviderBody,
  type ProviderRequest,
  type ProviderRowBody,
} from "@ballast/api-contract";
import {
  type Account,
  type AccountId,
  accountId,
  compareIds,
  frozenPriceOf,
  instrumentId,
  type MarketSnapshot,
  ok,
  type Rejection,
  reject,
  type Result,
  type RiskParameters,
} from "@ballast/model";
import { type AssetAmount, negate, printDecimal, quantity, ratio, ZERO_AMOUNT } from "@ballast/money";
import {
  type AuctionSale,
  assessAccount,
  auctionStanding,
  MissingPrice,
  planAuctionSale,
  recordAccount,
} from "@ballast/risk-core";
import type {
  AccountTransaction,
  Command,
  CommandAnswer,
  Json,
  Signature,
  Store,
  TakeoverAuction,
} from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { FeedWatch } from "../house/feed-watch.js";
import { STORE } from "../house/tokens.js";
import { accept, Refusal } from "../http/refusal.js";
import { saleJournals } from "./sale-journals.js";

/** Takeover auctions: what is offered, who may bid, and the bids. */
@Injectable()
export class AuctionsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(FeedWatch) private readonly feed: FeedWatch,
    @Inject(Events) private readonly events: Events,
  ) {}

  /** Open auctions by account id, at the latest snapshot. Codes: PRICE_MISSING. */
  async open(): Promise<AuctionRowBody[]> {
    const [market, parameters] = [await this.store.latestSnapshot(), await this.store.riskParameters()];
    if (market === null || parameters === null) return [];
    const rows: AuctionRowBody[] = [];
    for (const auction of await this.store.openAuctions()) {
      const account = await this.store.account(auction.account);
      if (account !== null) rows.push(accept(pricesOr(() => ok(auctionRow(account, auction, market, parameters)))));
    }
    return rows;
  }

  /** The same for a provider. Codes: PROVIDER_NOT_REGISTERED. */
  async offeredTo(provider: AccountId): Promise<AuctionRowBody[]> {
    const found = (await this.store.backstopProviders()).find(({ account }) => account === provider);
    if (found === undefined || found.retired !== null)
      throw new Refusal("PROVIDER_NOT_REGISTERED", { account: provider });
    return (await this.open()).filter(({ account }) => account !== provider);
  }

  /**
   * Takes a bid, in one transaction under the locks of both accounts: a step of the case, its journals, and the end of the case
   * when the account has enough again. Codes, in the order of the checks: ACCOUNT_UNKNOWN, ACCOUNT_FROZEN,
   * PROVIDER_NOT_REGISTERED, AUCTION_UNKNOWN, AUCTION_CLOSED, STAGE_PAUSED, MARKET_UNKNOWN, PRICE_FROZEN, PRICE_MISSING, and those
   * of `planAuctionSale`.
   *
   * @method LIQUIDATION-29 CASE-16
   */
  async bid(command: Command, provider: AccountId, body: BidRequest): Promise<CommandAnswer<BidBody>> {
    const failing = accountId(body.auction.account);
    const answer = accept(
      await this.store.runCommand<BidBody>(command, [failing, provider], (transaction) =>
        this.sell(transaction, failing, provider, body),
      ),
    );
    if (!answer.replayed) {
      const { share, priceFactor, restored } = answer.response;
      this.events.bidTaken(failing, provider, { epoch: body.auction.epoch, share, priceFactor, restored });
    }
    return answer;
  }

  /** Codes: INSTRUMENT_UNKNOWN, AMOUNT_NOT_POSITIVE, ACCOUNT_UNKNOWN, PROVIDER_ALREADY_REGISTERED. */
  async register(
    command: Command,
    account: AccountId,
    asked: ProviderRequest["caps"],
  ): Promise<CommandAnswer<ProviderBody>> {
    if (asked === null) return accept(await this.store.registerProvider(command, account, null));
    const known = (await this.store.riskParameters())?.instruments;
    const caps = new Map(
      asked.map(({ instrument, contractsMax }) => {
        if (known?.has(instrumentId(instrument)) !== true) throw new Refusal("INSTRUMENT_UNKNOWN", { instrument });
        const most = quantity(contractsMax);
        if (most.lte(0)) throw new Refusal("AMOUNT_NOT_POSITIVE", { amount: contractsMax });
        return [instrumentId(instrument), most] as const;
      }),
    );
    return accept(await this.store.registerProvider(command, account, caps));
  }

  /** Codes: ACCOUNT_UNKNOWN, PROVIDER_NOT_REGISTERED. */
  async retire(command: Command, account: AccountId): Promise<CommandAnswer<ProviderBody>> {
    return accept(await this.store.retireProvider(command, account));
  }

  async providers(): Promise<ProviderRowBody[]> {
    const signed = ({ by, at }: Signature) => ({ by, at: printTime(at) });
    return (await this.store.backstopProviders()).map(({ account, caps, registered, retired }) => ({
      account,
      caps: caps && [...caps].map(([instrument, most]) => ({ instrument, contractsMax: printDecimal(most) })),
      registered: signed(registered),
      retired: retired === null ? null : signed(retired),
    }));
  }

  private async sell(
    transaction: AccountTransaction,
    failing: AccountId,
    provider: AccountId,
    { auction: { epoch }, share, priceFactorMax }: BidRequest,
  ): Promise<Result<BidBody, Rejection>> {
    const { auctions, cases, parameters } = transaction;
    const registered = await auctions.provider(provider);
    if (registered === null) return reject({ code: "PROVIDER_NOT_REGISTERED", account: provider });
    const auction = await auctions.auction(failing, epoch);
    if (auction === null) return reject({ code: "AUCTION_UNKNOWN", account: failing, epoch });
    const current = await cases.openCase(failing);
    const isOpen = auction.outcome === null && current?.epoch === epoch && current.stage === "TAKEOVER";
    if (!isOpen) return reject({ code: "AUCTION_CLOSED", account: failing, epoch });
    const { paused, newestEngine } = await cases.permission();
    const stopped = (["ALL", "AUCTION"] as const).find((stage) => paused.has(stage));
    if (stopped !== undefined) return reject({ code: "STAGE_PAUSED", stage: stopped });
    const market = this.feed.believed(transaction.market);
    if (market === null) return reject({ code: "MARKET_UNKNOWN" });
    const account = transaction.account(failing);
    for (const party of [account, transaction.account(provider)]) {
      const frozen = frozenPriceOf(party, market, parameters.instruments);
      if (frozen !== null) return reject({ code: "PRICE_FROZEN", of: frozen });
    }
    const offer = { share: ratio(share), priceFactorMax: ratio(priceFactorMax), caps: registered.caps };
    const planned = pricesOr(() =>
      planAuctionSale({ account, epoch, auction }, transaction.account(provider), offer, market, parameters),
    );
    if (!planned.ok) return planned;
    const sale = planned.value;
    const step = current.stepCount + 1;
    const told = saleRecord(failing, epoch, step, provider, market.sequence, sale);
    const { hold } = await cases.intend(
      {
        account: failing,
        epoch,
        step,
        kind: "AUCTION",
        status: "INTENT",
        sequence: market.sequence,
        plan: { ...told, largestShare: printDecimal(sale.largestShare), asked: share, priceFactorMax },
        result: null,
        // Whoever decides acts for the newest worker: what it has begun, older ones do not go on with.
        engineVersion: newestEngine ?? 1,
        inputs: recordAccount(account, assessAccount(account, market, parameters).summary),
      },
      [],
      0,
    );
    for (const journal of saleJournals({ failing, epoch, step, provider, at: market.at }, sale)) {
      await transaction.post([journal(transaction)]);
    }
    await auctions.reserve(failing, epoch, sale.payment.amount);
    await cases.complete(hold, { restored: sale.restores });
    if (sale.restores) {
      await auctions.close(failing, epoch, "RESTORED", market.sequence);
      await cases.advance(failing, epoch, { stage: "CLOSED", worked: market.sequence, outcome: "AUCTIONED" });
    }
    return ok(told);
  }
}

/** A price that is not there is a no, not a fault. */
function pricesOr<Value>(work: () => Result<Value, Rejection>): Result<Value, Rejection> {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof MissingPrice) return reject({ code: "PRICE_MISSING", of: fault.of });
    throw fault;
  }
}

const money = ({ asset, amount }: AssetAmount) => ({ asset, amount: printDecimal(amount) });

/** What a bid has moved, as its step keeps it and its bidder is told. */
function saleRecord(
  account: AccountId,
  epoch: number,
  step: number,
  provider: AccountId,
  sequence: number,
  sale: AuctionSale,
): BidBody & { readonly [name: string]: Json } {
  return {
    account,
    epoch,
    step,
    provider,
    sequence,
    priceFactor: printDecimal(sale.priceFactor),
    share: printDecimal(sale.share),
    fills: sale.fills.map(({ instrument, quantity, price }) => ({
      instrument,
      quantity: printDecimal(negate(quantity)),
      price: printDecimal(price),
    })),
    passed: sale.passed.map(money),
    payment: money(sale.payment),
    restored: sale.restores,
  };
}

function auctionRow(
  account: Account,
  auction: TakeoverAuction,
  market: MarketSnapshot,
  parameters: RiskParameters,
): AuctionRowBody {
  const standing = auctionStanding(account, auction, market, parameters);
  const { startedAt, fastMs, slowMs } = auction;
  const shown = (value: Parameters<typeof printDecimal>[0]): string => printDecimal(value.toDecimalPlaces(18));
  return {
    account: account.id,
    epoch: auction.epoch,
    state: standing.state,
    startedAt: printTime(startedAt),
    endsAt: printTime(startedAt + fastMs + slowMs),
    sequence: market.sequence,
    priceFactor: shown(standing.priceFactor),
    largestShare: shown(standing.largestShare),
    value: shown(standing.value),
    reservedCash: shown(standing.reservedCash),
    wholePrice: shown(standing.wholePrice),
    paymentAsset: auction.paymentAsset,
    bids: auction.bids,
    positions: [...account.positions.values()]
      .sort((left, right) => compareIds(left.instrument, right.instrument))
      .map(({ instrument, quantity }) => ({
        instrument,
        quantity: printDecimal(quantity),
        markPrice: printDecimal(market.markPrices.get(instrument) ?? ZERO_AMOUNT),
      })),
    balances: [...account.balances]
      .sort(([left], [right]) => compareIds(left, right))
      .map(([asset, amount]) => ({ asset, amount: printDecimal(amount) })),
  };
}
