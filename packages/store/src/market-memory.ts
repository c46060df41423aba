import type { MarketSnapshot, RiskParameters } from "@ballast/model";
import { type Session } from "./unit-of-work.js";
import { type MarketPriceRow, marketSnapshot } from "./rows/market-row.js";
import { DatabaseFault } from "./faults.js";
import { fromBigint } from "./rows/integers.js";

/** No risk parameters have been saved: nothing can be judged. */
export class ParametersMissing extends Error {
  override readonly name = "ParametersMissing";
  readonly code = "PARAMETERS_MISSING";
  constructor() {
    super("expected at least one version of the risk parameters in the database; found none");
  }
}

/**
 * Snapshots and parameter versions that this process has read. Both are immutable under their number, so remembering
 * them is safe; *which* number is the latest is asked of the database every time.
 */
export class MarketMemory {
  private readonly snapshots = new Map<number, MarketSnapshot>();
  private readonly versions = new Map<number, RiskParameters>();
  /** Sequence of the snapshot before one, by how long before. */
  private readonly before = new Map<string, number | null>();

  constructor(private readonly load: (content: unknown) => RiskParameters) {}

  /** The snapshot of that sequence. @throws DatabaseFault when there is none. */
  async snapshot(session: Session, sequence: number): Promise<MarketSnapshot> {
    const read = await this.snapshotIfAny(session, sequence);
    if (read === null) throw new DatabaseFault(null, new Error(`there is no snapshot ${sequence}`));
    return read;
  }

  /** The same; null when there is none. */
  async snapshotIfAny(session: Session, sequence: number): Promise<MarketSnapshot | null> {
    const known = this.snapshots.get(sequence);
    if (known !== undefined) return known;
    const read = await readSnapshot(session, sequence);
    if (read === null) return null;
    this.snapshots.set(sequence, read);
    forgetOldest(this.snapshots);
    return read;
  }

  /**
   * The newest of the snapshots before another that are at least so much older. Snapshots come in the order of their
   * sequences, so the answer for one that is there never changes.
   */
  async snapshotBefore(
    session: Session,
    { sequence, at }: MarketSnapshot,
    milliseconds: number,
  ): Promise<MarketSnapshot | null> {
    const key = `${sequence} ${milliseconds}`;
    let found = this.before.get(key);
    if (found === undefined) {
      const { rows } = await session.query<{ sequence: string }>(
        `SELECT sequence FROM market_snapshot WHERE at <= $1 AND sequence < $2 ORDER BY at DESC, sequence DESC LIMIT 1`,
        [new Date(at - milliseconds).toISOString(), sequence],
      );
      found = rows[0] === undefined ? null : fromBigint(rows[0].sequence);
      this.before.set(key, found);
      forgetOldest(this.before);
    }
    return found === null ? null : this.snapshotIfAny(session, found);
  }

  /** The parameters of that version. @throws ParametersMissing, or what `load` throws for content it refuses. */
  async parameters(session: Session, version: number | null): Promise<RiskParameters> {
    if (version === null) throw new ParametersMissing();
    const known = this.versions.get(version);
    if (known !== undefined) return known;
    const { rows } = await session.query<{ content: unknown }>(
      "SELECT content FROM risk_parameters WHERE version = $1",
      [version],
    );
    if (rows[0] === undefined) throw new ParametersMissing();
    const read = this.load(rows[0].content);
    this.versions.set(version, read);
    forgetOldest(this.versions);
    return read;
  }
}

/** Reads a snapshot with all its prices; null when there is none. */
export async function readSnapshot(session: Session, sequence: number): Promise<MarketSnapshot | null> {
  const { rows } = await session.query<MarketPriceRow>(
    `SELECT snapshot.sequence, snapshot.at, snapshot.frozen, price.kind, price.of, price.price
       FROM market_snapshot AS snapshot
       LEFT JOIN (SELECT sequence, kind, of, price FROM market_price
                  UNION ALL
                  SELECT said.sequence, 'CREDIT', said.asset, said.credit_price
                    FROM market_index AS said JOIN market_price AS index
                      ON index.sequence = said.sequence AND index.kind = 'INDEX' AND index.of = said.asset
                   WHERE said.credit_price < index.price) AS price USING (sequence)
      WHERE sequence = $1 ORDER BY price.of`,
    [sequence],
  );
  return marketSnapshot(rows);
}

const REMEMBERED_MAX = 16;

function forgetOldest<Key>(remembered: Map<Key, unknown>): void {
  const oldest = remembered.keys().next().value;
  if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
}
