import { fillJournal, type Journal, paymentJournal } from "@ballast/ledger";
import {
  type Account,
  assertInvariant,
  INSURANCE_FUND,
  type Instrument,
  type MarketSnapshot,
  ok,
  type RiskParameters,
} from "@ballast/model";
import { magnitude, printDecimal, ZERO_AMOUNT } from "@ballast/money";
import { assessAccount, liquidationFee, reduceVerdict } from "@ballast/risk-core";
import {
  type AccountTransaction,
  type ClaimedStep,
  ConstraintRefused,
  type EndedOrder,
  type Json,
  type LiquidationStep,
  type StepHold,
  type VenueFill,
  type VenueOrder,
} from "@ballast/store";
import { liquidatorCommand, type Setting } from "../setting.js";
import { maySend, progressOf } from "./order-progress.js";

/**
 * Brings a step that we hold as far as the venue lets it: visits the venue about each order, then posts what is new in one
 * transaction under the row locks of everybody it touches and under our fence. Answers whether the step is done; when it
 * is not, it has been let go, and is due again.
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
  if (final || fills.length > 0 || ended.length > 0) await post(setting, claim, snapshot, { fills, ended, final });
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

interface Found {
  readonly fills: readonly VenueFill[];
  readonly ended: readonly EndedOrder[];
  /** Nothing more can come of any order of the step. */
  readonly final: boolean;
}

/** A visit posts once; its fence names it. */
async function post(setting: Setting, claim: ClaimedStep, snapshot: MarketSnapshot, found: Found): Promise<void> {
  const { hold, step, orders } = claim;
  const { fills, ended, final } = found;
  const key = `apply.${step.account}.${step.epoch}.${step.step}.${hold.fence}`;
  const parties = [...new Set([step.account, INSURANCE_FUND, ...fills.map((fill) => fill.maker)])];
  const command = liquidatorCommand("liquidate", key, snapshot.at);
  const answer = await setting.store.runCommand(command, parties, async (transaction) => {
    const booked = await transaction.cases.bookedFills(step);
    const fresh = fills.filter((fill) => !booked.has(fill.venueFillId));
    await transaction.cases.book(hold, fresh, ended);
    for (const fill of fresh) {
      const order = orders.find(({ clientOrderId }) => clientOrderId === fill.clientOrderId);
      const instrument = order && transaction.parameters.instruments.get(order.instrument);
      assertInvariant(instrument !== undefined, "CASE-6 a fill answers its order", { fill: fill.venueFillId });
      await postFill(transaction, step, snapshot, instrument, fill);
    }
    const traded = booked.size > 0 || fresh.length > 0 || step.step > 1;
    if (final) await conclude(setting, transaction, { hold, step, traded, result: resultOf(fills, ended) });
    return ok(null);
  });
  assertInvariant(answer.ok, "CASE-5 what has happened is booked", { account: step.account, step: step.step });
}

async function postFill(
  transaction: AccountTransaction,
  step: LiquidationStep,
  snapshot: MarketSnapshot,
  instrument: Instrument,
  fill: VenueFill,
): Promise<void> {
  const account = transaction.account(step.account);
  const maker = transaction.account(fill.maker);
  const sells = fill.quantity.isNegative();
  await transaction.post([
    fillJournal({
      key: `venue.${fill.venueFillId}`,
      kind: step.kind === "DISPOSE" ? "DISPOSAL_FILL" : "LIQUIDATION_FILL",
      at: snapshot.at,
      instrument,
      buyer: sells ? maker : account,
      seller: sells ? account : maker,
      quantity: magnitude(fill.quantity),
      price: fill.price,
      buyerFee: ZERO_AMOUNT,
      sellerFee: ZERO_AMOUNT,
    }),
  ]);
  if (step.kind === "DISPOSE") return;
  const fee = feeJournal(transaction.account(step.account), fill, instrument, snapshot, transaction.parameters);
  if (fee !== null) await transaction.post([fee]);
}

function feeJournal(
  account: Account,
  fill: VenueFill,
  instrument: Instrument,
  snapshot: MarketSnapshot,
  parameters: RiskParameters,
): Journal | null {
  const settlementIndex = snapshot.indexPrices.get(instrument.settlementAsset);
  assertInvariant(settlementIndex !== undefined, "LIQUIDATION-3 fees are paid in a priced asset", {
    instrument: instrument.id,
  });
  const amount = liquidationFee({
    instrument,
    quantity: fill.quantity,
    price: fill.price,
    settlementIndex,
    rate: parameters.liquidation.feeRate,
    netValueLeft: assessAccount(account, snapshot, parameters).summary.netValue,
  });
  if (amount.isZero()) return null;
  return paymentJournal({
    key: `venue.${fill.venueFillId}.fee`,
    kind: "LIQUIDATION_FEE",
    at: snapshot.at,
    from: account.id,
    to: INSURANCE_FUND,
    asset: instrument.settlementAsset,
    amount,
  });
}

interface Conclusion {
  readonly hold: StepHold;
  readonly step: LiquidationStep;
  /** Has the case traded at all? */
  readonly traded: boolean;
  readonly result: Json;
}

/** Ends the step, and the case with it when the account has been restored. */
async function conclude({ rules }: Setting, transaction: AccountTransaction, end: Conclusion): Promise<void> {
  const { hold, step, traded, result } = end;
  const { market, parameters, cases } = transaction;
  await cases.complete(hold, result);
  if (step.kind !== "REDUCE") return;
  assertInvariant(market !== null, "CASE-3 a step has a market", { account: step.account });
  const { summary } = assessAccount(transaction.account(step.account), market, parameters);
  const restored = reduceVerdict(summary, market.at, market.at, rules.stages) === "RESTORED";
  await cases.advance(
    step.account,
    step.epoch,
    restored
      ? { stage: "CLOSED", worked: market.sequence, outcome: traded ? "REDUCED" : "RECOVERED" }
      : { stage: "REDUCE", worked: step.sequence },
  );
}

function resultOf(fills: readonly VenueFill[], ended: readonly EndedOrder[]): Json {
  return {
    orders: ended.map(({ clientOrderId, outcome, reason }) => ({ clientOrderId, outcome, reason })),
    fills: fills.map((fill) => ({
      venueFillId: fill.venueFillId,
      maker: fill.maker,
      quantity: printDecimal(fill.quantity),
      price: printDecimal(fill.price),
      markPrice: printDecimal(fill.markPrice),
    })),
  };
}
