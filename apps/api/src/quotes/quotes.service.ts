import type { MarketBody, PersonPriceRequest, QuoteRound, QuotesAccepted, QuotesRequest } from "@ballast/api-contract";
import { type AssetId, ok, type Rejection, type Result } from "@ballast/model";
import { price } from "@ballast/money";
import {
  isComplete,
  type LiveMarket,
  type LiveMarketRules,
  liveSnapshot,
  type LiveSnapshot,
  type MarketEvent,
  printLiveMarket,
  readLiveMarket,
  silentMarket,
} from "@ballast/risk-core";
import type { Command, CommandAnswer, IndexRecord, Json, LivePublication, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { accept, Refusal } from "../http/refusal.js";
import { MARKET_RULES, STORE } from "../house/tokens.js";
import { marketView } from "./market-view.js";
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
    @Inject(MARKET_RULES) private readonly known: LiveMarketRules | null,
  ) {}

  /** Codes: MARKET_RULES_MISSING, and those of `movedBy`. */
  async publish(command: Command, body: QuotesRequest): Promise<CommandAnswer<QuotesAccepted>> {
    const rules = this.rules();
    const [first] = body.rounds as [QuoteRound, ...QuoteRound[]];
    const moment = momentOf(first);
    return this.move(command, body.clock, eventsOf(body), (kept) =>
      kept === null
        ? silentMarket(rules, moment)
        : readLiveMarket(rules, kept.record, kept.clock === body.clock ? null : moment),
    );
  }

  /** A person says the price of an asset. Codes: MARKET_RULES_MISSING, SNAPSHOT_UNKNOWN, ASSET_UNKNOWN. */
  async sayPrice(
    command: Command,
    asset: AssetId,
    { price: text, by }: PersonPriceRequest,
  ): Promise<CommandAnswer<QuotesAccepted>> {
    const { clock, market } = await this.standing();
    const event: MarketEvent = {
      kind: "person",
      asset,
      price: price(text),
      nowMs: market.moment.nowMs,
      at: command.at,
    };
    const answer = await this.move(command, clock, [event], (kept) => {
      if (kept === null) throw new Refusal("SNAPSHOT_UNKNOWN");
      return readLiveMarket(this.rules(), kept.record, null);
    });
    if (!answer.replayed) this.events.personSaidPrice(asset, by);
    return answer;
  }

  /** Codes: MARKET_RULES_MISSING, SNAPSHOT_UNKNOWN. */
  async market(): Promise<MarketBody> {
    const { clock, market } = await this.standing();
    const rules = this.rules();
    return marketView(rules, market, liveSnapshot(rules, market), clock);
  }

  private rules(): LiveMarketRules {
    if (this.known === null) throw new Refusal("MARKET_RULES_MISSING");
    return this.known;
  }

  private async standing(): Promise<{ readonly clock: string; readonly market: LiveMarket }> {
    const rules = this.rules();
    const kept = await this.store.liveMarket();
    if (kept === null) throw new Refusal("SNAPSHOT_UNKNOWN");
    return { clock: kept.clock, market: readLiveMarket(rules, kept.record, null) };
  }

  private async move(
    command: Command,
    clock: string,
    events: Iterable<MarketEvent>,
    start: (kept: { readonly clock: string; readonly record: Json } | null) => LiveMarket,
  ): Promise<CommandAnswer<QuotesAccepted>> {
    const rules = this.rules();
    const told = [...events];
    let turned: readonly IndexRecord[] = [];
    const answer = accept(
      await this.store.publishLive<QuotesAccepted>(command, (kept, latestSequence) => {
        const before = start(kept);
        const moved = movedBy(rules, before, told);
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

function published(
  rules: LiveMarketRules,
  clock: string,
  market: LiveMarket,
  live: LiveSnapshot,
  sequence: number,
): Result<LivePublication<QuotesAccepted>, Rejection> {
  const complete = isComplete(live, rules);
  const { at, indexPrices, markPrices, depths, frozen, creditPrices } = live;
  const needsPerson = [...live.indices].filter(([, { condition }]) => condition === "NEEDS_PERSON");
  return ok({
    kept: { clock, record: printLiveMarket(rules, market) },
    snapshot: complete ? { sequence, at, indexPrices, markPrices, depths, frozen, creditPrices } : null,
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
