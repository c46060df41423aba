import { applyJournal, fillFee, fillJournal, type Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  type Fill,
  type Instrument,
  type MarginSummary,
  type MarketSnapshot,
  ok,
  type Rejection,
  reject,
  type Result,
  type RiskParameters,
} from "@ballast/model";
import { type Price, type Ratio, price as asPrice, scale } from "@ballast/money";
import { admit, admitAtFrozenPrices, creditMarket, isReduction } from "@ballast/risk-core";

/*
 * Clearing a batch of matches.
 *
 * The matching engine has matched them already; the house decides, one after the other and in their order, whether both
 * sides may hold what they would hold. Each admitted fill changes the state that the next one is judged by, so a batch
 * gives the same answers as its fills one at a time. Both sides are judged: a maker is margined like everybody.
 *
 * Everything here is a function of the locked accounts, the snapshot and the parameters. What is admitted is returned as
 * journals; posting them is one transaction's work.
 */

/** What a batch is judged by. */
export interface ClearingState {
  /** The locked accounts. */
  readonly accounts: ReadonlyMap<AccountId, Account>;
  /** Accounts that are named and not locked, each with the reason: they do not exist, or are frozen. */
  readonly missing: ReadonlyMap<AccountId, Rejection>;
  readonly market: MarketSnapshot | null;
  readonly parameters: RiskParameters;
  /** Journal keys of this batch that are in the ledger already. */
  readonly posted: ReadonlySet<string>;
  /** Farthest that a price may be from the mark, as a share of it. */
  readonly priceBand: Ratio;
  /** Margin of an account at the snapshot; rejects with PRICE_MISSING. */
  readonly summarise: (account: Account, market: MarketSnapshot) => Result<MarginSummary, Rejection>;
}

export type FillOutcome =
  | { readonly id: string; readonly status: "POSTED" | "REPLAYED" }
  | { readonly id: string; readonly status: "REJECTED"; readonly rejection: Rejection };

export interface ClearedBatch {
  /** One outcome a fill, in the order of the batch. */
  readonly outcomes: readonly FillOutcome[];
  /** The journals of the admitted fills, in the same order. */
  readonly journals: readonly Journal[];
}

/** The key of a fill's journal: what makes it happen once. */
export const fillKey = (id: string): string => `fill:${id}`;

/**
 * Judges the fills in their order and returns outcomes and journals.
 *
 * Codes, in the order of the checks: ACCOUNT_UNKNOWN, ACCOUNT_FROZEN, INSTRUMENT_UNKNOWN, INSTRUMENT_EXPIRED, MARKET_UNKNOWN,
 * PRICE_MISSING, SAME_ACCOUNT, AMOUNT_NOT_POSITIVE, QUANTITY_NOT_WHOLE_LOTS, PRICE_OUT_OF_BAND,
 * then buyer before seller: PRICE_FROZEN, INITIAL_MARGIN_INSUFFICIENT. Cost: at most two assessments a fill and two more for an account
 * met for the first time.
 *
 * @method MARGIN-8 DECISION-6 DECISION-7
 */
export function clearFills(state: ClearingState, fills: readonly Fill[]): ClearedBatch {
  const book = new Book(state);
  const posted = new Set(state.posted);
  const outcomes: FillOutcome[] = [];
  const journals: Journal[] = [];
  for (const fill of fills) {
    const key = fillKey(fill.id);
    if (posted.has(key)) {
      outcomes.push({ id: fill.id, status: "REPLAYED" });
      continue;
    }
    const cleared = clearFill(state, book, fill);
    if (!cleared.ok) {
      outcomes.push({ id: fill.id, status: "REJECTED", rejection: cleared.rejection });
      continue;
    }
    posted.add(key);
    journals.push(cleared.value);
    outcomes.push({ id: fill.id, status: "POSTED" });
  }
  return { outcomes, journals };
}

function clearFill(state: ClearingState, book: Book, fill: Fill): Result<Journal, Rejection> {
  const buyer = book.account(fill.buyer);
  if (buyer === undefined) return reject(book.absence(fill.buyer));
  const seller = book.account(fill.seller);
  if (seller === undefined) return reject(book.absence(fill.seller));
  const checked = checkTerms(state, fill);
  if (!checked.ok) return checked;
  const { instrument, market } = checked.value;

  const journal = fillJournal({
    key: fillKey(fill.id),
    kind: "FILL",
    at: fill.at,
    instrument,
    buyer,
    seller,
    quantity: fill.quantity,
    price: fill.price,
    buyerFee: fillFee(instrument, fill.quantity, fill.price, fill.buyerFeeRate),
    sellerFee: fillFee(instrument, fill.quantity, fill.price, fill.sellerFeeRate),
  });
  const sides = [applyJournal(buyer, journal), applyJournal(seller, journal)];
  for (const [at, next] of sides.entries()) {
    const current = at === 0 ? buyer : seller;
    const believed = admitAtFrozenPrices(current, next, instrument.id, market, state.parameters);
    if (!believed.ok) return believed;
    const admitted = book.admit(next, isReduction(current, next, instrument.id));
    if (!admitted.ok) return admitted;
  }
  for (const next of sides) book.keep(next);
  return ok(journal);
}

