import {
  type AssetId,
  type CaseOutcome,
  contractValue,
  type HealthState,
  INSURANCE_FUND,
  type InstrumentId,
  type RiskParameters,
} from "@ballast/model";
import {
  type Amount,
  amount,
  Decimal,
  magnitude,
  price,
  type Quantity,
  quantity,
  type Usd,
  valueOf,
} from "@ballast/money";
import type { Database } from "./client.js";
import type { LiquidationStep } from "./liquidation-records.js";
import { readTogether } from "./reading.js";
import { fromBigint } from "./rows/integers.js";
import type { SnapshotStatus } from "./market.repository.js";
import type { Session } from "./unit-of-work.js";

/** What has happened in this house, in figures. Amounts are per asset; dollars are said to be dollars. */
export interface Summary {
  readonly latestSequence: number | null;
  readonly settledSequence: number | null;
  readonly snapshots: Readonly<Record<SnapshotStatus, number>>;
  readonly accounts: number;
  /** Accounts by stored verdict; those never judged are not in it. */
  readonly accountsByState: Readonly<Record<HealthState, number>>;
  readonly openCases: number;
  /** Auctions, here and among the steps, are told only where there have been some. */
  readonly casesByOutcome: Readonly<Partial<Record<CaseOutcome, number>>>;
  readonly stepsByKind: Readonly<Partial<Record<LiquidationStep["kind"], number>>>;
  /** Dollars of liquidated notional, at the marks. Fills of the fund's disposals are not in it. */
  readonly liquidatedNotional: Usd;
  /** Dollars lost between mark and fill price by liquidated accounts; positive is a cost. */
  readonly slippage: Usd;
  /** Collateral of the insurance fund when the first snapshot was published, and now. */
  readonly fundFirst: ReadonlyMap<AssetId, Amount>;
  readonly fundNow: ReadonlyMap<AssetId, Amount>;
  /** Contracts closed by auto-deleveraging. */
  readonly adl: ReadonlyMap<InstrumentId, Quantity>;
  /** What bankrupt accounts could not pay and somebody else did. */
  readonly deficits: ReadonlyMap<AssetId, Amount>;
  readonly socialisedLosses: ReadonlyMap<AssetId, Amount>;
  readonly journals: number;
  readonly postings: number;
  /** Verdicts stored, by scans and commands together. */
  readonly decisions: number;
}

/** Adds it all up from the tables, at one moment. Cost: reads journals and the fund's postings; seconds on large books. */
export function summarise({ pool }: Database, parameters: RiskParameters | null): Promise<Summary> {
  return readTogether(pool, async (session) => {
    const trades = await liquidationTrades(session, parameters);
    return {
      ...(await marks(session)),
      ...(await counts(session)),
      ...trades,
      ...(await fund(session)),
      adl: await adlQuantities(session),
      deficits: await paid(session, "DEFICIT"),
      socialisedLosses: await paid(session, "SOCIALISED_LOSS"),
    };
  });
}

async function marks(session: Session) {
  const { rows } = await session.query<{ status: SnapshotStatus; count: number; newest: string }>(
    "SELECT status, count(*)::int AS count, max(sequence) AS newest FROM market_snapshot GROUP BY status",
  );
  const snapshots = { NEW: 0, SCANNED: 0, SETTLED: 0 };
  let latestSequence: number | null = null;
  let settledSequence: number | null = null;
  for (const row of rows) {
    snapshots[row.status] = row.count;
    const newest = fromBigint(row.newest);
    latestSequence = Math.max(latestSequence ?? 0, newest);
    if (row.status === "SETTLED") settledSequence = newest;
  }
  return { snapshots, latestSequence, settledSequence };
}

async function counts(session: Session) {
  const accountsByState = { HEALTHY: 0, MARGIN_CALL: 0, LIQUIDATABLE: 0, BANKRUPT: 0 };
  await tally(
    session,
    "SELECT state AS name, count(*)::int AS count FROM account_health GROUP BY state",
    accountsByState,
  );
  const casesByOutcome: Partial<Record<CaseOutcome, number>> = {
    RECOVERED: 0,
    REDUCED: 0,
    TAKEN_OVER: 0,
    BANKRUPT_FUND: 0,
    BANKRUPT_ADL: 0,
    BANKRUPT_SOCIALISED: 0,
  };
  await tally(
    session,
    "SELECT outcome AS name, count(*)::int AS count FROM liquidation_case WHERE stage = 'CLOSED' GROUP BY outcome",
    casesByOutcome,
  );
  const stepsByKind: Partial<Record<LiquidationStep["kind"], number>> = { REDUCE: 0, TAKEOVER: 0, DISPOSE: 0 };
  await tally(session, "SELECT kind AS name, count(*)::int AS count FROM liquidation_step GROUP BY kind", stepsByKind);
  const { rows } = await session.query<
    Record<"accounts" | "open_cases" | "journals" | "postings" | "decisions", string>
  >(
    `SELECT (SELECT count(*) FROM account) AS accounts,
            (SELECT count(*) FROM liquidation_case WHERE stage <> 'CLOSED') AS open_cases,
            (SELECT count(*) FROM journal) AS journals,
            (SELECT count(*) FROM posting) AS postings,
            (SELECT coalesce(sum(assessments), 0) FROM account_health) AS decisions`,
  );
  const row = rows[0];
  return {
    accounts: fromBigint(row?.accounts ?? "0"),
    accountsByState,
    openCases: fromBigint(row?.open_cases ?? "0"),
    casesByOutcome,
    stepsByKind,
    journals: fromBigint(row?.journals ?? "0"),
    postings: fromBigint(row?.postings ?? "0"),
    decisions: fromBigint(row?.decisions ?? "0"),
  };
}

