import type { Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  assertInvariant,
  compareIds,
  INSURANCE_FUND,
  type MarketSnapshot,
} from "@ballast/model";
import { magnitude, type Quantity, type Ratio, ratio } from "@ballast/money";
import { liquidationFee } from "@ballast/risk-core";
import type { Random } from "../random.js";
import type { Job } from "./queue.js";
import { instrumentOf, placeOrder } from "./venue.js";
import { takeOverAll } from "./waterfall.js";
import type { Step, Task, VenueFill, World } from "./world.js";

/*
 * The workers. A job says look again; the worker rereads and decides. A reduction is three moments with a chance to die
 * between any two: the intent is recorded, the venue is asked, the answer is posted. What a worker carries from one moment
 * to the next is a task, and a crash loses every task; what is recorded is found again by the sweeper.
 */

const NO_FEE: Ratio = ratio("0");

/** One moment of work: goes on with a task, or takes a job. Answers false when there was nothing to do. */
export function work(world: World, random: Random): boolean {
  const task = world.tasks.shift();
  if (task !== undefined) {
    goOn(world, task, random);
    return true;
  }
  const job = world.queue.take(random, world.faults);
  if (job === undefined) return false;
  obey(world, job, random);
  return true;
}

/** The process dies: everything that was in its head is gone. */
export function crashWorkers(world: World): void {
  world.tallyCrash();
  world.tasks.length = 0;
}

/** Wakes workers for everything that the records say is due; needs no queue and no memory of its own. */
export function sweep(world: World, random: Random): void {
  const { sequence } = world.market;
  if (world.statuses.get(sequence) === "NEW") world.wake({ kind: "SCAN", sequence }, random);
  for (const account of dueAccounts(world)) world.wake({ kind: "LOOK_AGAIN", account }, random);
  if (world.statuses.get(sequence) === "SCANNED") world.wake({ kind: "WATERFALL", sequence }, random);
}

/** Accounts with an unfinished step, or an open reduction not worked at the latest snapshot; ascending. */
export function dueAccounts(world: World): AccountId[] {
  const due = new Set<AccountId>();
  for (const step of world.steps.values()) if (step.status === "INTENT") due.add(step.account);
  for (const { account, stage, worked } of world.openCases.values()) {
    if (stage === "REDUCE" && worked < world.market.sequence) due.add(account);
  }
  return [...due].sort(compareIds);
}

function obey(world: World, job: Job, random: Random): void {
  if (job.kind === "SCAN") return scan(world, job.sequence, random);
  if (job.kind === "LOOK_AGAIN") return lookAgain(world, job.account, random);
  if (world.market.sequence === job.sequence && world.statuses.get(job.sequence) === "SCANNED") settle(world, random);
}

/** Takeovers, then the fund's disposal, then SETTLED; goes no further than what is still due allows. */
function settle(world: World, random: Random): void {
  if (dueAccounts(world).length > 0) return;
  takeOverAll(world, random);
  if (dueAccounts(world).length > 0) return;
  const { sequence } = world.market;
  const id = `disposal.${sequence}`;
  const fund = world.account(INSURANCE_FUND);
  const legs = world.steps.has(id) ? [] : world.rules.planDisposal(fund, world.market, world.parameters);
  if (legs.length === 0) {
    world.statuses.set(sequence, "SETTLED");
    return;
  }
  world.tasks.push({ step: intend(world, id, "DISPOSE", 0, fund, legs), fills: null });
}

function scan(world: World, sequence: number, random: Random): void {
  if (sequence !== world.market.sequence || world.statuses.get(sequence) !== "NEW") return;
  for (const id of [...world.accounts.keys()].sort(compareIds)) world.openCaseIfDue(id, random);
  world.statuses.set(sequence, "SCANNED");
  for (const account of dueAccounts(world)) world.wake({ kind: "LOOK_AGAIN", account }, random);
  world.wake({ kind: "WATERFALL", sequence }, random);
}

function lookAgain(world: World, id: AccountId, random: Random): void {
  for (const step of world.steps.values()) {
    if (step.account === id && step.status === "INTENT") {
      world.tasks.push({ step, fills: null });
      return;
    }
  }
  const current = world.openCases.get(id);
  if (current === undefined || current.stage !== "REDUCE" || current.worked >= world.market.sequence) return;
  const account = world.account(id);
  if (!isDue(world, account)) {
    world.closeCase(current, current.steps > 0 ? "REDUCED" : "RECOVERED");
    return;
  }
  const plan = world.rules.planLiquidation(account, world.market, world.parameters);
  if (plan.kind === "TAKEOVER") {
    current.stage = "TAKEOVER";
    current.worked = world.market.sequence;
    world.wake({ kind: "WATERFALL", sequence: world.market.sequence }, random);
    return;
  }
  current.steps += 1;
  const step = `${id}.${current.epoch}.${current.steps}`;
  world.tasks.push({ step: intend(world, step, "REDUCE", current.epoch, account, plan.legs), fills: null });
}

