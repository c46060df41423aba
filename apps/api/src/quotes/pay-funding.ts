import { fundingJournal, type Journal } from "@ballast/ledger";
import { type Account, type AccountId, assertInvariant, type RiskParameters, TREASURY } from "@ballast/model";
import { fundingPayments } from "@ballast/risk-core";
import type { FundingDue } from "@ballast/store";

/** The journal of one funding for everybody who holds the perpetual; the treasury keeps the dust. @method MARK-12 LEDGER-9 */
export function payFunding(
  { instrument: id, key, paidAt, rate, price }: FundingDue,
  accounts: ReadonlyMap<AccountId, Account>,
  { instruments, version }: RiskParameters,
): Journal | null {
  const instrument = instruments.get(id);
  assertInvariant(instrument !== undefined, "MARK-12 a funded perpetual has parameters", { instrument: id, version });
  const positions = [...accounts].flatMap(([account, { positions: held }]) => {
    const position = held.get(id);
    return position === undefined ? [] : [{ account, quantity: position.quantity }];
  });
  const { payments, dust } = fundingPayments(instrument, positions, rate, price);
  return fundingJournal({ key, at: paidAt, asset: instrument.settlementAsset, payments, house: TREASURY, dust });
}
