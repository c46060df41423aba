import { createHash } from "node:crypto";
import { fillJournal, type Journal, paymentJournal } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  assertInvariant,
  INSURANCE_FUND,
  type Instrument,
  type MarketSnapshot,
  ok,
  type RiskParameters,
} from "@ballast/model";
import { magnitude, printDecimal, ZERO_AMOUNT } from "@ballast/money";
import { assessAccount, closesWhole, liquidationFee, reduceVerdict } from "@ballast/risk-core";
import type { AccountTransaction, CaseMove, EndedOrder, Json, LiquidationStep, VenueFill } from "@ballast/store";
import { liquidatorCommand, type Setting } from "../setting.js";
import type { FoundOut } from "./found-out.js";

/**
 * Books what was found out about steps of different accounts and of one snapshot, all or nothing, in one transaction under
 * the row locks of everybody they touch. Each step is written under its own fence, each fill under its own id, in the order
 * given: the ledger is the one of as many transactions, one after the other.
 *
 * Cost: some fifteen statements, however many steps.
 *
 * @throws DatabaseFault `ConstraintRefused` when one of the steps has been taken over, or is done.
 * @method CASE-4 CASE-5 LIQUIDATION-5
 */
export async function bookSteps(setting: Setting, found: readonly [FoundOut, ...FoundOut[]]): Promise<void> {
  const { at, sequence } = found[0].snapshot;
  const oneSnapshot = found.every(({ snapshot }) => snapshot.sequence === sequence);
  assertInvariant(oneSnapshot, "CASE-5 what is booked together is of one snapshot", { sequence });
  const makers = found.flatMap(({ fills }) => fills.map((fill) => fill.maker));
  const parties = [...new Set([...found.map(({ claim }) => claim.step.account), INSURANCE_FUND, ...makers])];
  const command = liquidatorCommand("liquidate", keyOf(found), at);
  const answer = await setting.store.runCommand<Json>(command, parties, async (transaction) => {
    const booked = await transaction.cases.bookedFills(found.map(({ claim }) => claim.step));
    const fresh = found.map(({ fills, ...rest }) => ({
      ...rest,
      fills: fills.filter((fill) => !booked.has(fill.venueFillId)),
    }));
    await transaction.cases.book(fresh.map(({ claim, fills, ended }) => ({ hold: claim.hold, fills, ended })));
    const tradedBefore = new Set(booked.values());
    const moves: CaseMove[] = [];
    for (const one of fresh) {
      await postFills(transaction, one);
      if (one.final) moves.push(...moveOf(setting, transaction, one.claim.step, tradedBefore, one.fills));
    }
    const final = found.filter((one) => one.final);
    await transaction.cases.completeAll(
      final.map(({ claim, fills, ended }) => ({ hold: claim.hold, result: resultOf(fills, ended) })),
    );
    await transaction.cases.advanceAll(moves);
    return ok(null);
  });
  assertInvariant(answer.ok, "CASE-5 what has happened is booked", { key: command.key });
}

/** A visit books once; its fence names it. Several visits are named by the hash of their names. */
function keyOf(found: readonly FoundOut[]): string {
  const names = found.map(({ claim: { hold } }) => `${hold.account}.${hold.epoch}.${hold.step}.${hold.fence}`);
  if (names.length === 1) return `apply.${names[0]}`;
  return `apply.${names.length}.${createHash("sha256").update(names.join(" ")).digest("hex")}`;
}

async function postFills(transaction: AccountTransaction, { claim, snapshot, fills }: FoundOut): Promise<void> {
  for (const fill of fills) {
    const order = claim.orders.find(({ clientOrderId }) => clientOrderId === fill.clientOrderId);
    const instrument = order && transaction.parameters.instruments.get(order.instrument);
    assertInvariant(instrument !== undefined, "CASE-6 a fill answers its order", { fill: fill.venueFillId });
    await postFill(transaction, claim.step, snapshot, instrument, fill);
  }
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

/**
 * Where the case goes after a step of it is done: it ends when the account has been restored, or, where it is closed whole, when
 * nothing is held. A disposal has no case.
 */
function moveOf(
  { rules }: Setting,
  { market, parameters, accounts }: AccountTransaction,
  { account: id, epoch, kind, step, sequence, plan }: LiquidationStep,
  tradedBefore: ReadonlySet<AccountId>,
  fresh: readonly VenueFill[],
): readonly CaseMove[] {
  if (kind !== "REDUCE") return [];
  const account = accounts.get(id);
  assertInvariant(market !== null && account !== undefined, "CASE-3 a step has a market", { account: id });
  const { summary } = assessAccount(account, market, parameters);
  const restored = reduceVerdict(summary, market.at, market.at, rules.stages) === "RESTORED";
  const goesOn = closesWhole(plan) && account.positions.size > 0;
  if (!restored || goesOn) return [{ account: id, epoch, to: { stage: "REDUCE", worked: sequence } }];
  const traded = tradedBefore.has(id) || fresh.length > 0 || step > 1;
  const outcome = traded ? "REDUCED" : "RECOVERED";
  return [{ account: id, epoch, to: { stage: "CLOSED", worked: market.sequence, outcome } }];
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
