import type { Account, AccountId, AssetId, InstrumentId } from "@ballast/model";
import { ZERO_AMOUNT, ZERO_QUANTITY } from "@ballast/money";
import type { ChainHead } from "./rows/account-row.js";
import { plainArray, textArray } from "./rows/arrays.js";
import { toNumeric } from "./rows/numeric.js";
import type { Session } from "./unit-of-work.js";

/** An account that was posted to, and what of it the postings touched. */
export interface ChangedAccount {
  readonly account: Account;
  readonly head: ChainHead;
  readonly assets: ReadonlySet<AssetId>;
  readonly instruments: ReadonlySet<InstrumentId>;
}

const WRITE_PROJECTIONS = `
  WITH heads AS (
    UPDATE account SET last_posting_seq = head.seq, last_posting_hash = head.hash
      FROM unnest($1::text[], $2::bigint[], $3::text[]) AS head (id, seq, hash) WHERE account.id = head.id
  ), balances AS (
    INSERT INTO collateral_balance (account_id, asset, amount)
    SELECT * FROM unnest($4::text[], $5::text[], $6::numeric[])
    ON CONFLICT (account_id, asset) DO UPDATE SET amount = excluded.amount
  )
  INSERT INTO position (account_id, instrument_id, quantity, entry_cash)
  SELECT * FROM unnest($7::text[], $8::text[], $9::numeric[], $10::numeric[])
  ON CONFLICT (account_id, instrument_id) DO UPDATE SET quantity = excluded.quantity, entry_cash = excluded.entry_cash`;

/**
 * Writes the ends of the chains and the balances and positions that changed, in one statement. A balance that became
 * zero and a position that was closed keep a row of zeros, which readers leave out.
 *
 * @method LEDGER-5
 */
export async function writeProjections(session: Session, changed: readonly ChangedAccount[]): Promise<void> {
  const balances = changed.flatMap(({ account, assets }) =>
    [...assets].map((asset) => ({ account: account.id, asset, amount: account.balances.get(asset) ?? ZERO_AMOUNT })),
  );
  const positions = changed.flatMap(({ account, instruments }) =>
    [...instruments].map((instrument) => positionOf(account, instrument)),
  );
  await session.query({
    name: "write-projections",
    text: WRITE_PROJECTIONS,
    values: [
      textArray(changed.map(({ account }) => account.id)),
      plainArray(changed.map(({ head }) => head.sequence)),
      plainArray(changed.map(({ head }) => head.hash)),
      textArray(balances.map((row) => row.account)),
      textArray(balances.map((row) => row.asset)),
      plainArray(balances.map((row) => toNumeric(row.amount))),
      textArray(positions.map((row) => row.account)),
      textArray(positions.map((row) => row.instrument)),
      plainArray(positions.map((row) => toNumeric(row.quantity))),
      plainArray(positions.map((row) => toNumeric(row.entryCash))),
    ],
  });
}

function positionOf(account: Account, instrument: InstrumentId) {
  const open = account.positions.get(instrument);
  return {
    account: account.id as AccountId,
    instrument,
    quantity: open?.quantity ?? ZERO_QUANTITY,
    entryCash: open?.entryCash ?? ZERO_AMOUNT,
  };
}
