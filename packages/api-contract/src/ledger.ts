import { z } from "zod";
import { pageOf } from "./page.js";
import { assetAmount, decimalText, idText, sequenceNumber, timeText } from "./wire.js";

/** One posting of an account, newest first, with the balance of that book and asset after it. */
export const ledgerRow = z
  .strictObject({
    sequence: sequenceNumber,
    journal: z.string(),
    kind: z.string(),
    at: timeText,
    book: z.string(),
    asset: z.string(),
    amount: decimalText,
    balanceAfter: decimalText,
    hash: z.string(),
  })
  .meta({ id: "LedgerRow" });
export type LedgerRow = z.infer<typeof ledgerRow>;
export const ledgerAnswer = pageOf(ledgerRow).meta({ id: "LedgerPage" });

/** The audit of the whole ledger. `balanced` says that every part below is in order. */
export const ledgerCheckAnswer = z
  .strictObject({
    balanced: z.boolean(),
    /** Sum of all postings of each asset: all zero. */
    imbalances: z.array(assetAmount),
    /** Contracts held long of each instrument, and long minus short over all accounts: all zero. */
    openInterest: z.array(z.strictObject({ instrument: idText, contracts: decimalText, net: decimalText })),
    /** Accounts whose hash chain does not verify. */
    brokenChains: z.array(z.string()),
    /** Stored balances or positions that differ from their postings. */
    projectionDifferences: z.array(z.string()),
    journals: z.int(),
    postings: z.int(),
    checkedAt: timeText,
  })
  .meta({ id: "LedgerCheck" });
export type LedgerCheckBody = z.infer<typeof ledgerCheckAnswer>;