/** Everything about a fill that does not ask what its sides hold. */
function checkTerms(
  state: ClearingState,
  fill: Fill,
): Result<{ instrument: Instrument; market: MarketSnapshot }, Rejection> {
  const instrument = state.parameters.instruments.get(fill.instrument);
  if (instrument === undefined) return reject({ code: "INSTRUMENT_UNKNOWN", instrument: fill.instrument });
  const { market } = state;
  const now = Math.max(fill.at, market?.at ?? 0);
  if (instrument.kind === "dated-future" && now >= instrument.expiresAt) {
    return reject({ code: "INSTRUMENT_EXPIRED", instrument: fill.instrument });
  }
  if (market === null) return reject({ code: "MARKET_UNKNOWN" });
  const markPrice = market.markPrices.get(fill.instrument);
  if (markPrice === undefined) return reject({ code: "PRICE_MISSING", of: fill.instrument });
  if (fill.buyer === fill.seller) return reject({ code: "SAME_ACCOUNT", account: fill.buyer });
  if (!fill.quantity.gt(0)) return reject({ code: "AMOUNT_NOT_POSITIVE", amount: fill.quantity });
  if (!fill.quantity.mod(instrument.lotSize).isZero()) {
    return reject({ code: "QUANTITY_NOT_WHOLE_LOTS", quantity: fill.quantity, lot: instrument.lotSize });
  }
  const { priceMin, priceMax } = bandAround(markPrice, state.priceBand);
  if (fill.price.lt(priceMin) || fill.price.gt(priceMax)) {
    return reject({ code: "PRICE_OUT_OF_BAND", price: fill.price, priceMin, priceMax });
  }
  return ok({ instrument, market });
}

/** The prices at which the house clears: the mark and `band` of it on either side, both ends included. */
export function bandAround(markPrice: Price, band: Ratio): { readonly priceMin: Price; readonly priceMax: Price } {
  const width = scale(markPrice, band);
  return { priceMin: asPrice(markPrice.sub(width)), priceMax: asPrice(markPrice.add(width)) };
}

/** The accounts as they stand within the batch, and the margin each was last admitted with, in each market it is judged in. */
class Book {
  private readonly accounts: Map<AccountId, Account>;
  private readonly judgements: readonly Judgement[];

  constructor(private readonly state: ClearingState) {
    this.accounts = new Map(state.accounts);
    const { market, parameters } = state;
    const markets: Judgement["market"][] =
      market === null ? [] : [() => market, (account) => creditMarket(market, account, parameters) ?? market];
    this.judgements = markets
      .slice(0, isShielded(market) ? 2 : 1)
      .map((one) => ({ market: one, current: new Map(), proposed: new Map() }));
  }

  account(id: AccountId): Account | undefined {
    return this.accounts.get(id);
  }

  /** Why an account is not here. */
  absence(id: AccountId): Rejection {
    return this.state.missing.get(id) ?? { code: "ACCOUNT_UNKNOWN", account: id };
  }

  /**
   * May the account become `next`, in every market? What only makes a position smaller is judged in the first alone: a
   * shield never keeps anybody from closing. Rejects with INITIAL_MARGIN_INSUFFICIENT or PRICE_MISSING.
   */
  admit(next: Account, reduces: boolean): Result<"ADMITTED", Rejection> {
    for (const { proposed } of this.judgements) proposed.delete(next.id);
    for (const { market, current, proposed } of reduces ? this.judgements.slice(0, 1) : this.judgements) {
      const before = this.currentSummary(next.id, market, current);
      if (!before.ok) return before;
      const summary = this.state.summarise(next, market(next));
      if (!summary.ok) return summary;
      proposed.set(next.id, summary.value);
      const admitted = admit(next.id, before.value, summary.value);
      if (!admitted.ok) return admitted;
    }
    return ok("ADMITTED");
  }

  /** The account has become `next`, which was admitted just now. */
  keep(next: Account): void {
    this.accounts.set(next.id, next);
    for (const { current, proposed } of this.judgements) {
      const summary = proposed.get(next.id);
      if (summary === undefined) current.delete(next.id);
      else current.set(next.id, summary);
    }
  }

  private currentSummary(
    id: AccountId,
    market: Judgement["market"],
    current: Map<AccountId, MarginSummary>,
  ): Result<MarginSummary, Rejection> {
    const known = current.get(id);
    if (known !== undefined) return ok(known);
    const account = this.accounts.get(id);
    if (account === undefined) return reject(this.absence(id));
    const summary = this.state.summarise(account, market(account));
    if (summary.ok) current.set(id, summary.value);
    return summary;
  }
}

/** Does anything in this market count for less, or follow more slowly, than its price? */
function isShielded(market: MarketSnapshot | null): boolean {
  return (market?.creditPrices?.size ?? 0) + (market?.stableMarks?.size ?? 0) > 0;
}

/** Margins in one market: those that accounts have, and those they would have. */
interface Judgement {
  /** The market in which this account is judged. */
  readonly market: (account: Account) => MarketSnapshot;
  readonly current: Map<AccountId, MarginSummary>;
  readonly proposed: Map<AccountId, MarginSummary>;
}