function intend(
  world: World,
  id: string,
  kind: Step["kind"],
  epoch: number,
  account: Account,
  legs: readonly { readonly instrument: Step["orders"][number]["instrument"]; readonly quantity: Quantity }[],
): Step {
  assertInvariant(!world.steps.has(id), "SIM a step is intended once", { id });
  const step: Step = {
    id,
    kind,
    account: account.id,
    epoch,
    sequence: world.market.sequence,
    orders: legs.map(({ instrument, quantity }, index) => ({
      clientOrderId: `${id}.${index + 1}`,
      account: account.id,
      instrument,
      quantity,
    })),
    standing: account,
    status: "INTENT",
  };
  world.steps.set(id, step);
  return step;
}

function goOn(world: World, task: Task, random: Random): void {
  const snapshot = world.snapshots.get(task.step.sequence) as MarketSnapshot;
  if (task.fills === null) {
    const fills = task.step.orders.map((order) => placeOrder(world, order, snapshot));
    world.tasks.push({ step: task.step, fills });
    return;
  }
  if (world.rules.isDone(task.step.status)) return;
  const journals = fillJournals(world, task.step, task.fills, snapshot);
  world.commit(task.step.kind, { step: task.step }, journals, random);
  task.step.status = "DONE";
  if (task.step.kind === "DISPOSE") {
    world.wake({ kind: "WATERFALL", sequence: world.market.sequence }, random);
    return;
  }
  const current = world.openCases.get(task.step.account);
  if (current === undefined || current.epoch !== task.step.epoch) return;
  if (!isDue(world, world.account(task.step.account))) world.closeCase(current, "REDUCED");
  else current.worked = Math.max(current.worked, task.step.sequence);
}

/** Every fill, each of a reduction followed by its fee: on what the fill has left, never more than that. */
function fillJournals(
  world: World,
  step: Step,
  fills: readonly VenueFill[],
  snapshot: MarketSnapshot,
): readonly Journal[] {
  const standing = new Map<AccountId, Account>();
  const journals: Journal[] = [];
  const take = (journal: Journal): void => {
    journals.push(journal);
    for (const id of new Set(journal.postings.map((posting) => posting.account))) {
      standing.set(id, world.rules.apply(standing.get(id) ?? world.account(id), journal));
    }
  };
  for (const { order, maker, price } of fills) {
    const instrument = instrumentOf(world, order);
    const sells = order.quantity.lt(0);
    const key = `fill.${order.clientOrderId}`;
    take(
      world.tradeJournal(
        key,
        step.kind === "DISPOSE" ? "DISPOSAL_FILL" : "LIQUIDATION_FILL",
        {
          instrument,
          buyer: sells ? maker : order.account,
          seller: sells ? order.account : maker,
          quantity: magnitude(order.quantity),
          price,
          buyerRate: NO_FEE,
          sellerRate: NO_FEE,
        },
        standing,
      ),
    );
    if (step.kind === "DISPOSE") continue;
    const account = standing.get(step.account) ?? world.account(step.account);
    const settlementIndex = snapshot.indexPrices.get(instrument.settlementAsset);
    assertInvariant(settlementIndex !== undefined, "SIM assets are priced", { asset: instrument.settlementAsset });
    const amount = liquidationFee({
      instrument,
      quantity: order.quantity,
      price,
      settlementIndex,
      rate: world.parameters.liquidation.feeRate,
      netValueLeft: world.rules.assess(account, snapshot, world.parameters).summary.netValue,
    });
    if (amount.isZero()) continue;
    take(
      world.rules.payment({
        key: `${key}.fee`,
        kind: "LIQUIDATION_FEE",
        at: world.now,
        from: step.account,
        to: INSURANCE_FUND,
        asset: instrument.settlementAsset,
        amount,
      }),
    );
  }
  return journals;
}

function isDue(world: World, account: Account): boolean {
  const { state } = world.health(account);
  return state === "LIQUIDATABLE" || state === "BANKRUPT";
}
