import { conversionJournal, repaymentJournal } from "@ballast/ledger";
import {
  type AccountId,
  assertInvariant,
  type AssetId,
  frozenPriceOf,
  INSURANCE_FUND,
  type MarketSnapshot,
  ok,
} from "@ballast/model";
import { assessAccount, planRecovery } from "@ballast/risk-core";
import type { Debt } from "@ballast/store";
import { keepingTrouble } from "../keeping-trouble.js";
import { NotNow, refuseUnlessPermitted } from "../not-now.js";
import { liquidatorCommand, type Setting } from "../setting.js";

/**
 * Takes from everybody who owes what they can spare, once a snapshot, account by account in ascending order of id.
 * Answers how many have repaid something.
 *
 * @method CASE-13
 */
export async function recoverDebts(setting: Setting, snapshot: MarketSnapshot): Promise<number> {
  const byDebtor = new Map<AccountId, Debt[]>();
  for (const debt of await setting.store.debts()) {
    const known = byDebtor.get(debt.debtor);
    if (known === undefined) byDebtor.set(debt.debtor, [debt]);
    else known.push(debt);
  }
  let repaid = 0;
  for (const [debtor, debts] of byDebtor) {
    const step = { account: debtor, epoch: 0, step: 0 };
    await keepingTrouble(setting, step, async () => {
      if (await recover(setting, debtor, debts, snapshot)) repaid += 1;
    });
  }
  return repaid;
}

async function recover(
  { store, events, rules }: Setting,
  debtor: AccountId,
  known: readonly Debt[],
  snapshot: MarketSnapshot,
): Promise<boolean> {
  const creditors = known.map(({ creditor }) => creditor);
  const parties = [...new Set([debtor, INSURANCE_FUND, ...creditors])];
  const standings = await store.standings(parties);
  if (parties.some((party) => standings.get(party)?.frozen !== false)) return false;
  const { sequence, at } = snapshot;
  const key = (what: string, index: number) => `recovery.${debtor}.${sequence}.${what}.${index + 1}`;
  const command = liquidatorCommand("recover", `recover.${debtor}.${sequence}`, at);
  try {
    const answer = await store.runCommand<number>(command, parties, async (transaction) => {
      await refuseUnlessPermitted(transaction.cases, rules, ["DEBT_RECOVERY"]);
      const [account, fund] = [transaction.account(debtor), transaction.account(INSURANCE_FUND)];
      const { parameters } = transaction;
      const { state } = assessAccount(account, snapshot, parameters);
      // At a frozen price nothing is exchanged, and nobody can tell what the account can spare.
      const isFrozen = frozenPriceOf(account, snapshot, parameters.instruments) !== null;
      if (state !== "HEALTHY" || isFrozen) return ok(0);
      const locked = new Set(parties);
      const debts = (await transaction.debts(debtor)).filter(({ creditor }) => locked.has(creditor));
      const plan = planRecovery(account, debts, fund, snapshot, parameters);
      await transaction.post([
        ...plan.conversions.map(({ gives, receives }, index) =>
          conversionJournal({
            key: key("conversion", index),
            at,
            account: debtor,
            counterparty: INSURANCE_FUND,
            gives,
            receives,
          }),
        ),
        ...plan.repayments.map(({ creditor, asset, amount }, index) =>
          repaymentJournal({
            key: key("repayment", index),
            at,
            from: debtor,
            to: creditor,
            asset: asset as AssetId,
            amount,
          }),
        ),
      ]);
      return ok(plan.repayments.length);
    });
    assertInvariant(answer.ok, "CASE-13 a recovery is not refused", { account: debtor });
    const payments = answer.value.replayed ? 0 : answer.value.response;
    if (payments > 0) events.recovered(debtor, { sequence, payments });
    return payments > 0;
  } catch (cause) {
    if (cause instanceof NotNow) return false;
    throw cause;
  }
}
