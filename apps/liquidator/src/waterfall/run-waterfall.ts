import { assertInvariant, INSURANCE_FUND, type MarketSnapshot } from "@ballast/model";
import type { LiquidationCase } from "@ballast/store";
import { keepingTrouble } from "../keeping-trouble.js";
import { NotNow } from "../not-now.js";
import type { Setting } from "../setting.js";
import { disposeOfInventory } from "./dispose.js";
import { holdAuction } from "./hold-auction.js";
import { recoverDebts } from "./recover-debts.js";
import { takeOver } from "./take-over.js";

/**
 * Brings a scanned snapshot to its end when nothing is left to look at: takeovers one by one in ascending account id, each
 * after its auction, then the fund's disposal, then SETTLED. One worker at a time, in whatever process; the others answer false and go on.
 *
 * Only here is the fund's balance read for a decision, and only in this order, so what it pays does not depend on which
 * worker was quicker. What a takeover makes due, a holder whom it has brought below maintenance margin, comes before the next
 * takeover: so the next thing to do is always a function of the tables, and a worker that dies in between changes nothing.
 *
 * @method LIQUIDATION-7
 */
export async function runWaterfall(setting: Setting, sequence: number): Promise<boolean> {
  const { store, events } = setting;
  const done = await store.withWaterfallLock(async () => {
    const snapshot = await store.snapshot(sequence);
    assertInvariant(snapshot !== null, "LIQUIDATION-7 a waterfall is of a published snapshot", { sequence });
    for (const open of await store.takeoversDue(sequence)) {
      const step = { account: open.account, epoch: open.epoch, step: open.stepCount + 1 };
      const failed = !(await keepingTrouble(setting, step, () => takeOverUnlessStopped(setting, open, snapshot)));
      if (failed || (await store.dueWork()).lookAgain.length > 0) return false;
    }
    await recoverDebts(setting, snapshot);
    await keepingTrouble(setting, { account: INSURANCE_FUND, epoch: 0, step: sequence }, () =>
      disposeOfInventory(setting, snapshot),
    );
    return store.settleSnapshot(sequence);
  });
  if (done === true) events.settled(sequence);
  return done === true;
}

/** A stage that a person has stopped holds up the cases that need it; the others go on. */
async function takeOverUnlessStopped(setting: Setting, open: LiquidationCase, snapshot: MarketSnapshot): Promise<void> {
  try {
    if ((await holdAuction(setting, open, snapshot)) === "TAKE_OVER") await takeOver(setting, open, snapshot);
  } catch (cause) {
    if (!(cause instanceof NotNow)) throw cause;
    setting.events.lookedAt(open.account, { kind: "NOT_NOW", because: cause.hindrance });
  }
}
