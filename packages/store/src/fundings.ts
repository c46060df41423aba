import type { Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  type AssetId,
  type InstrumentId,
  type MarketSnapshot,
  type RiskParameters,
  TREASURY,
  type UtcMillis,
} from "@ballast/model";
import { add, type Amount, amount, price, type Price, rate, type Rate, ZERO_AMOUNT } from "@ballast/money";
import type { Database } from "./client.js";
import type { Command } from "./command.js";
import { faultOf, isConflict } from "./faults.js";
import { OpenTransaction } from "./open-transaction.js";
import { type AccountRow, type AccountState, accountState, selectAccounts } from "./rows/account-row.js";
import { plainArray, textArray } from "./rows/arrays.js";
import { fromBigint } from "./rows/integers.js";
import { toNumeric } from "./rows/numeric.js";
import type { CommandSetting } from "./run-command.js";
import { type Session, StartOver } from "./unit-of-work.js";
import type { Change } from "./write-records.js";

/*
 * Funding is paid by the push that ends its interval, in the transaction of its snapshot: all holders are locked in ascending
 * order of id, one journal for each funding moves what everybody pays and receives, and nobody is judged at the snapshot
 * before that. What could not be posted is due at the next push; what has been posted never is.
 */

/** An interval of a perpetual that has ended. */
export interface FundingTerms {
  readonly instrument: InstrumentId;
  readonly paidAt: UtcMillis;
  /** Null where nobody knows a rate: then nobody pays. */
  readonly rate: Rate | null;
  /** What the contracts are valued at. */
  readonly price: Price;
}

/** A funding that is paid. */
export interface FundingDue extends FundingTerms {
  readonly key: string;
  readonly rate: Rate;
}

/** The journal of a funding for the locked holders, house included; null where nobody pays anything. */
export type PayFunding = (
  due: FundingDue,
  accounts: ReadonlyMap<AccountId, Account>,
  parameters: RiskParameters,
) => Journal | null;

export interface FundingRecord extends FundingTerms {
  readonly status: "DUE" | "POSTED" | "NO_RATE";
  /** The snapshot that it was posted with, or would have been. */
  readonly sequence: number;
  /** Null before anybody has paid. */
  readonly asset: AssetId | null;
  /** What all payers together have paid. */
  readonly paid: Amount;
  readonly accounts: number;
}

export interface Fundings {
  /** The newest fundings, newest first, at most so many. */
  fundings(limit: number): Promise<readonly FundingRecord[]>;
}

export function fundingsRepository({ sql }: Database): Fundings {
  return {
    async fundings(limit) {
      const { rows } = await sql.query<FundingRow>(
        `SELECT ${COLUMNS} FROM funding ORDER BY paid_at DESC, instrument_id LIMIT $1`,
        [limit],
      );
      return rows.map(recordOf);
    },
  };
}

/** Where a funding is posted. */
export interface FundingPlace {
  readonly session: Session;
  readonly command: Command;
  readonly setting: CommandSetting;
  readonly parametersVersion: number | null;
  /** The one that is being published. */
  readonly snapshot: MarketSnapshot;
}

/**
 * Records what has ended and pays everything that is due; answers one change for each funded account. A fault that is ours
 * undoes the payments and leaves them due, and the snapshot is published all the same.
 *
 * @method LEDGER-9 MARK-15
 */
export async function payFundings(
  place: FundingPlace,
  ended: readonly FundingTerms[],
  pay: PayFunding,
): Promise<readonly Change[]> {
  const { session, snapshot } = place;
  await insertEnded(session, snapshot.sequence, ended);
  const { rows } = await session.query<FundingRow>(
    `SELECT ${COLUMNS} FROM funding WHERE status = 'DUE' ORDER BY paid_at, instrument_id FOR UPDATE`,
  );
  const due = rows.map(recordOf).flatMap(dueOf);
  if (due.length === 0) return [];
  await session.query("SAVEPOINT funding");
  try {
    const changes = await post(place, due, pay);
    await session.query("RELEASE SAVEPOINT funding");
    return changes;
  } catch (thrown) {
    const fault = faultOf(thrown);
    // Lost to another transaction: everything begins again, the snapshot too.
    if (isConflict(fault) || fault instanceof StartOver) throw fault;
    await session.query("ROLLBACK TO SAVEPOINT funding");
    const message = fault instanceof Error ? fault.message : String(fault);
    const keys = due.map(({ key }) => key);
    return [
      { topic: "funding.failed", account: null, facts: { sequence: snapshot.sequence, fundings: keys, message } },
    ];
  }
}

