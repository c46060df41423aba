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
import { assessAccount, liquidationFee } from "@ballast/risk-core";
import type { AccountTransaction, LiquidationStep, VenueFill } from "@ballast/store";
import { liquidatorCommand, type Setting } from "../setting.js";

/**
 * Brings a step that was intended to its end: sends its orders (again, if somebody died after sending them), then posts
 * what the venue answered in one transaction under the row locks of everybody it touches.
 *
 * @method LIQUIDATION-5
 */
export async function finishStep(setting: Setting, step: LiquidationStep): Promise<void> {
  const { store, venue } = setting;
  const snapshot = await store.snapshot(step.sequence);
  assertInvariant(snapshot !== null, "LIQUIDATION-5 a step names its snapshot", { account: step.account });
  const orders = await store.ordersOf(step);
  const fills: VenueFill[] = [];
  for (const order of orders) fills.push(...(await venue.place(order, snapshot)));

  const command = liquidatorCommand("liquidate", `apply.${step.account}.${step.epoch}.${step.step}`, snapshot.at);
  const parties = [...new Set([step.account, INSURANCE_FUND, ...fills.map((fill) => fill.maker)])];
  const answer = await store.runCommand(command, parties, async (transaction) => {
    const recorded = await transaction.cases.step(step.account, step.epoch, step.step);
    if (recorded === null || recorded.status === "DONE") return ok(null);
    for (const fill of fills) {
      const order = orders.find(({ clientOrderId }) => clientOrderId === fill.clientOrderId);
      const instrument = order && transaction.parameters.instruments.get(order.instrument);
      assertInvariant(instrument !== undefined, "LIQUIDATION-5 fills answer our orders", { fill: fill.venueFillId });
      await postFill(transaction, step, snapshot, instrument, fill);
    }
    await transaction.cases.complete(step.account, step.epoch, step.step, fills, fills.map(fillAsJson));
    if (step.kind === "REDUCE") await conclude(transaction, step);
    return ok(null);
  });
  assertInvariant(answer.ok, "LIQUIDATION-5 a step is not refused", { account: step.account, step: step.step });
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

async function conclude(transaction: AccountTransaction, step: LiquidationStep): Promise<void> {
  const { market, parameters } = transaction;
  assertInvariant(market !== null, "LIQUIDATION-5 a step has a market", { account: step.account });
  const { state } = assessAccount(transaction.account(step.account), market, parameters);
  const restored = state === "HEALTHY" || state === "MARGIN_CALL";
  await transaction.cases.advance(
    step.account,
    step.epoch,
    restored
      ? { stage: "CLOSED", worked: market.sequence, outcome: "REDUCED" }
      : { stage: "REDUCE", worked: step.sequence },
  );
}

function fillAsJson(fill: VenueFill) {
  return {
    venueFillId: fill.venueFillId,
    maker: fill.maker,
    quantity: printDecimal(fill.quantity),
    price: printDecimal(fill.price),
    markPrice: printDecimal(fill.markPrice),
  };
}
