import {
  conversionJournal,
  type CoverageKind,
  coverageJournal,
  fillJournal,
  type Journal,
  paymentJournal,
} from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  assertInvariant,
  type AssetId,
  compareIds,
  frozenPriceOf,
  INSURANCE_FUND,
  type MarketSnapshot,
  ok,
  type PausableStage,
  type RiskParameters,
  TREASURY,
} from "@ballast/model";
import { type AssetAmount, magnitude, printDecimal, ZERO_AMOUNT } from "@ballast/money";
import {
  assessAccount,
  type CoveragePayment,
  type DeleveragingLine,
  exceedsFund,
  isHouse,
  planTakeover,
  recordAccount,
  type TakeoverFill,
  type TakeoverPlan,
} from "@ballast/risk-core";
import type { AccountTransaction, Json, LiquidationCase } from "@ballast/store";
import { NotNow, refuseUnlessPermitted } from "../not-now.js";
import { liquidatorCommand, type Setting } from "../setting.js";

/** The fund cannot pay alone: the holders of the other side have to be locked before anything is decided. */
class HoldersNeeded extends Error {
  override readonly name = "HoldersNeeded";
}

/**
 * Takes over an account that cannot be reduced in the market: everything the plan says, in one transaction, once.
 *
 * Holders of the other side are locked only when the fund cannot pay alone, which is asked before and again under the lock.
 *
 * @method LIQUIDATION-7
 */
export async function takeOver(setting: Setting, open: LiquidationCase, snapshot: MarketSnapshot): Promise<void> {
  try {
    await attempt(setting, open, snapshot, null);
  } catch (cause) {
    if (!(cause instanceof HoldersNeeded)) throw cause;
    await attempt(setting, open, snapshot, await holdersOf(setting, open.account));
  }
}

/** Who may be deleveraged or share a loss: holders of the other side, not of the house and not in liquidation themselves. */
async function holdersOf({ store }: Setting, id: AccountId): Promise<AccountId[]> {
  const inLiquidation = new Set((await store.openCases()).map((one) => one.account));
  const accounts = await store.allAccounts();
  const positions = [...(accounts.find((one) => one.id === id)?.positions.values() ?? [])];
  const isOpposite = (one: Account): boolean =>
    positions.some(({ instrument, quantity }) => {
      const held = one.positions.get(instrument);
      return held !== undefined && held.quantity.isNegative() !== quantity.isNegative();
    });
  const holders = accounts
    .filter((one) => one.id !== id && !isHouse(one.kind) && !inLiquidation.has(one.id) && isOpposite(one))
    .map((one) => one.id);
  // A frozen account cannot be posted to, and must not hold up everybody else.
  const standings = await store.standings(holders);
  return holders.filter((holder) => standings.get(holder)?.frozen === false);
}

async function attempt(
  setting: Setting,
  open: LiquidationCase,
  snapshot: MarketSnapshot,
  holders: readonly AccountId[] | null,
): Promise<void> {
  const { account: id, epoch } = open;
  const command = liquidatorCommand("take-over", `takeover.${id}.${epoch}`, snapshot.at);
  const parties = [id, INSURANCE_FUND, TREASURY, ...(holders ?? [])];
  const answer = await setting.store.runCommand<Json>(command, parties, async (transaction) => {
    const current = await transaction.cases.openCase(id);
    if (current === null || current.epoch !== epoch || current.stage !== "TAKEOVER") return ok(null);
    await refuseUnlessPermitted(transaction.cases, setting.rules, ["TAKEOVER"]);
    const { parameters } = transaction;
    const frozen = frozenPriceOf(transaction.account(id), snapshot, parameters.instruments);
    if (frozen !== null) throw new NotNow({ frozen });
    const { state } = assessAccount(transaction.account(id), snapshot, parameters);
    if (state === "HEALTHY" || state === "MARGIN_CALL") {
      await transaction.cases.advance(id, epoch, { stage: "CLOSED", worked: snapshot.sequence, outcome: "RECOVERED" });
      return ok({ outcome: "RECOVERED" });
    }
    const [account, fund] = [transaction.account(id), transaction.account(INSURANCE_FUND)];
    if (holders === null && exceedsFund(account, fund, snapshot, parameters)) throw new HoldersNeeded();
    const others = (holders ?? []).map((holder) => transaction.account(holder));
    const plan = planTakeover(account, fund, snapshot, parameters, others);
    await refuseUnlessPermitted(transaction.cases, setting.rules, layersUsed(plan));
    await postPlan(setting, transaction, current, plan, snapshot);
    return ok(record(plan));
  });
  assertInvariant(answer.ok, "LIQUIDATION-7 a takeover is not refused", { account: id, epoch });
  if (!answer.value.replayed) setting.events.takenOver(id, { epoch, ...(answer.value.response as object | null) });
}

