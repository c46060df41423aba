import {
  type Account,
  type AccountId,
  assertInvariant,
  type AssetId,
  type CaseOutcome,
  frozenPriceOf,
  type LiquidationLeg,
  type MarketSnapshot,
  ok,
  type UtcMillis,
} from "@ballast/model";
import {
  assessAccount,
  isClosedWhole,
  planForAccount,
  policyFor,
  recordPlan,
  recordReduction,
  reduceVerdict,
  SPEED_MS,
} from "@ballast/risk-core";
import type {
  AccountAtHand,
  AccountTransaction,
  ClaimedStep,
  Json,
  LiquidationCase,
  NewVenueOrder,
  StepId,
} from "@ballast/store";
import { type Hindrance, NotNow, refuseUnlessPermitted } from "../not-now.js";
import { liquidatorCommand, type Setting } from "../setting.js";
import { finishStep } from "./finish-step.js";

/** What a look at an account came to. */
export type Look =
  | { readonly kind: "NOTHING_DUE" }
  | { readonly kind: "NOT_NOW"; readonly because: Hindrance }
  | { readonly kind: "WATCHED" }
  /** Its margin stands on a price that nobody vouches for: nothing is done at this snapshot. */
  | { readonly kind: "FROZEN"; readonly of: AssetId }
  | { readonly kind: "CLOSED"; readonly outcome: CaseOutcome }
  | { readonly kind: "TAKEOVER"; readonly because: string }
  | { readonly kind: "INTENT"; readonly epoch: number; readonly step: number };

/**
 * Looks at an account again: finishes what was begun, then locks, rereads, reassesses, and only then decides. At most
 * one step an account and snapshot, so that the pace is the market's and not the worker's.
 *
 * Safe to run twice, by two workers at once, and to be killed at any point: the intent is a row before anything is sent,
 * its client order ids are a function of (account, epoch, step, leg), and each transaction has its own key. `hand` is what
 * the caller has just read of the account: what is decided is decided on what is read under the lock.
 *
 * @method CASE-1 CASE-3
 */
export async function lookAgain(setting: Setting, account: AccountId, hand?: AccountAtHand): Promise<Look> {
  const { store } = setting;
  let known = hand ?? (await store.atHand(account));
  if (known.freeSteps.length > 0) {
    await finishAll(setting, known.freeSteps);
    known = await store.atHand(account);
  }
  const { look, intended } = await decide(setting, account, known);
  // Nobody else can have sent its orders, so the venue is not asked about them first.
  if (intended !== null) await finishStep(setting, intended, true);
  if (look.kind !== "NOTHING_DUE") setting.events.lookedAt(account, look);
  return look;
}

/** Takes over what is unfinished and not in somebody's hands. */
export async function finishSteps(setting: Setting, account: AccountId): Promise<void> {
  await finishAll(setting, await setting.store.freeSteps(account));
}

async function finishAll(setting: Setting, steps: readonly StepId[]): Promise<void> {
  for (const step of steps) {
    const claim = await setting.store.claimStep(step);
    if (claim !== null) await finishStep(setting, claim, false);
  }
}

interface Decision {
  readonly look: Look;
  /** The step that this very call has intended, in our hands. */
  readonly intended: ClaimedStep | null;
}

async function decide(setting: Setting, account: AccountId, hand: AccountAtHand): Promise<Decision> {
  const { store } = setting;
  const latest = hand.latestSequence === null ? null : await store.snapshot(hand.latestSequence);
  if (latest === null) return nothing({ kind: "NOTHING_DUE" });
  const open = openCaseOf(hand);
  const since = open === null ? latest.at : ((await store.snapshot(open.openedSequence))?.at ?? latest.at);
  const earlier = await store.snapshotBefore(latest, SPEED_MS);
  const key =
    open === null
      ? `reassess.${account}.${latest.sequence}`
      : `look.${account}.${open.epoch}.${open.stepCount}.${latest.sequence}`;
  const command = liquidatorCommand("look-again", key, latest.at);
  try {
    let intended: ClaimedStep | null = null;
    const answer = await store.runCommand<Json>(command, [account], async (transaction) => {
      intended = null;
      const current = await transaction.cases.openCase(account);
      if (current === null) return ok(asJson({ kind: "NOTHING_DUE" }));
      const decided = await moveOn(setting, transaction, current, since, earlier);
      intended = decided.intended;
      return ok(asJson(decided.look));
    });
    if (!answer.ok) return nothing({ kind: "NOTHING_DUE" });
    const look = answer.value.response as unknown as Look;
    return { look, intended: answer.value.replayed ? null : intended };
  } catch (cause) {
    if (!(cause instanceof NotNow)) throw cause;
    return nothing({ kind: "NOT_NOW", because: cause.hindrance });
  }
}

