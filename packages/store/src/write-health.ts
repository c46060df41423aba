import type { AccountHealth, AccountId, MarginMode, UtcMillis } from "@ballast/model";
import { plainArray, textArray } from "./rows/arrays.js";
import { toNumeric } from "./rows/numeric.js";
import type { Session } from "./unit-of-work.js";

/** One verdict: which account, in which mode and after which of its postings, and what was found. */
export interface Judged {
  readonly account: AccountId;
  readonly marginMode: MarginMode;
  readonly postingSequence: number;
  readonly health: AccountHealth;
}

/** At which prices, under which parameters and when a batch of verdicts was reached. */
export interface Judgement {
  readonly sequence: number;
  readonly parametersVersion: number;
  readonly at: UtcMillis;
}

// margin_usage only orders lists (maintenance margin ÷ equity, 1e6 for "no equity left"); no decision reads it.
const WRITE_HEALTH = `
  INSERT INTO account_health AS known (account_id, sequence, posting_seq, parameters_version, state, equity, net_value,
      equity_without_profit, initial_margin, maintenance_margin, margin_usage, assessed_at, margin_mode)
  SELECT account, $1::bigint, posting_seq, $2::int, state, equity, net_value, equity_without_profit, initial_margin, maintenance_margin,
         CASE WHEN equity < 0 OR (equity = 0 AND maintenance_margin > 0) THEN 1e6
              WHEN maintenance_margin = 0 THEN 0
              ELSE least(maintenance_margin / equity, 1e6) END,
         $3::timestamptz, margin_mode
    FROM unnest($4::text[], $5::bigint[], $6::text[], $7::numeric[], $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[],
                $12::text[])
         AS judged (account, posting_seq, state, equity, net_value, equity_without_profit, initial_margin, maintenance_margin,
                    margin_mode)
   ORDER BY account
  ON CONFLICT (account_id) DO UPDATE SET
      sequence = excluded.sequence, posting_seq = excluded.posting_seq, parameters_version = excluded.parameters_version,
      state = excluded.state, equity = excluded.equity, net_value = excluded.net_value,
      equity_without_profit = excluded.equity_without_profit, initial_margin = excluded.initial_margin,
      maintenance_margin = excluded.maintenance_margin, margin_usage = excluded.margin_usage,
      assessments = known.assessments + 1, assessed_at = excluded.assessed_at,
      margin_mode = excluded.margin_mode
    WHERE (excluded.posting_seq, excluded.sequence) >= (known.posting_seq, known.sequence)
  RETURNING account_id`;

/**
 * Stores verdicts, and answers the accounts whose verdict was stored. A verdict on an older state of the account, or of the same state
 * at older prices, does not replace a newer one: so a scan never hides what a command has just found out, and an
 * account whose stored verdict is behind the latest snapshot stays visible as due work; so does one that was judged in a mode
 * which it has left meanwhile.
 *
 * @method STORE-7
 */
export async function writeHealth(
  session: Session,
  at: Judgement,
  judged: readonly Judged[],
): Promise<ReadonlySet<AccountId>> {
  const summaries = judged.map(({ health }) => health.summary);
  const { rows } = await session.query<{ account_id: AccountId }>({
    name: "write-health",
    text: WRITE_HEALTH,
    values: [
      at.sequence,
      at.parametersVersion,
      new Date(at.at).toISOString(),
      textArray(judged.map(({ account }) => account)),
      plainArray(judged.map(({ postingSequence }) => postingSequence)),
      textArray(judged.map(({ health }) => health.state)),
      plainArray(summaries.map((summary) => toNumeric(summary.equity))),
      plainArray(summaries.map((summary) => toNumeric(summary.netValue))),
      plainArray(summaries.map((summary) => toNumeric(summary.equityWithoutProfit))),
      plainArray(summaries.map((summary) => toNumeric(summary.initialMargin))),
      plainArray(summaries.map((summary) => toNumeric(summary.maintenanceMargin))),
      textArray(judged.map(({ marginMode }) => marginMode)),
    ],
  });
  return new Set(rows.map((row) => row.account_id));
}
