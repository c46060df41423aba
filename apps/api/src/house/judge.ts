import {
  type Account,
  type MarginSummary,
  type MarketSnapshot,
  ok,
  type Rejection,
  reject,
  type Result,
  type RiskParameters,
} from "@ballast/model";
import { assessAccount, MissingPrice, type Assessment } from "@ballast/risk-core";

/** The margin of an account with its breakdown, as an answer: a price that is not there is a no, not a fault. */
export function judge(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): Result<Assessment, Rejection> {
  return rejectingMissingPrice(() => ok(assessAccount(account, market, parameters)));
}

/** The answer of `decide`; a price that it misses is a rejection with PRICE_MISSING. */
export function rejectingMissingPrice<Value>(decide: () => Result<Value, Rejection>): Result<Value, Rejection> {
  try {
    return decide();
  } catch (fault) {
    if (fault instanceof MissingPrice) return reject({ code: "PRICE_MISSING", of: fault.of });
    throw fault;
  }
}

/** Returns the margin of accounts under these parameters, for admission. Rejects with PRICE_MISSING. */
export function marginUnder(
  parameters: RiskParameters,
): (account: Account, market: MarketSnapshot) => Result<MarginSummary, Rejection> {
  return (account, market) => {
    const judged = judge(account, market, parameters);
    return judged.ok ? ok(judged.value.summary) : judged;
  };
}