/** The layers that pay in this takeover; a pause of one of them holds up the takeovers that need it, and no other. */
function layersUsed({ layers }: TakeoverPlan): PausableStage[] {
  const { deleveraging, fund, socialised, house } = layers;
  const used: [PausableStage, boolean][] = [
    ["INSURANCE_FUND", fund.gt(0)],
    ["ADL", deleveraging.gt(0)],
    ["SOCIALISED_LOSS", socialised.gt(0) || house.gt(0)],
  ];
  return used.filter(([, isUsed]) => isUsed).map(([stage]) => stage);
}

async function postPlan(
  { rules }: Setting,
  transaction: AccountTransaction,
  open: LiquidationCase,
  plan: TakeoverPlan,
  snapshot: MarketSnapshot,
): Promise<void> {
  const { account, epoch } = open;
  const step = open.stepCount + 1;
  const { sequence, at } = snapshot;
  const found = transaction.account(account);
  const inputs = recordAccount(found, assessAccount(found, snapshot, transaction.parameters).summary);
  const { hold } = await transaction.cases.intend(
    {
      account,
      epoch,
      step,
      kind: "TAKEOVER",
      status: "INTENT",
      sequence,
      plan: record(plan),
      result: null,
      engineVersion: rules.engineVersion,
      inputs,
    },
    [],
    0,
  );
  const key = (what: string, index: number) => `takeover.${account}.${epoch}.${what}.${index + 1}`;
  await postFills(transaction, plan.account, plan.deleveraging, "ADL_FILL", at, (index) => key("adl", index));
  await postFills(transaction, plan.account, plan.fills, "TAKEOVER_FILL", at, (index) => key("fill", index));
  // Who pays for the account has a claim on it from then on.
  const pay = (kind: CoverageKind, what: string, payments: readonly CoveragePayment[]): Journal[] =>
    payments.map(({ from, asset, amount }, index) =>
      coverageJournal({ key: key(what, index), kind, at, from, to: account, asset, amount }),
    );
  await transaction.post([
    ...plan.conversions.map(({ gives, receives }, index) =>
      conversionJournal({
        key: key("conversion", index),
        at,
        account,
        counterparty: INSURANCE_FUND,
        gives,
        receives,
      }),
    ),
    ...plan.fees.map(({ asset, amount }, index) =>
      paymentJournal({
        key: key("fee", index),
        kind: "TAKEOVER_FEE",
        at,
        from: account,
        to: INSURANCE_FUND,
        asset: asset as AssetId,
        amount,
      }),
    ),
    ...pay("DEFICIT", "fund", plan.fund),
    ...pay("SOCIALISED_LOSS", "socialised", plan.socialised),
    ...pay("DEFICIT", "house", plan.house),
  ]);
  await transaction.cases.complete(hold, { kept: balancesOf(transaction.account(account)) });
  await transaction.cases.advance(account, epoch, { stage: "CLOSED", worked: sequence, outcome: plan.outcome });
}

