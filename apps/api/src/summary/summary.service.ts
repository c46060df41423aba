import { type AuditRow, type PageBody, printTime, type SummaryBody } from "@ballast/api-contract";
import { printDecimal } from "@ballast/money";
import type { AuditRecord, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { CursorSeal } from "../http/cursor.js";
import { amounts } from "../house/amounts.js";
import { STORE } from "../house/tokens.js";

@Injectable()
export class SummaryService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CursorSeal) private readonly cursors: CursorSeal,
  ) {}

  /** What has happened so far, in figures. */
  async soFar(): Promise<SummaryBody> {
    const summary = await this.store.summary();
    return {
      marks: { latest: summary.latestSequence, settled: summary.settledSequence },
      accounts: { total: summary.accounts, byState: { ...summary.accountsByState } },
      cases: { open: summary.openCases, byOutcome: { ...summary.casesByOutcome } },
      steps: { ...summary.stepsByKind },
      liquidatedNotional: printDecimal(summary.liquidatedNotional),
      slippage: printDecimal(summary.slippage),
      fund: { first: amounts(summary.fundFirst), now: amounts(summary.fundNow) },
      adl: [...summary.adl].map(([instrument, quantity]) => ({ instrument, quantity: printDecimal(quantity) })),
      deficits: amounts(summary.deficits),
      socialisedLosses: amounts(summary.socialisedLosses),
      journals: summary.journals,
      postings: summary.postings,
      decisions: summary.decisions,
    };
  }

  /** Who did what, newest first. Codes: CURSOR_INVALID. */
  async audit(asked: { readonly limit: number; readonly cursor: string | undefined }): Promise<PageBody<AuditRow>> {
    const list = "audit";
    const cursor = asked.cursor === undefined ? undefined : this.cursors.open(list, asked.cursor);
    const page = await this.store.audit({ limit: asked.limit, ...(cursor === undefined ? {} : { cursor }) });
    return this.cursors.page(list, page, auditRow);
  }
}

function auditRow(record: AuditRecord): AuditRow {
  return { ...record, at: printTime(record.at) };
}
