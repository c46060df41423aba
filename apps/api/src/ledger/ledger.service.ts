import { type LedgerCheckBody, type LedgerRow, type PageBody, printTime } from "@ballast/api-contract";
import type { AccountId } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import type { LedgerEntry, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { CursorSeal } from "../http/cursor.js";
import { Refusal } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";
import { LedgerWatch } from "./ledger-watch.js";

@Injectable()
export class LedgerService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CursorSeal) private readonly cursors: CursorSeal,
    @Inject(LedgerWatch) private readonly watch: LedgerWatch,
  ) {}

  /** Postings of an account, newest first. Codes: ACCOUNT_UNKNOWN, CURSOR_INVALID. */
  async statement(
    account: AccountId,
    asked: { readonly limit: number; readonly cursor: string | undefined },
  ): Promise<PageBody<LedgerRow>> {
    const list = `ledger ${account}`;
    const cursor = asked.cursor === undefined ? undefined : this.cursors.open(list, asked.cursor);
    if (!(await this.store.standings([account])).has(account)) throw new Refusal("ACCOUNT_UNKNOWN", { account });
    const page = await this.store.journals(account, {
      limit: asked.limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return this.cursors.page(list, page, ledgerRow);
  }

  /** Audits the whole ledger now. */
  async check(): Promise<LedgerCheckBody> {
    const { check, at } = await this.watch.look();
    return {
      balanced: check.balanced,
      imbalances: [...check.imbalances].map(([asset, total]) => ({ asset, amount: printDecimal(total) })),
      openInterest: check.openInterest.map(({ instrument, long, net }) => ({
        instrument,
        contracts: printDecimal(long),
        net: printDecimal(net),
      })),
      brokenChains: check.chain.broken.map(({ account }) => account),
      projectionDifferences: check.differences.map(
        ({ account, of, stored, posted }) =>
          `${account} ${of}: stored ${printDecimal(stored)}, posted ${printDecimal(posted)}`,
      ),
      journals: check.journals,
      postings: check.postings,
      checkedAt: printTime(at),
    };
  }
}

function ledgerRow(entry: LedgerEntry): LedgerRow {
  return {
    sequence: entry.sequence,
    journal: entry.journal,
    kind: entry.kind,
    at: printTime(entry.at),
    book: entry.book,
    asset: entry.asset,
    amount: printDecimal(entry.amount),
    balanceAfter: printDecimal(entry.balanceAfter),
    hash: entry.hash,
  };
}
