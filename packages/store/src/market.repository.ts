import { type MarketSnapshot, ok, type Rejection, type Result, reject } from "@ballast/model";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import type { MarketMemory } from "./market-memory.js";
import { plainArray, textArray } from "./rows/arrays.js";
import { fromBigint } from "./rows/integers.js";
import { toNumeric } from "./rows/numeric.js";
import { runOnce } from "./run-once.js";
import type { Session } from "./unit-of-work.js";

/** NEW: published. SCANNED: every account was judged at it. SETTLED: nothing is left to do at it. */
export type SnapshotStatus = "NEW" | "SCANNED" | "SETTLED";

/** The prices that decisions use. */
export interface Market {
  /** Publishes a snapshot, once per (scope, key). Rejects with MARKS_OUT_OF_ORDER unless it is newer than the latest. */
  publishSnapshot(
    command: Command,
    snapshot: MarketSnapshot,
  ): Promise<Result<CommandAnswer<{ readonly sequence: number }>, Rejection>>;
  latestSnapshot(): Promise<MarketSnapshot | null>;
  /** Its number alone. */
  latestSequence(): Promise<number | null>;
  snapshot(sequence: number): Promise<MarketSnapshot | null>;
  /** The newest of the snapshots before `snapshot` that are at least so many milliseconds older; null when none is. */
  snapshotBefore(snapshot: MarketSnapshot, milliseconds: number): Promise<MarketSnapshot | null>;
  snapshotStatus(sequence: number): Promise<SnapshotStatus | null>;
}

export function marketRepository({ pool, sql, prisma }: Database, memory: MarketMemory): Market {
  return {
    publishSnapshot: (command, snapshot) => publishSnapshot(pool, command, snapshot),
    latestSequence: () => latestSequence(sql),
    async latestSnapshot() {
      const latest = await latestSequence(sql);
      return latest === null ? null : memory.snapshot(sql, latest);
    },
    snapshot: (sequence) => memory.snapshotIfAny(sql, sequence),
    snapshotBefore: (snapshot, milliseconds) => memory.snapshotBefore(sql, snapshot, milliseconds),
    async snapshotStatus(sequence) {
      const row = await prisma.marketSnapshot.findUnique({ where: { sequence }, select: { status: true } });
      return (row?.status as SnapshotStatus | undefined) ?? null;
    },
  };
}

/** Publishers wait for each other on this, so that "newer than the latest" is true until they commit. */
export const PUBLISHING_LOCK = 7_301_001;

function publishSnapshot(pool: Database["pool"], command: Command, snapshot: MarketSnapshot) {
  return runOnce<{ readonly sequence: number }>(
    pool,
    command,
    async (session) => {
      await session.query("SELECT pg_advisory_xact_lock($1)", [PUBLISHING_LOCK]);
      return null;
    },
    async (session, { latestSequence: latest }) => {
      if (latest !== null && snapshot.sequence <= latest) {
        return reject<Rejection>({ code: "MARKS_OUT_OF_ORDER", received: snapshot.sequence, latest });
      }
      await insertSnapshot(session, snapshot);
      const { sequence } = snapshot;
      return ok({
        response: { sequence },
        changes: [{ topic: "marks.published", account: null, facts: { sequence } }],
      });
    },
  );
}

/** Writes a snapshot with all its prices; the caller holds `PUBLISHING_LOCK` and has seen that it is the newest. */
export async function insertSnapshot(session: Session, snapshot: MarketSnapshot): Promise<void> {
  const prices = [
    ...[...snapshot.indexPrices].map(([of, price]) => ({ kind: "INDEX", of, price })),
    ...[...snapshot.markPrices].map(([of, price]) => ({ kind: "MARK", of, price })),
    // Where it is the mark it need not be kept.
    ...[...(snapshot.stableMarks ?? [])]
      .filter(([of, price]) => snapshot.markPrices.get(of)?.eq(price) !== true)
      .map(([of, price]) => ({ kind: "STABLE", of, price })),
    ...[...snapshot.depths].map(([of, price]) => ({ kind: "DEPTH", of, price })),
  ];
  await session.query(
    `WITH published AS (
       INSERT INTO market_snapshot (sequence, at, frozen, journal_watermark)
       VALUES ($1, $2, $6::text[], (SELECT coalesce(max(id), 0) FROM journal)) RETURNING sequence
     )
     INSERT INTO market_price (sequence, kind, of, price)
     SELECT published.sequence, price.kind, price.of, price.price
       FROM published, unnest($3::text[], $4::text[], $5::numeric[]) AS price (kind, of, price)`,
    [
      snapshot.sequence,
      new Date(snapshot.at).toISOString(),
      plainArray(prices.map(({ kind }) => kind)),
      textArray(prices.map(({ of }) => of)),
      plainArray(prices.map(({ price }) => toNumeric(price))),
      textArray([...(snapshot.frozen ?? [])]),
    ],
  );
}

/** Sequence of the newest snapshot, whatever its status; null before the first. */
export async function latestSequence(session: Session): Promise<number | null> {
  const { rows } = await session.query<{ latest: string | null }>(
    "SELECT max(sequence) AS latest FROM market_snapshot",
  );
  const latest = rows[0]?.latest ?? null;
  return latest === null ? null : fromBigint(latest);
}
