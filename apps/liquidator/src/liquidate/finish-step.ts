import { assertInvariant } from "@ballast/model";
import { type ClaimedStep, ConstraintRefused, type EndedOrder, type VenueFill, type VenueOrder } from "@ballast/store";
import type { Setting } from "../setting.js";
import { bookSteps } from "./book-steps.js";
import type { FoundOut } from "./found-out.js";
import { maySend, progressOf } from "./order-progress.js";

/**
 * Brings a step that we hold as far as the venue lets it: visits the venue about each order, then has what is new booked
 * under our fence. Answers whether the step is done; when it is not, it has been let go, and is due again.
 *
 * `fresh`: we have written the intent ourselves just now, so none of its orders can have been sent.
 *
 * @method CASE-4 CASE-5 LIQUIDATION-5
 */
export async function finishStep(setting: Setting, claim: ClaimedStep, fresh: boolean): Promise<boolean> {
  try {
    const done = await visit(setting, claim, fresh);
    if (!done) await setting.store.letGo(claim.hold);
    return done;
  } catch (cause) {
    if (isFencedOff(cause)) {
      setting.events.fencedOff(claim.hold);
      return false;
    }
    // When the database is away as well, the hold ends by itself.
    await setting.store.letGo(claim.hold).catch(() => undefined);
    throw cause;
  }
}

async function visit(setting: Setting, claim: ClaimedStep, fresh: boolean): Promise<boolean> {
  const { store } = setting;
  const { step, orders, now } = claim;
  const snapshot = await store.snapshot(step.sequence);
  assertInvariant(snapshot !== null, "CASE-3 a step names its snapshot", { account: step.account });
  const circumstances = { fresh, now, maySend: await maySend(setting, step.kind) };
  const fills: VenueFill[] = [];
  const ended: EndedOrder[] = [];
  for (const order of orders) {
    const progress = await progressOf(setting, order, snapshot, circumstances);
    fills.push(...progress.fills);
    if (progress.ended !== null) ended.push(progress.ended);
  }
  const final = orders.every((order) => order.outcome !== null || ended.some((end) => isOf(end, order)));
  if (final || fills.length > 0 || ended.length > 0) await book(setting, { claim, snapshot, fills, ended, final });
  return final;
}

const isOf = (end: EndedOrder, order: VenueOrder): boolean => end.clientOrderId === order.clientOrderId;

/** Somebody else has taken the step over, or has done it: what we found out, they find out too. */
export function isFencedOff(cause: unknown): boolean {
  return (
    cause instanceof ConstraintRefused &&
    ["liquidation_step_worked_by_its_holder", "liquidation_step_done_once"].includes(cause.constraint)
  );
}

/** At the desk where what is found out meets, when there is one; what the fund sells is booked by itself. */
function book(setting: Setting, found: FoundOut): Promise<void> {
  if (setting.desk === undefined || found.claim.step.kind !== "REDUCE") return bookSteps(setting, [found]);
  return setting.desk.book(found);
}
