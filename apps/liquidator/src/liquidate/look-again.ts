import {
  type Account,
  type AccountId,
  assertInvariant,
  type CaseOutcome,
  type LiquidationLeg,
  ok,
} from "@ballast/model";
import { printDecimal } from "@ballast/money";
import { assessAccount, planLiquidation } from "@ballast/risk-core";
import type { AccountTransaction, Json, LiquidationCase, VenueOrder } from "@ballast/store";
import { liquidatorCommand, type Setting } from "../setting.js";
import { finishStep } from "./finish-step.js";

/** What a look at an account came to. */
export type Look =
  | { readonly kind: "NOTHING_DUE" }
  | { readonly kind: "CLOSED"; readonly outcome: CaseOutcome }
  | { readonly kind: "TAKEOVER"; readonly because: string }
  | { readonly kind: "INTENT"; readonly epoch: number; readonly step: number };

/**
 * Looks at an account again: finishes what was begun, then locks, rereads, reassesses, and only then decides. At most
 * one step an account and snapshot, so that the pace is the market's and not the worker's.
 *
 * Safe to run twice, by two workers at once, and to be killed at any point: the intent is a row before anything is sent,
 * its client order ids are a function of (account, epoch, step, leg), and each transaction has its own key.
 */
export async function lookAgain(setting: Setting, account: AccountId): Promise<Look> {
  await finishSteps(setting, account);
  const look = await decide(setting, account);
  if (look.kind === "INTENT") await finishSteps(setting, account);
  if (look.kind !== "NOTHING_DUE") setting.events.lookedAt(account, look);
  return look;
}

async function finishSteps(setting: Setting, account: AccountId): Promise<void> {
  const unfinished = await setting.store.unfinishedSteps();
  for (const step of unfinished) if (step.account === account) await finishStep(setting, step);
}

async function decide({ store }: Setting, account: AccountId): Promise<Look> {
  const latest = await store.latestSnapshot();
  if (latest === null) return { kind: "NOTHING_DUE" };
  const newest = (await store.cases({ account, limit: 1 })).items[0];
  const open = newest === undefined || newest.stage === "CLOSED" ? null : newest;
  const key =
    open === null
      ? `reassess.${account}.${latest.sequence}`
      : `look.${account}.${open.epoch}.${open.stepCount}.${latest.sequence}`;
  const command = liquidatorCommand("look-again", key, latest.at);
  const answer = await store.runCommand<Json>(command, [account], async (transaction) => {
    const current = await transaction.cases.openCase(account);
    if (current === null) return ok(asJson({ kind: "NOTHING_DUE" }));
    return ok(asJson(await moveOn(transaction, current)));
  });
  if (!answer.ok) return { kind: "NOTHING_DUE" };
  return answer.value.response as unknown as Look;
}

async function moveOn(transaction: AccountTransaction, current: LiquidationCase): Promise<Look> {
  const { market, parameters, cases } = transaction;
  assertInvariant(market !== null, "LIQUIDATION-1 a case is opened at a snapshot", { account: current.account });
  if (current.stage !== "REDUCE" || current.workedSequence >= market.sequence) return { kind: "NOTHING_DUE" };
  const last = await cases.step(current.account, current.epoch, current.stepCount);
  // Another worker has intended a step since we looked for unfinished ones: finish that one, never plan beside it.
  if (last?.status === "INTENT") return { kind: "INTENT", epoch: current.epoch, step: current.stepCount };
  const account = transaction.account(current.account);
  const { state } = assessAccount(account, market, parameters);
  if (state === "HEALTHY" || state === "MARGIN_CALL") {
    const outcome: CaseOutcome = current.stepCount > 0 ? "REDUCED" : "RECOVERED";
    await cases.advance(current.account, current.epoch, { stage: "CLOSED", worked: market.sequence, outcome });
    return { kind: "CLOSED", outcome };
  }
  const plan = planLiquidation(account, market, parameters);
  if (plan.kind === "TAKEOVER") {
    await cases.advance(current.account, current.epoch, { stage: "TAKEOVER", worked: market.sequence });
    return { kind: "TAKEOVER", because: plan.because };
  }
  const step = current.stepCount + 1;
  await cases.intend(
    {
      account: current.account,
      epoch: current.epoch,
      step,
      kind: "REDUCE",
      status: "INTENT",
      sequence: market.sequence,
      plan: planAsJson(plan.legs),
      result: null,
    },
    ordersOf(account, current.epoch, step, plan.legs),
  );
  return { kind: "INTENT", epoch: current.epoch, step };
}

/** The orders of a plan; the client order id is a pure function of (account, epoch, step, leg). */
export function ordersOf(account: Account, epoch: number, step: number, legs: readonly LiquidationLeg[]): VenueOrder[] {
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

/** A plan as the record keeps it: amounts as text, and for each leg what it releases and what it costs. */
export function planAsJson(legs: readonly LiquidationLeg[]): Json {
  return legs.map((leg) => ({
    instrument: leg.instrument,
    quantity: printDecimal(leg.quantity),
    markPrice: printDecimal(leg.markPrice),
    expectedPrice: printDecimal(leg.expectedPrice),
    released: printDecimal(leg.released),
    cost: printDecimal(leg.cost),
  }));
}

function asJson(look: Look): Json {
  return look as unknown as Json;
}