/** What the account keeps after its takeover: margin that nobody needed stays its own. */
function balancesOf({ balances }: Account): { readonly asset: string; readonly amount: string }[] {
  return [...balances]
    .sort(([left], [right]) => compareIds(left, right))
    .map(([asset, balance]) => ({ asset, amount: printDecimal(balance) }));
}

async function postFills(
  transaction: AccountTransaction,
  account: AccountId,
  fills: readonly TakeoverFill[],
  kind: "ADL_FILL" | "TAKEOVER_FILL",
  at: MarketSnapshot["at"],
  key: (index: number) => string,
): Promise<void> {
  for (const [index, { instrument, counterparty, quantity, price }] of fills.entries()) {
    const sells = quantity.isNegative();
    const [self, other] = [transaction.account(account), transaction.account(counterparty)];
    await transaction.post([
      fillJournal({
        key: key(index),
        kind,
        at,
        instrument: listed(transaction.parameters, instrument),
        buyer: sells ? other : self,
        seller: sells ? self : other,
        quantity: magnitude(quantity),
        price,
        buyerFee: ZERO_AMOUNT,
        sellerFee: ZERO_AMOUNT,
      }),
    ]);
  }
}

function listed(parameters: RiskParameters, id: TakeoverFill["instrument"]) {
  const instrument = parameters.instruments.get(id);
  assertInvariant(instrument !== undefined, "LIQUIDATION-7 positions are in listed instruments", { instrument: id });
  return instrument;
}

/** What the case keeps of a takeover: contracts and money by layer, amounts as text. */
function record(plan: TakeoverPlan): { readonly [key: string]: Json } {
  const money = ({ asset, amount }: AssetAmount) => ({ asset, amount: printDecimal(amount) });
  const payment = ({ from, asset, amount }: CoveragePayment) => ({ from, asset, amount: printDecimal(amount) });
  const fill = ({ instrument, counterparty, quantity, price }: TakeoverFill) => ({
    instrument,
    counterparty,
    quantity: printDecimal(quantity),
    price: printDecimal(price),
  });
  const { shortfall, deleveraging, fund, socialised, house } = plan.layers;
  return {
    outcome: plan.outcome,
    deleveraging: plan.deleveraging.map(fill),
    deleveragingLines: plan.deleveragingLines.map(recordLine),
    fills: plan.fills.map(fill),
    conversions: plan.conversions.map(({ gives, receives }) => ({ gives: money(gives), receives: money(receives) })),
    fees: plan.fees.map(money),
    deficits: plan.deficits.map(money),
    payments: [...plan.fund, ...plan.socialised, ...plan.house].map(payment),
    layers: {
      shortfall: printDecimal(shortfall),
      deleveraging: printDecimal(deleveraging),
      fund: printDecimal(fund),
      socialised: printDecimal(socialised),
      house: printDecimal(house),
    },
  };
}

/** Who stood where, what each gave, and what a plain queue would have taken: enough to be argued about later. */
function recordLine({ instrument, need, unmet, shares, spared }: DeleveragingLine): { readonly [key: string]: Json } {
  return {
    instrument,
    need: printDecimal(need),
    unmet: printDecimal(unmet),
    shares: shares.map((share) => ({
      account: share.candidate.account,
      rank: share.rank,
      lights: share.lights,
      score: printDecimal(share.score),
      profitShare: printDecimal(share.profitShare),
      leverage: printDecimal(share.leverage),
      contracts: printDecimal(share.units),
      ofThemHedging: printDecimal(share.unitsHedged),
      inAQueue: printDecimal(share.counterfactual),
      equity: { before: printDecimal(share.candidate.equity), after: printDecimal(share.equityAfter) },
      maintenanceMargin: {
        before: printDecimal(share.candidate.maintenanceMargin),
        after: printDecimal(share.maintenanceMarginAfter),
      },
    })),
    spared: spared.map(({ account, units }) => ({ account, inAQueue: printDecimal(units) })),
  };
}
