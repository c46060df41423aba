import { assertInvariant, type AccountId, type InstrumentId } from "@ballast/model";
import { type Decimal, type Quantity, quantity } from "@ballast/money";
import type { Pool } from "pg";
import { readTogether } from "./reading.js";
import { fromBigint } from "./rows/integers.js";
import { fromNumeric } from "./rows/numeric.js";
import type { Session } from "./unit-of-work.js";
import { type ChainReport, verifyChains } from "./verify-chains.js";

/** Contracts held long and short over all accounts; the two are equal, so `net` is zero. */
export interface OpenInterest {
  readonly instrument: InstrumentId;
  readonly long: Quantity;
  readonly short: Quantity;
  readonly net: Quantity;
}

/** A stored balance or position that is not what its postings add up to. */
export interface ProjectionDifference {
  readonly account: AccountId;
  readonly of: string;
  readonly stored: Decimal;
  readonly posted: Decimal;
}

/** The whole ledger, looked at at one moment. */
export interface LedgerCheck {
  /** True when every part below is in order. */
  readonly balanced: boolean;
  /** Sum of all postings of every asset and instrument that was ever posted: all zero. */
  readonly imbalances: ReadonlyMap<string, Decimal>;
  readonly openInterest: readonly OpenInterest[];
  readonly chain: ChainReport;
  readonly differences: readonly ProjectionDifference[];
  readonly journals: number;
  readonly postings: number;
}

/**
 * Audits the ledger: sums, open interest, chains, and every balance and position rebuilt from the postings.
 * Cost: reads every posting three times; about 15 µs a posting.
 *
 * @method LEDGER-1 LEDGER-5 LEDGER-6
 */
export function ledgerCheck(pool: Pool): Promise<LedgerCheck> {
  return readTogether(pool, async (session) => {
    const imbalances = await sumPostings(session);
    const openInterest = await sumPositions(session);
    const chain = await verifyChains(session);
    const differences = await compareProjections(session);
    const { rows } = await session.query<{ journals: string }>("SELECT count(*) AS journals FROM journal");
    const balanced =
      [...imbalances.values()].every((total) => total.isZero()) &&
      openInterest.every(({ net }) => net.isZero()) &&
      chain.broken.length === 0 &&
      differences.length === 0;
    const journals = fromBigint(rows[0]?.journals ?? "0");
    return { balanced, imbalances, openInterest, chain, differences, journals, postings: chain.postings };
  });
}

/** Fails with the findings when the ledger is not in order: what every integration test ends with. */
export function assertLedgerInOrder(check: LedgerCheck): void {
  assertInvariant(check.balanced, "LEDGER-1 the ledger is in order", {
    imbalances: [...check.imbalances]
      .filter(([, total]) => !total.isZero())
      .map(([asset, total]) => [asset, total.toFixed()]),
    openInterest: check.openInterest.filter(({ net }) => !net.isZero()).map(({ instrument }) => instrument),
    broken: check.chain.broken,
    differences: check.differences.map(({ account, of, stored, posted }) => [
      account,
      of,
      stored.toFixed(),
      posted.toFixed(),
    ]),
  });
}

async function sumPostings(session: Session): Promise<ReadonlyMap<string, Decimal>> {
  const { rows } = await session.query<{ asset: string; total: string }>(
    "SELECT asset, sum(amount)::text AS total FROM posting GROUP BY asset ORDER BY asset",
  );
  return new Map(rows.map((row) => [row.asset, fromNumeric(row.total)]));
}

async function sumPositions(session: Session): Promise<readonly OpenInterest[]> {
  const { rows } = await session.query<{ instrument_id: InstrumentId; long: string; short: string; net: string }>(
    `SELECT instrument_id, sum(greatest(quantity, 0))::text AS long, sum(greatest(-quantity, 0))::text AS short,
            sum(quantity)::text AS net
       FROM position GROUP BY instrument_id ORDER BY instrument_id`,
  );
  return rows.map((row) => ({
    instrument: row.instrument_id,
    long: quantity(row.long),
    short: quantity(row.short),
    net: quantity(row.net),
  }));
}

const COMPARE_PROJECTIONS = `
  WITH posted AS (
    SELECT account_id, book, asset, sum(amount) AS amount FROM posting
     WHERE book = 'collateral' OR book LIKE 'position/%' GROUP BY account_id, book, asset
  ), stored AS (
    SELECT account_id, 'collateral' AS book, asset, amount FROM collateral_balance
    UNION ALL
    SELECT account_id, 'position/' || instrument_id, instrument_id, quantity FROM position
    UNION ALL
    SELECT position.account_id, 'position/' || instrument_id, instrument.settlement_asset, entry_cash
      FROM position JOIN instrument ON instrument.id = position.instrument_id
  )
  SELECT account_id, book, asset, coalesce(stored.amount, 0)::text AS stored, coalesce(posted.amount, 0)::text AS posted
    FROM posted FULL JOIN stored USING (account_id, book, asset)
   WHERE coalesce(stored.amount, 0) <> coalesce(posted.amount, 0)
   ORDER BY account_id, book, asset LIMIT 1000`;

async function compareProjections(session: Session): Promise<readonly ProjectionDifference[]> {
  const { rows } = await session.query<{
    account_id: AccountId;
    book: string;
    asset: string;
    stored: string;
    posted: string;
  }>(COMPARE_PROJECTIONS);
  return rows.map((row) => ({
    account: row.account_id,
    of: `${row.book} ${row.asset}`,
    stored: fromNumeric(row.stored),
    posted: fromNumeric(row.posted),
  }));
}
