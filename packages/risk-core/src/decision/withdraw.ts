import {
  type Account,
  type AssetId,
  type MarginSummary,
  ok,
  type Rejection,
  type Result,
  reject,
} from "@ballast/model";
import { type AssetAmount, sub, ZERO_AMOUNT } from "@ballast/money";

/**
 * May `taken` leave `account`? `account` is as it stands before, `next` its figures after.
 *
 * Yes when the balance of that asset covers it (nobody withdraws into a debt) and what is left, unrealised profit above
 * zero not counted, covers initial margin.
 *
 * Rejects with BALANCE_INSUFFICIENT, then WITHDRAWAL_EXCEEDS_MARGIN.
 *
 * @method DECISION-5
 */
export function checkWithdrawal(
  account: Account,
  taken: AssetAmount,
  next: MarginSummary,
): Result<"ADMITTED", Rejection> {
  const asset = taken.asset as AssetId;
  const balance = account.balances.get(asset) ?? ZERO_AMOUNT;
  if (sub(balance, taken.amount).lt(0)) {
    return reject({ code: "BALANCE_INSUFFICIENT", asset, balance, required: taken.amount });
  }
  if (next.equityWithoutProfit.lt(next.initialMargin)) {
    return reject({
      code: "WITHDRAWAL_EXCEEDS_MARGIN",
      account: account.id,
      equityWithoutProfit: next.equityWithoutProfit,
      initialMargin: next.initialMargin,
    });
  }
  return ok("ADMITTED");
}