async function tally<Name extends string>(
  session: Session,
  query: string,
  into: Partial<Record<Name, number>>,
): Promise<void> {
  const { rows } = await session.query<{ name: Name; count: number }>(query);
  for (const { name, count } of rows) into[name] = count;
}

interface TradeRow {
  readonly instrument_id: InstrumentId;
  readonly quantity: string;
  readonly price: string;
  readonly mark_price: string;
}

/**
 * Slippage of one fill is its value at the fill price less its value at the mark: what the trade cost beyond the mark.
 * Linear contracts are worth dollars; inverse ones coins, counted at the mark.
 */
async function liquidationTrades(session: Session, parameters: RiskParameters | null) {
  let notional = new Decimal(0);
  let slippage = new Decimal(0);
  const { rows } = await session.query<TradeRow>(
    `SELECT placed.instrument_id, fill.quantity, fill.price, fill.mark_price
       FROM venue_fill AS fill JOIN venue_order AS placed USING (client_order_id)
      WHERE placed.epoch > 0 ORDER BY fill.venue_fill_id`,
  );
  for (const row of rows) {
    const instrument = parameters?.instruments.get(row.instrument_id);
    if (instrument === undefined) continue;
    const mark = price(row.mark_price);
    const dollar = instrument.payoff === "inverse" ? mark : price("1");
    const atMark = contractValue(instrument, quantity(row.quantity), mark);
    const atFill = contractValue(instrument, quantity(row.quantity), price(row.price));
    notional = notional.add(magnitude(valueOf(atMark, dollar)));
    slippage = slippage.add(valueOf(amount(atFill.sub(atMark)), dollar));
  }
  return { liquidatedNotional: cents(notional), slippage: cents(slippage) };
}

/** Shown, not decided by: rounded to the nearest of eight digits. */
const cents = (value: Decimal): Usd => value.toDecimalPlaces(8) as unknown as Usd;

async function fund(session: Session) {
  const { rows } = await session.query<{ asset: AssetId; first: string; now: string }>(
    `SELECT asset, sum(amount)::text AS now,
            coalesce(sum(amount) FILTER (WHERE journal_id <= (
              SELECT journal_watermark FROM market_snapshot ORDER BY sequence LIMIT 1)), 0)::text AS first
       FROM posting WHERE account_id = $1 AND book = 'collateral' GROUP BY asset ORDER BY asset`,
    [INSURANCE_FUND],
  );
  return {
    fundFirst: new Map(rows.map((row) => [row.asset, amount(row.first)])),
    fundNow: new Map(rows.map((row) => [row.asset, amount(row.now)])),
  };
}

async function adlQuantities(session: Session): Promise<ReadonlyMap<InstrumentId, Quantity>> {
  const { rows } = await session.query<{ asset: InstrumentId; contracts: string }>(
    `SELECT posting.asset, sum(posting.amount)::text AS contracts
       FROM journal JOIN posting ON posting.journal_id = journal.id
      WHERE journal.kind = 'ADL_FILL' AND posting.amount > 0 AND posting.book = 'position/' || posting.asset
      GROUP BY posting.asset ORDER BY posting.asset`,
  );
  return new Map(rows.map((row) => [row.asset, quantity(row.contracts)]));
}

async function paid(session: Session, kind: "DEFICIT" | "SOCIALISED_LOSS"): Promise<ReadonlyMap<AssetId, Amount>> {
  const { rows } = await session.query<{ asset: AssetId; total: string }>(
    `SELECT posting.asset, sum(posting.amount)::text AS total
       FROM journal JOIN posting ON posting.journal_id = journal.id
      WHERE journal.kind = $1 AND posting.amount > 0 AND posting.book = 'collateral'
      GROUP BY posting.asset ORDER BY posting.asset`,
    [kind],
  );
  return new Map(rows.map((row) => [row.asset, amount(row.total)]));
}
