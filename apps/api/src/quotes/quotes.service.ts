import {
  type FundingRow,
  type MarketBody,
  type PersonPriceAnswer,
  type PersonPriceRequest,
  type PriceConfirmation,
  printTime,
  type QuoteRound,
  type QuotesAccepted,
  type QuotesRequest,
} from "@ballast/api-contract";
import { type AssetId, ok, type Rejection, reject, type Result } from "@ballast/model";
import { price, printDecimal } from "@ballast/money";
import {
  isComplete,
  isUsable,
  type LiveMarket,
  type LiveMarketRules,
  liveSnapshot,
  type LiveSnapshot,
  type MarketEvent,
  printLiveMarket,
  readLiveMarket,
  silentMarket,
  takeFundings,
} from "@ballast/risk-core";
import type { Command, CommandAnswer, IndexRecord, KeptMarket, LivePublication, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { accept, Refusal } from "../http/refusal.js";
import { CLOCK, type Clock, MARKET_RULES, STORE } from "../house/tokens.js";
import { marketView } from "./market-view.js";
import { payFunding } from "./pay-funding.js";
import { eventsOf, momentOf, movedBy } from "./push.js";

/**
 * The house makes its own prices: the exchange says what sources and books say, the reducer makes indices and marks of
 * it, and what it has become is kept in the same transaction as the snapshot that decisions will use.
 */
@Injectable()
export class QuotesService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Events) private readonly events: Events,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(MARKET_RULES) private readonly known: LiveMarketRules | null,
  ) {}

  /** Codes: MARKET_RULES_MISSING, and those of `movedBy`. */
  async publish(command: Command, body: QuotesRequest): Promise<CommandAnswer<QuotesAccepted>> {
    const rules = this.rules();
    const [first] = body.rounds as [QuoteRound, ...QuoteRound[]];
    const moment = momentOf(first);
    const { clock } = body;
    return this.move(
      (work) => this.store.publishLive(command, work),
      (kept) => {
        const before =
          kept === null
            ? silentMarket(rules, moment)
            : readLiveMarket(rules, kept.record, kept.clock === clock ? null : moment);
        return ok({ clock, before, events: eventsOf(body) });
      },
    );
  }

  /**
   * A person proposes the price of an asset that is frozen; nothing follows from it before another one confirms it.
   * Codes: MARKET_RULES_MISSING, SNAPSHOT_UNKNOWN, ASSET_UNKNOWN, INDEX_NOT_FROZEN.
   *
   * @method MARKET-14
   */
  async proposePrice(
    command: Command,
    asset: AssetId,
    { price: text, reason }: PersonPriceRequest,
  ): Promise<CommandAnswer<PersonPriceAnswer>> {
    const proposal = { asset, price: price(text), reason };
    const answer = accept(
      await this.store.proposePrice<PersonPriceAnswer>(command, proposal, (kept) => {
        const frozen = checkFrozen(this.rules(), this.standing(kept).market, asset);
        return frozen.ok ? ok({ asset, price: printDecimal(proposal.price), state: "PROPOSED" }) : frozen;
      }),
    );
    if (!answer.replayed) this.events.priceProposed(asset, command.actor);
    return answer;
  }

  /**
   * Another person confirms it by saying the same price: it is in force. Codes: MARKET_RULES_MISSING, SNAPSHOT_UNKNOWN,
   * PERSON_PRICE_UNKNOWN, SECOND_PERSON_NEEDED, PERSON_PRICE_DIFFERS, INDEX_NOT_FROZEN.
   *
   * @method MARKET-14
   */
  async confirmPrice(
    command: Command,
    asset: AssetId,
    { price: text }: PriceConfirmation,
  ): Promise<CommandAnswer<QuotesAccepted>> {
    const said = { asset, price: price(text) };
    const answer = await this.move(
      (work) => this.store.confirmPrice(command, said, work),
      (kept) => {
        const { clock, market } = this.standing(kept);
        const frozen = checkFrozen(this.rules(), market, asset);
        // At the feed's own moment: what a person says makes nothing older, and no later.
        return frozen.ok
          ? ok({ clock, before: market, events: [{ kind: "person", ...said, ...market.moment }] })
          : frozen;
      },
    );
    if (!answer.replayed) this.events.priceConfirmed(asset, command.actor);
    return answer;
  }

  /** Codes: MARKET_RULES_MISSING, SNAPSHOT_UNKNOWN. */
  async market(): Promise<MarketBody> {
    const rules = this.rules();
    const { clock, market } = this.standing(await this.store.liveMarket());
    const proposals = await this.store.proposedPrices(this.clock());
    return marketView(rules, market, liveSnapshot(rules, market), clock, proposals);
  }

  /** The newest fundings, newest first. */
  async fundings(): Promise<{ readonly data: FundingRow[] }> {
    const records = await this.store.fundings(FUNDINGS_MAX);
    return {
      data: records.map((one) => ({
        ...one,
        paidAt: printTime(one.paidAt),
        rate: one.rate === null ? null : printDecimal(one.rate),
        price: printDecimal(one.price),
        paid: printDecimal(one.paid),
      })),
    };
  }

  private rules(): LiveMarketRules {
    if (this.known === null) throw new Refusal("MARKET_RULES_MISSING");
    return this.known;
  }

  private standing(kept: KeptMarket | null): { readonly clock: string; readonly market: LiveMarket } {
    if (kept === null) throw new Refusal("SNAPSHOT_UNKNOWN");
    return { clock: kept.clock, market: readLiveMarket(this.rules(), kept.record, null) };
  }

  private async move(
    run: (work: LiveWork) => Promise<Result<CommandAnswer<QuotesAccepted>, Rejection>>,
    start: (kept: KeptMarket | null) => Result<Start, Rejection>,
  ): Promise<CommandAnswer<QuotesAccepted>> {
    const rules = this.rules();
    let turned: readonly IndexRecord[] = [];
    const answer = accept(
      await run((kept, latestSequence) => {
        const started = start(kept);
        if (!started.ok) return started;
        const { clock, before, events } = started.value;
        const moved = movedBy(rules, before, events);
        if (!moved.ok) return moved;
        const snapshot = liveSnapshot(rules, moved.value);
        turned = turnedIndices(rules, before, snapshot);
        return published(rules, clock, moved.value, snapshot, (latestSequence ?? 0) + 1);
      }),
    );
    if (!answer.replayed) this.tell(answer.response, turned);
    return answer;
  }

  private tell({ sequence }: QuotesAccepted, turned: readonly IndexRecord[]): void {
    for (const { asset, condition, reason } of turned) this.events.indexTurned(asset, condition, reason);
    if (sequence !== null) this.events.marksPublished(sequence);
  }
}

