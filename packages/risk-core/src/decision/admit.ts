import { type AccountId, type MarginSummary, ok, type Rejection, type Result, reject } from "@ballast/model";

/**
 * May the account move from `current` to `next` by its own action? Yes when equity covers initial margin afterwards, or
 * when the account becomes no riskier.
 *
 * Rejects with INITIAL_MARGIN_INSUFFICIENT.
 *
 * @method DECISION-3
 */
export function admit(account: AccountId, current: MarginSummary, next: MarginSummary): Result<"ADMITTED", Rejection> {
  if (next.equity.gte(next.initialMargin)) return ok("ADMITTED");
  if (isNoRiskier(next, current)) return ok("ADMITTED");
  return reject({
    code: "INITIAL_MARGIN_INSUFFICIENT",
    account,
    equity: next.equity,
    initialMargin: next.initialMargin,
  });
}

/**
 * Is `next` at most as risky as `current`?
 *
 * Compares equity ÷ maintenance margin by cross-multiplying: a division would round, and has no answer for an account
 * that holds no position. Two cases are written out, because there the products mislead. Nothing is safer than nothing to
 * maintain, so that from there only more equity with still nothing to maintain is no riskier; without this an account with
 * nothing could buy a contract below its mark, and nought to something would look like a gain. With equity of zero
 * or less a *larger* requirement would make the ratio look better, so that neither a lower equity nor a higher
 * requirement is accepted.
 *
 * @method DECISION-4
 */
export function isNoRiskier(next: MarginSummary, current: MarginSummary): boolean {
  if (current.maintenanceMargin.isZero()) {
    return next.maintenanceMargin.isZero() && next.equity.gte(current.equity);
  }
  if (next.equity.lte(0)) {
    return next.equity.gte(current.equity) && next.maintenanceMargin.lte(current.maintenanceMargin);
  }
  return next.equity.mul(current.maintenanceMargin).gte(current.equity.mul(next.maintenanceMargin));
}
