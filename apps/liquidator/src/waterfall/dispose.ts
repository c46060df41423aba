import { INSURANCE_FUND, type Instrument, type MarketSnapshot, ok } from "@ballast/model";
import { assessAccount, planDisposal, recordAccount, recordPlan } from "@ballast/risk-core";
import type { ClaimedStep } from "@ballast/store";
import { finishStep } from "../liquidate/finish-step.js";
import { finishSteps, ordersOf } from "../liquidate/look-again.js";
import { NotNow, refuseUnlessPermitted } from "../not-now.js";
import { liquidatorCommand, type Setting } from "../setting.js";

/** Disposals belong to no breach: they are the steps of epoch 0, one a snapshot, numbered by it. */
const DISPOSAL_EPOCH = 0;

/**
 * Lets the insurance fund sell a bounded share of what it took over, once a snapshot, through the same intent, venue and
 * apply as a liquidation. Answers how many orders it sent.
 *
 * @method LIQUIDATION-12
 */
export async function disposeOfInventory(setting: Setting, snapshot: MarketSnapshot): Promise<number> {
  await finishSteps(setting, INSURANCE_FUND);
  const intended = await intendDisposal(setting, snapshot);
  if (intended === null) return 0;
  await finishStep(setting, intended, true);
  const orders = intended.orders.length;
  setting.events.disposed({ sequence: snapshot.sequence, orders });
  return orders;
}

/** Null when there is nothing to sell, it was intended before, or a bundle of an earlier snapshot is still open. */
async function intendDisposal({ store, rules }: Setting, snapshot: MarketSnapshot): Promise<ClaimedStep | null> {
  const command = liquidatorCommand("dispose", `dispose.${snapshot.sequence}`, snapshot.at);
  if ((await store.unfinishedSteps()).some((step) => step.account === INSURANCE_FUND)) return null;
  let intended: ClaimedStep | null = null;
  try {
    const answer = await store.runCommand<number>(command, [INSURANCE_FUND], async (transaction) => {
      intended = null;
      await refuseUnlessPermitted(transaction.cases, rules, ["DISPOSAL"]);
      const fund = transaction.account(INSURANCE_FUND);
      const { parameters } = transaction;
      const legs = planDisposal(fund, snapshot, parameters).filter(
        (leg) => !isFrozen(parameters.instruments.get(leg.instrument), snapshot),
      );
      if (legs.length === 0) return ok(0);
      const step = snapshot.sequence;
      intended = await transaction.cases.intend(
        {
          account: INSURANCE_FUND,
          epoch: DISPOSAL_EPOCH,
          step,
          kind: "DISPOSE",
          status: "INTENT",
          sequence: snapshot.sequence,
          plan: recordPlan(legs),
          result: null,
          engineVersion: rules.engineVersion,
          inputs: recordAccount(fund, assessAccount(fund, snapshot, transaction.parameters).summary),
        },
        ordersOf(fund, DISPOSAL_EPOCH, step, legs),
        rules.orderLifetimeMs,
      );
      return ok(legs.length);
    });
    return answer.ok && !answer.value.replayed ? intended : null;
  } catch (cause) {
    if (cause instanceof NotNow) return null;
    throw cause;
  }
}

/** Nothing is sold at a price that nobody vouches for. */
function isFrozen(instrument: Instrument | undefined, { frozen }: MarketSnapshot): boolean {
  return instrument !== undefined && frozen?.has(instrument.underlying) === true;
}