/** How many fundings are answered at once. */
const FUNDINGS_MAX = 500;

/** From where, and by what, the market moves on. */
interface Start {
  readonly clock: string;
  readonly before: LiveMarket;
  readonly events: Iterable<MarketEvent>;
}

type LiveWork = (
  kept: KeptMarket | null,
  latestSequence: number | null,
) => Result<LivePublication<QuotesAccepted>, Rejection>;

/** People say the price of what is frozen, and of nothing else. */
function checkFrozen(rules: LiveMarketRules, market: LiveMarket, asset: AssetId): Result<"FROZEN", Rejection> {
  const index = liveSnapshot(rules, market).indices.get(asset);
  if (index === undefined) return reject({ code: "ASSET_UNKNOWN", asset });
  return isUsable(index.condition) ? reject({ code: "INDEX_NOT_FROZEN", asset }) : ok("FROZEN");
}

function published(
  rules: LiveMarketRules,
  clock: string,
  market: LiveMarket,
  live: LiveSnapshot,
  sequence: number,
): Result<LivePublication<QuotesAccepted>, Rejection> {
  const complete = isComplete(live, rules);
  const { at, indexPrices, markPrices, depths, frozen, creditPrices, stableMarks } = live;
  const needsPerson = [...live.indices].filter(([, { condition }]) => condition === "NEEDS_PERSON");
  const { taken, market: next } = complete ? takeFundings(rules, market) : { taken: [], market };
  return ok({
    kept: { clock, record: printLiveMarket(rules, next) },
    fundings: taken,
    pay: payFunding,
    snapshot: complete ? { sequence, at, indexPrices, markPrices, depths, frozen, creditPrices, stableMarks } : null,
    indices: complete ? indexRecords(live) : [],
    response: {
      status: complete ? "PUBLISHED" : "INCOMPLETE",
      sequence: complete ? sequence : null,
      frozen: [...frozen],
      needsPerson: needsPerson.map(([asset]) => asset),
    },
  });
}

function indexRecords({ indices, creditPrices }: LiveSnapshot): readonly IndexRecord[] {
  return [...indices].flatMap(([asset, { condition, reason, confidence, candidate, excluded }]) => {
    const creditPrice = creditPrices.get(asset);
    const said = excluded.map(({ source, reason: why }) => ({ source, reason: why }));
    return creditPrice === undefined
      ? []
      : [{ asset, condition, reason, confidence, creditPrice, candidate, excluded: said }];
  });
}

/** Indices whose condition is another one than before. */
function turnedIndices(rules: LiveMarketRules, before: LiveMarket, snapshot: LiveSnapshot): readonly IndexRecord[] {
  return indexRecords(snapshot).filter(({ asset, condition }) => {
    const place = rules.assetPlaces.get(asset);
    return place !== undefined && before.assets[place]?.index.condition !== condition;
  });
}
