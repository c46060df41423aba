import { type MarksAccepted, type MarksAnswer, type MarksRequest, parseTime, printTime } from "@ballast/api-contract";
import {
  type AssetId,
  assetId,
  type InstrumentId,
  instrumentId,
  type MarketSnapshot,
  type RiskParameters,
  toUtcMillis,
} from "@ballast/model";
import { price, printDecimal, usd } from "@ballast/money";
import type { LiveMarketRules } from "@ballast/risk-core";
import type { Command, CommandAnswer, SnapshotStatus, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { accept, Refusal } from "../http/refusal.js";
import { MARKET_RULES, STORE } from "../house/tokens.js";

@Injectable()
export class MarksService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Events) private readonly events: Events,
    @Inject(MARKET_RULES) private readonly marketRules: LiveMarketRules | null,
  ) {}

  /**
   * Publishes a snapshot; the liquidator takes it from there. One that lacks a price is refused: everybody is judged at one
   * snapshot, and whoever holds what it does not price could not be. A house that makes its own prices takes none, because
   * they would go around everything that those have to pass. Codes: MARKS_NOT_TAKEN, PRICE_MISSING, MARKS_OUT_OF_ORDER.
   */
  async publish(command: Command, body: MarksRequest): Promise<CommandAnswer<MarksAccepted>> {
    if (this.marketRules !== null) throw new Refusal("MARKS_NOT_TAKEN");
    const snapshot = snapshotOf(body);
    const missing = missingPrice(snapshot, await this.store.riskParameters());
    if (missing !== null) throw new Refusal("PRICE_MISSING", { of: missing });
    const answer = accept(await this.store.publishSnapshot(command, snapshot));
    const { sequence } = answer.response;
    if (!answer.replayed) this.events.marksPublished(sequence);
    return { replayed: answer.replayed, response: { sequence, status: "NEW" } };
  }

  /** Codes: SNAPSHOT_UNKNOWN. */
  async latest(): Promise<MarksAnswer> {
    return this.answer(await this.store.latestSnapshot());
  }

  /** Codes: SNAPSHOT_UNKNOWN. */
  async one(sequence: number): Promise<MarksAnswer> {
    return this.answer(await this.store.snapshot(sequence));
  }

  private async answer(snapshot: MarketSnapshot | null): Promise<MarksAnswer> {
    const status: SnapshotStatus | null = snapshot === null ? null : await this.store.snapshotStatus(snapshot.sequence);
    if (snapshot === null || status === null) throw new Refusal("SNAPSHOT_UNKNOWN");
    return {
      sequence: snapshot.sequence,
      at: printTime(snapshot.at),
      indexPrices: texts(snapshot.indexPrices),
      markPrices: texts(snapshot.markPrices),
      depths: texts(snapshot.depths),
      status,
      frozen: [...(snapshot.frozen ?? [])],
    };
  }
}

/** The first asset without an index, or instrument without mark or depth, in the order of the parameters; null when there is none. */
function missingPrice(
  { indexPrices, markPrices, depths }: MarketSnapshot,
  parameters: RiskParameters | null,
): AssetId | InstrumentId | null {
  if (parameters === null) return null;
  const asset = [...parameters.assets.keys()].find((id) => !indexPrices.has(id));
  const instrument = [...parameters.instruments.keys()].find((id) => !markPrices.has(id) || !depths.has(id));
  return asset ?? instrument ?? null;
}

function snapshotOf(body: MarksRequest): MarketSnapshot {
  const instruments = <Value>(prices: Record<string, string>, read: (text: string) => Value) =>
    new Map(Object.entries(prices).map(([id, text]) => [instrumentId(id), read(text)]));
  return {
    sequence: body.sequence,
    at: toUtcMillis(parseTime(body.at)),
    indexPrices: new Map(Object.entries(body.indexPrices).map(([id, text]) => [assetId(id), price(text)])),
    markPrices: instruments(body.markPrices, price),
    depths: instruments(body.depths, usd),
  };
}

function texts(prices: ReadonlyMap<string, Parameters<typeof printDecimal>[0]>): Record<string, string> {
  return Object.fromEntries([...prices].map(([id, value]) => [id, printDecimal(value)]));
}
