import type {
  Account,
  AccountId,
  AccountKind,
  AssetId,
  HealthState,
  InstrumentId,
  MarginMode,
  Position,
} from "@ballast/model";
import { type Amount, amount, quantity } from "@ballast/money";
import { fromBigint } from "./integers.js";

/** The end of an account's hash chain. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** An account as one statement saw it: what it holds, where its chain ends, and the last verdict on it. */
export interface AccountState {
  readonly account: Account;
  readonly head: ChainHead;
  readonly frozen: boolean;
  readonly caseEpoch: number;
  /** Epoch of the open case, or null. */
  readonly openEpoch: number | null;
  readonly verdict: Verdict | null;
}

/** What the stored health was judged on. */
export interface Verdict {
  readonly sequence: number;
  readonly postingSequence: number;
  readonly marginMode: MarginMode;
  readonly state: HealthState;
}

export interface AccountRow {
  readonly id: string;
  readonly kind: string;
  readonly parent_id: string | null;
  readonly margin_mode: string;
  readonly last_posting_seq: string;
  readonly last_posting_hash: string;
  readonly case_epoch: number;
  readonly frozen: boolean;
  readonly balances: readonly (readonly [asset: string, amount: string])[] | null;
  readonly positions: readonly (readonly [instrument: string, quantity: string, entryCash: string])[] | null;
  readonly open_epoch: number | null;
  readonly health_sequence: string | null;
  readonly health_posting_seq: string | null;
  readonly health_state: string | null;
  readonly health_margin_mode: string | null;
}

/**
 * Reads accounts with everything they hold in one statement, and so from one moment: `where` restricts `account.id`
 * everywhere with `$1`, or nothing is restricted. Zero balances and closed positions are left out.
 */
export const selectAccounts = (which: "ALL" | "NAMED"): string => {
  const named = (column: string) => (which === "NAMED" ? `AND ${column} = ANY($1::text[])` : "");
  return `
    SELECT account.id, account.kind, account.parent_id, account.margin_mode, account.last_posting_seq, account.last_posting_hash,
           account.case_epoch, account.frozen, held.balances, open.positions, breach.epoch AS open_epoch,
           health.sequence AS health_sequence, health.posting_seq AS health_posting_seq, health.state AS health_state,
           health.margin_mode AS health_margin_mode
      FROM account
      LEFT JOIN (SELECT account_id, json_agg(json_build_array(asset, amount::text) ORDER BY asset) AS balances
                   FROM collateral_balance WHERE amount <> 0 ${named("account_id")} GROUP BY account_id) AS held
             ON held.account_id = account.id
      LEFT JOIN (SELECT account_id, json_agg(json_build_array(instrument_id, quantity::text, entry_cash::text)
                                             ORDER BY instrument_id) AS positions
                   FROM position WHERE quantity <> 0 ${named("account_id")} GROUP BY account_id) AS open
             ON open.account_id = account.id
      LEFT JOIN liquidation_case AS breach ON breach.account_id = account.id AND breach.stage <> 'CLOSED'
      LEFT JOIN account_health AS health ON health.account_id = account.id
     WHERE true ${named("account.id")}
     ORDER BY account.id`;
};

export function accountState(row: AccountRow): AccountState {
  return {
    account: accountOf(row),
    head: { sequence: fromBigint(row.last_posting_seq), hash: row.last_posting_hash },
    frozen: row.frozen,
    caseEpoch: row.case_epoch,
    openEpoch: row.open_epoch,
    verdict:
      row.health_sequence === null || row.health_posting_seq === null
        ? null
        : {
            sequence: fromBigint(row.health_sequence),
            postingSequence: fromBigint(row.health_posting_seq),
            marginMode: row.health_margin_mode as MarginMode,
            state: row.health_state as HealthState,
          },
  };
}

function accountOf(row: AccountRow): Account {
  const balances = new Map<AssetId, Amount>();
  for (const [asset, held] of row.balances ?? []) balances.set(asset as AssetId, amount(held));
  const positions = new Map<InstrumentId, Position>();
  for (const [id, contracts, entryCash] of row.positions ?? []) {
    const instrument = id as InstrumentId;
    positions.set(instrument, { instrument, quantity: quantity(contracts), entryCash: amount(entryCash) });
  }
  return {
    id: row.id as AccountId,
    kind: row.kind as AccountKind,
    parent: row.parent_id as AccountId | null,
    marginMode: row.margin_mode as MarginMode,
    balances,
    positions,
  };
}
