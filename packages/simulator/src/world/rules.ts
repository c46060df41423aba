import {
  applyJournal,
  conversionJournal,
  depositJournal,
  fillFee,
  fillJournal,
  paymentJournal,
  transferJournal,
  withdrawalJournal,
} from "@ballast/ledger";
import {
  admit,
  assessHealth,
  checkWithdrawal,
  exceedsFund,
  executionPrice,
  planDisposal,
  planForAccount,
  planTakeover,
} from "@ballast/risk-core";

/**
 * Everything the world does not decide itself. `HOUSE_RULES` is the house as it is; a planted bug is the same with one
 * rule bent, to see whether the invariants notice.
 */
export interface Rules {
  readonly deposit: typeof depositJournal;
  readonly withdrawal: typeof withdrawalJournal;
  readonly transfer: typeof transferJournal;
  readonly fill: typeof fillJournal;
  readonly fee: typeof fillFee;
  readonly payment: typeof paymentJournal;
  readonly conversion: typeof conversionJournal;
  readonly apply: typeof applyJournal;
  readonly assess: typeof assessHealth;
  readonly admit: typeof admit;
  readonly checkWithdrawal: typeof checkWithdrawal;
  readonly planLiquidation: typeof planForAccount;
  readonly executionPrice: typeof executionPrice;
  readonly exceedsFund: typeof exceedsFund;
  readonly planTakeover: typeof planTakeover;
  readonly planDisposal: typeof planDisposal;
  /** May a snapshot follow the latest one? */
  readonly isNewer: (sequence: number, latest: number) => boolean;
  /** Has this key had no effect yet? */
  readonly isFresh: (key: string, used: ReadonlySet<string>) => boolean;
  /**
   * May an account act for itself? Not while an order of the house is on its way for it: the order was measured on what
   * the account held, and would turn a position that its owner closes in between.
   */
  readonly mayAct: (hasOrdersOut: boolean) => boolean;
  /** Has this step been finished by somebody? */
  readonly isDone: (status: "INTENT" | "DONE") => boolean;
}

export const HOUSE_RULES: Rules = {
  deposit: depositJournal,
  withdrawal: withdrawalJournal,
  transfer: transferJournal,
  fill: fillJournal,
  fee: fillFee,
  payment: paymentJournal,
  conversion: conversionJournal,
  apply: applyJournal,
  assess: assessHealth,
  admit,
  checkWithdrawal,
  planLiquidation: planForAccount,
  executionPrice,
  exceedsFund,
  planTakeover,
  planDisposal,
  isNewer: (sequence, latest) => sequence > latest,
  isFresh: (key, used) => !used.has(key),
  mayAct: (hasOrdersOut) => !hasOrdersOut,
  isDone: (status) => status === "DONE",
};
