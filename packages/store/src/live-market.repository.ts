import { type AssetId, assertInvariant, type MarketSnapshot, ok, type Rejection, type Result } from "@ballast/model";
import { price, type Price, ratio, type Ratio } from "@ballast/money";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import type { Json } from "./json.js";
import { insertSnapshot, PUBLISHING_LOCK } from "./market.repository.js";
import { jsonArray, plainArray, textArray } from "./rows/arrays.js";
import { toNumeric } from "./rows/numeric.js";
import { type FundingTerms, type PayFunding, payFundings } from "./fundings.js";
import type { CommandSetting } from "./run-command.js";
import { type CommandWorld, type Done, runOnce } from "./run-once.js";
import type { Session } from "./unit-of-work.js";

/** Where the live market goes on: its record, and the name of the clock on which its ages are. */
export interface KeptMarket {
  readonly clock: string;
  readonly record: Json;
}

/** What an index said at a snapshot. */
export interface IndexRecord {
  readonly asset: AssetId;
  readonly condition: "LIVE" | "DEGRADED" | "FROZEN" | "NEEDS_PERSON";
  readonly reason: "TOO_FEW_SOURCES" | "SOURCES_DISAGREE" | "JUMP" | null;
  readonly confidence: Ratio;
  readonly creditPrice: Price;
  readonly candidate: Price | null;
  /** Who was not heard, and why. */
  readonly excluded: Json;
}

/** What the market has become. */
export interface LivePublication<Response extends Json> {
  readonly kept: KeptMarket;
  /** Null while the market is not complete: then nothing is published, and it goes on all the same. */
  readonly snapshot: MarketSnapshot | null;
  readonly indices: readonly IndexRecord[];
  /** Fundings that have ended by it; taken with the snapshot. */
  readonly fundings: readonly FundingTerms[];
  /** How a funding becomes a journal. */
  readonly pay: PayFunding;
  readonly response: Response;
}

/** The live market between two events. */
export interface LiveMarkets {
  /**
   * Moves the live market on, once per (scope, key): `work` gets where it stands and the newest sequence, and answers
   * what it has become. One publisher at a time, so two pushes never start from the same market.
   */
  publishLive<Response extends Json>(
    command: Command,
    work: (kept: KeptMarket | null, latestSequence: number | null) => Result<LivePublication<Response>, Rejection>,
  ): Promise<Result<CommandAnswer<Response>, Rejection>>;
  /** Where the live market stands; null before the first push. */
  liveMarket(): Promise<KeptMarket | null>;
  /** What the indices said at a snapshot, by asset; empty for one that was published as marks. */
  indicesAt(sequence: number): Promise<readonly IndexRecord[]>;
}

export function liveMarketRepository({ sql }: Database, setting: CommandSetting): LiveMarkets {
  return {
    publishLive: (command, work) => publishLive(setting, command, work),
    liveMarket: () => readKept(sql),
    indicesAt: (sequence) => readIndices(sql, sequence),
  };
}

function publishLive<Response extends Json>(
  setting: CommandSetting,
  command: Command,
  work: (kept: KeptMarket | null, latestSequence: number | null) => Result<LivePublication<Response>, Rejection>,
) {
  return runOnce<Response>(setting.pool, command, publishing, (session, world) =>
    moveOn({ session, command, setting, world }, work),
  );
}

/** The lock of whoever moves the market on: one at a time. */
export async function publishing(session: Session): Promise<null> {
  await session.query("SELECT pg_advisory_xact_lock($1)", [PUBLISHING_LOCK]);
  return null;
}

/** A command that is `publishing`. */
export interface Publisher {
  readonly session: Session;
  readonly command: Command;
  readonly setting: CommandSetting;
  readonly world: CommandWorld;
}

/** Moves the market on, publishes what it has become, and pays the fundings that have ended by it. */
export async function moveOn<Response extends Json>(
  { session, command, setting, world }: Publisher,
  work: (kept: KeptMarket | null, latestSequence: number | null) => Result<LivePublication<Response>, Rejection>,
): Promise<Result<Done<Response>, Rejection>> {
  const { latestSequence, latestParameters: parametersVersion } = world;
  const moved = work(await readKept(session), latestSequence);
  if (!moved.ok) return moved;
  const { kept, snapshot, indices, fundings, pay, response } = moved.value;
  await keep(session, kept, new Date(command.at).toISOString());
  if (snapshot === null) return ok({ response, changes: [] });
  const { sequence } = snapshot;
  assertInvariant(latestSequence === null || sequence > latestSequence, "STORE-8 a snapshot is newer than the latest", {
    sequence,
    latestSequence,
  });
  await insertSnapshot(session, snapshot);
  await insertIndices(session, sequence, indices);
  const paid = await payFundings({ session, command, setting, parametersVersion, snapshot }, fundings, pay);
  return ok({ response, changes: [{ topic: "marks.published", account: null, facts: { sequence } }, ...paid] });
}

/** Where the live market stands; null before the first push. */
export async function readKept(session: Session): Promise<KeptMarket | null> {
  const { rows } = await session.query<KeptMarket>("SELECT clock, record FROM live_market");
  return rows[0] ?? null;
}

async function keep(session: Session, { clock, record }: KeptMarket, at: string): Promise<void> {
  await session.query(
    `INSERT INTO live_market (clock, record, updated_at) VALUES ($1, $2::jsonb, $3)
     ON CONFLICT (one) DO UPDATE SET clock = excluded.clock, record = excluded.record, updated_at = excluded.updated_at`,
    [clock, JSON.stringify(record), at],
  );
}

async function insertIndices(session: Session, sequence: number, indices: readonly IndexRecord[]): Promise<void> {
  await session.query(
    `INSERT INTO market_index (sequence, asset, condition, reason, confidence, credit_price, candidate, excluded)
     SELECT $1, said.* FROM unnest(
       $2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[], $8::jsonb[]) AS said`,
    [
      sequence,
      textArray(indices.map(({ asset }) => asset)),
      textArray(indices.map(({ condition }) => condition)),
      textArray(indices.map(({ reason }) => reason)),
      plainArray(indices.map(({ confidence }) => toNumeric(confidence))),
      plainArray(indices.map(({ creditPrice }) => toNumeric(creditPrice))),
      textArray(indices.map(({ candidate }) => (candidate === null ? null : toNumeric(candidate)))),
      jsonArray(indices.map(({ excluded }) => excluded)),
    ],
  );
}

interface IndexRow extends Pick<IndexRecord, "asset" | "condition" | "reason" | "excluded"> {
  readonly confidence: string;
  readonly credit_price: string;
  readonly candidate: string | null;
}

async function readIndices(session: Session, sequence: number): Promise<readonly IndexRecord[]> {
  const { rows } = await session.query<IndexRow>(
    `SELECT asset, condition, reason, confidence, credit_price, candidate, excluded
       FROM market_index WHERE sequence = $1 ORDER BY asset`,
    [sequence],
  );
  return rows.map(({ confidence, credit_price, candidate, ...row }) => ({
    ...row,
    confidence: ratio(confidence),
    creditPrice: price(credit_price),
    candidate: candidate === null ? null : price(candidate),
  }));
}
