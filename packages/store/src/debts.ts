import type { AccountId, AccountKind, AssetId } from "@ballast/model";
import { type Amount, amount } from "@ballast/money";
import type { Session } from "./unit-of-work.js";

/** What an account owes to somebody who paid for it, as the ledger has it. */
export interface Debt {
  readonly debtor: AccountId;
  readonly creditor: AccountId;
  readonly creditorKind: AccountKind;
  readonly asset: AssetId;
  /** Above zero. */
  readonly amount: Amount;
}

/*
 * Debts are few and found by a small index of their own, so they are added up from the postings when they are asked for:
 * there is no projection that could be wrong. A claim is a posting to the book `debt/<the other account>`; what is below
 * zero there is owed.
 */
const DEBTS = `
  SELECT owed.account_id AS debtor, creditor.id AS creditor, creditor.kind AS creditor_kind, owed.asset, owed.amount
    FROM (SELECT account_id, book, asset, -sum(amount) AS amount FROM posting
           WHERE book LIKE 'debt/%' AND ($1::text IS NULL OR account_id = $1)
           GROUP BY account_id, book, asset HAVING sum(amount) < 0) AS owed
    JOIN account AS creditor ON creditor.id = substr(owed.book, 6)
   ORDER BY owed.account_id, creditor.id, owed.asset`;

interface DebtRow {
  readonly debtor: AccountId;
  readonly creditor: AccountId;
  readonly creditor_kind: AccountKind;
  readonly asset: AssetId;
  readonly amount: string;
}

/** Debts of one account, or of all, by debtor, creditor and asset. @method CASE-12 */
export async function readDebts(session: Session, debtor: AccountId | null): Promise<readonly Debt[]> {
  const { rows } = await session.query<DebtRow>({ name: "debts", text: DEBTS, values: [debtor] });
  return rows.map((row) => ({
    debtor: row.debtor,
    creditor: row.creditor,
    creditorKind: row.creditor_kind,
    asset: row.asset,
    amount: amount(row.amount),
  }));
}