async function post(
  { session, command, setting, parametersVersion, snapshot }: FundingPlace,
  due: readonly FundingDue[],
  pay: PayFunding,
): Promise<readonly Change[]> {
  const instruments = [...new Set(due.map(({ instrument }) => instrument))];
  const holders = [...new Set([...(await holdersOf(session, instruments)), TREASURY])];
  await session.query("SELECT id FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE", [
    textArray(holders),
  ]);
  // Somebody who has begun to hold while we waited for the locks has to be locked as well.
  const locked = new Set(holders);
  if ((await holdersOf(session, instruments)).some((id) => !locked.has(id))) throw new StartOver();
  const loaded = await session.query<AccountRow>(selectAccounts("NAMED"), [textArray(holders)]);
  const states = new Map(loaded.rows.map((row): [AccountId, AccountState] => [row.id as AccountId, accountState(row)]));
  const parameters = await setting.memory.parameters(session, parametersVersion);
  const transaction = new OpenTransaction(session, command, states, snapshot, parameters, setting.assess);
  for (const one of due) {
    const journal = pay(one, transaction.accounts, parameters);
    if (journal !== null) await transaction.post([journal]);
    await markPosted(session, one, journal);
  }
  return transaction.finish();
}

async function holdersOf(session: Session, instruments: readonly InstrumentId[]): Promise<readonly AccountId[]> {
  const { rows } = await session.query<{ account_id: AccountId }>(
    "SELECT DISTINCT account_id FROM position WHERE quantity <> 0 AND instrument_id = ANY($1::text[])",
    [textArray(instruments)],
  );
  return rows.map((row) => row.account_id);
}

async function insertEnded(session: Session, sequence: number, ended: readonly FundingTerms[]): Promise<void> {
  if (ended.length === 0) return;
  await session.query(
    `INSERT INTO funding (instrument_id, paid_at, sequence, rate, price, status)
     SELECT one.instrument, one.paid_at, $1, one.rate, one.price, CASE WHEN one.rate IS NULL THEN 'NO_RATE' ELSE 'DUE' END
       FROM unnest($2::text[], $3::timestamptz[], $4::numeric[], $5::numeric[]) AS one (instrument, paid_at, rate, price)
     ON CONFLICT DO NOTHING`,
    [
      sequence,
      textArray(ended.map(({ instrument }) => instrument)),
      textArray(ended.map(({ paidAt }) => new Date(paidAt).toISOString())),
      textArray(ended.map((one) => (one.rate === null ? null : toNumeric(one.rate)))),
      plainArray(ended.map((one) => toNumeric(one.price))),
    ],
  );
}

async function markPosted(
  session: Session,
  { instrument, paidAt }: FundingDue,
  journal: Journal | null,
): Promise<void> {
  const postings = journal?.postings ?? [];
  const paid = postings.reduce(
    (sum, leg) => (leg.amount.isNegative() ? add(sum, leg.amount as Amount) : sum),
    ZERO_AMOUNT,
  );
  await session.query(
    `UPDATE funding SET status = 'POSTED', asset = $3, paid = $4, accounts = $5
      WHERE instrument_id = $1 AND paid_at = $2`,
    [
      instrument,
      new Date(paidAt).toISOString(),
      postings[0]?.asset ?? null,
      toNumeric(paid.neg() as Amount),
      postings.filter(({ account }) => account !== TREASURY).length,
    ],
  );
}

interface FundingRow {
  readonly instrument_id: InstrumentId;
  readonly paid_at: UtcMillis;
  readonly sequence: string;
  readonly rate: string | null;
  readonly price: string;
  readonly status: FundingRecord["status"];
  readonly asset: AssetId | null;
  readonly paid: string;
  readonly accounts: number;
}

const COLUMNS = "instrument_id, paid_at, sequence, rate, price, status, asset, paid, accounts";

function recordOf(row: FundingRow): FundingRecord {
  return {
    instrument: row.instrument_id,
    paidAt: row.paid_at,
    sequence: fromBigint(row.sequence),
    rate: row.rate === null ? null : rate(row.rate),
    price: price(row.price),
    status: row.status,
    asset: row.asset,
    paid: amount(row.paid),
    accounts: row.accounts,
  };
}

function dueOf({ instrument, paidAt, rate: known, price: valued }: FundingRecord): readonly FundingDue[] {
  if (known === null) return [];
  const key = `funding:${instrument}:${new Date(paidAt).toISOString()}`;
  return [{ instrument, paidAt, rate: known, price: valued, key }];
}
