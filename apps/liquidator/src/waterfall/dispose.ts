import { INSURANCE_FUND, type MarketSnapshot, ok } from "@ballast/model";
import { planDisposal } from "@ballast/risk-core";
import { finishStep } from "../liquidate/finish-step.js";
import { ordersOf, planAsJson } from "../liquidate/look-again.js";
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
  const { store } = setting;
  const command = liquidatorCommand("dispose", `dispose.${snapshot.sequence}`, snapshot.at);
  const answer = await store.runCommand<number>(command, [INSURANCE_FUND], async (transaction) => {
    const fund = transaction.account(INSURANCE_FUND);
    const legs = planDisposal(fund, snapshot, transaction.parameters);
    if (legs.length === 0) return ok(0);
    const step = snapshot.sequence;
    await transaction.cases.intend(
      {
        account: INSURANCE_FUND,
        epoch: DISPOSAL_EPOCH,
        step,
        kind: "DISPOSE",
        status: "INTENT",
        sequence: snapshot.sequence,
        plan: planAsJson(legs),
        result: null,
      },
      ordersOf(fund, DISPOSAL_EPOCH, step, legs),
    );
    return ok(legs.length);
  });
  const orders = answer.ok ? answer.value.response : 0;
  for (const step of await store.unfinishedSteps()) {
    if (step.account === INSURANCE_FUND) await finishStep(setting, step);
  }
  if (orders > 0) setting.events.disposed({ sequence: snapshot.sequence, orders });
  return orders;
}