/** The account's case that is not closed, or null. */
export function openCaseOf({ newestCase }: AccountAtHand): LiquidationCase | null {
  return newestCase === null || newestCase.stage === "CLOSED" ? null : newestCase;
}

const nothing = (look: Look): Decision => ({ look, intended: null });

async function moveOn(
  { rules }: Setting,
  transaction: AccountTransaction,
  current: LiquidationCase,
  since: UtcMillis,
  earlier: MarketSnapshot | null,
): Promise<Decision> {
  const { market, parameters, cases } = transaction;
  const { account: id, epoch } = current;
  assertInvariant(market !== null, "CASE-1 a case is opened at a snapshot", { account: id });
  if (current.stage !== "REDUCE" || current.workedSequence >= market.sequence) return nothing({ kind: "NOTHING_DUE" });
  const last = current.stepCount === 0 ? null : await cases.step(id, epoch, current.stepCount);
  // Another worker has intended a step since we looked for unfinished ones: never plan beside it.
  if (last?.status === "INTENT") return nothing({ kind: "INTENT", epoch, step: current.stepCount });
  await refuseUnlessPermitted(cases, rules, ["REDUCE"]);

  const account = transaction.account(id);
  const worked = market.sequence;
  const frozen = frozenPriceOf(account, market, parameters.instruments);
  if (frozen !== null) {
    await cases.advance(id, epoch, { stage: "REDUCE", worked });
    return nothing({ kind: "FROZEN", of: frozen });
  }
  const { summary } = assessAccount(account, market, parameters);
  const policy = policyFor(account, market, earlier, parameters);
  const verdict = reduceVerdict(summary, since, market.at, rules.stages);
  const isAbove = verdict === "RESTORED" || verdict === "WATCH";
  // Closing whole goes on above the requirement, as long as there is anything to sell.
  const further = isAbove && current.stepCount > 0 && isClosedWhole(account, parameters, policy);
  const plan = isAbove && !further ? null : planForAccount(account, market, parameters, policy);
  if (plan === null || (isAbove && plan.kind === "REDUCE" && plan.legs.length === 0)) {
    if (verdict === "WATCH") {
      await cases.advance(id, epoch, { stage: "REDUCE", worked });
      return nothing({ kind: "WATCHED" });
    }
    const outcome: CaseOutcome = current.stepCount > 0 ? "REDUCED" : "RECOVERED";
    await cases.advance(id, epoch, { stage: "CLOSED", worked, outcome });
    return nothing({ kind: "CLOSED", outcome });
  }
  if (verdict === "TAKE_OVER" || plan.kind === "TAKEOVER") {
    await cases.advance(id, epoch, { stage: "TAKEOVER", worked });
    return nothing({ kind: "TAKEOVER", because: plan.kind === "TAKEOVER" ? plan.because : "TIME_LIMIT" });
  }
  const step = current.stepCount + 1;
  const intended = await cases.intend(
    {
      account: id,
      epoch,
      step,
      kind: "REDUCE",
      status: "INTENT",
      sequence: market.sequence,
      plan: recordPlan(plan.legs, plan.chosenBy),
      result: null,
      engineVersion: rules.engineVersion,
      inputs: recordReduction(account, summary, policy),
    },
    ordersOf(account, epoch, step, plan.legs),
    rules.orderLifetimeMs,
  );
  return { look: { kind: "INTENT", epoch, step }, intended };
}

/** The orders of a plan; the client order id is a pure function of (account, epoch, step, leg). */
export function ordersOf(
  account: Account,
  epoch: number,
  step: number,
  legs: readonly LiquidationLeg[],
): NewVenueOrder[] {
  return legs.map((leg, index) => ({
    clientOrderId: `${account.id}.${epoch}.${step}.${index + 1}`,
    account: account.id,
    epoch,
    step,
    leg: index + 1,
    instrument: leg.instrument,
    quantity: leg.quantity,
  }));
}

function asJson(look: Look): Json {
  return look as unknown as Json;
}
