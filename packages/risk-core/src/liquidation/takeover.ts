import {
  type Account,
  type AccountId,
  type AssetId,
  type CaseOutcome,
  compareIds,
  type MarketSnapshot,
  type RiskParameters,
  TREASURY,
} from "@ballast/model";
import {
  type Amount,
  type AssetAmount,
  add,
  amount,
  amountFor,
  min,
  negate,
  roundCharge,
  roundCredit,
  roundRequirement,
  scale,
  sub,
  type Usd,
  valueOf,
  ZERO_AMOUNT,
  ZERO_USD,
} from "@ballast/money";
import { isHouse } from "../decision/health.js";
import { indexPriceOf } from "../mark/prices.js";
import { afterFill, withPaid } from "../position/after-fill.js";
import { markPositions } from "../position/marked-position.js";
import {
  type CoveragePayment,
  layersOf,
  payFromFund,
  shareLosses,
  unpaid,
  type WaterfallLayers,
  weighHolders,
} from "./coverage.js";
import { deleverage, type DeleveragingLine, type TakeoverFill } from "./deleverage.js";
import { type Debt, debtsOf, meansOf, type Scene, shortfallOf } from "./solvency.js";

/*
 * The waterfall of one account, as data: everything that is to be posted, computed before anything is.
 *
 *   own money        all positions pass to the insurance fund at the mark; what the account holds in one asset buys back
 *                    what it owes in another, at the index; what is left over after a fee is still the account's
 *   insurance fund   pays what the account still owes, as far as its own net value goes
 *   deleveraging     decided *before* positions pass: when the fund cannot pay all, just enough contracts are closed
 *                    against winning holders of the other side at the bankruptcy price, which is better for the account
 *                    than the mark by exactly what is missing
 *   socialised loss  what is missing then, over all holders of the other side
 *   the house        what nobody of them can pay
 *
 * Every layer pays in the asset that is owed, to the last of the ledger's 18 digits. The plan is built by playing it on
 * copies of the accounts, so that each layer sees exactly what the one before has left.
 */

/** The account gives one asset to the fund for another, at the index. */
export interface TakeoverConversion {
  readonly gives: AssetAmount;
  readonly receives: AssetAmount;
}

/** All that a takeover posts, in the order in which it is posted. */
export interface TakeoverPlan {
  readonly account: AccountId;
  readonly deleveraging: readonly TakeoverFill[];
  /** For each instrument that was deleveraged, why it was these holders. */
  readonly deleveragingLines: readonly DeleveragingLine[];
  /** At the mark, against the insurance fund. */
  readonly fills: readonly TakeoverFill[];
  readonly conversions: readonly TakeoverConversion[];
  /** Paid to the insurance fund by an account that has something left. */
  readonly fees: readonly AssetAmount[];
  /** What the account still owes after all that, above zero, by asset; the three layers below pay exactly this. */
  readonly deficits: readonly Debt[];
  readonly fund: readonly CoveragePayment[];
  readonly socialised: readonly CoveragePayment[];
  readonly house: readonly CoveragePayment[];
  readonly layers: WaterfallLayers;
  readonly outcome: Extract<CaseOutcome, "TAKEN_OVER" | `BANKRUPT_${string}`>;
}

/**
 * Does the account owe more than the insurance fund has? Only then does a takeover look at anybody else: hand in, and
 * lock, every account as a possible holder of the other side.
 *
 * @throws MissingPrice when the snapshot lacks a price that one of the two needs.
 * @method LIQUIDATION-7
 */
export function exceedsFund(
  account: Account,
  fund: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): boolean {
  const house = { market, parameters };
  return shortfallOf(account, house).gt(meansOf(fund, house));
}

/**
 * Everything that the takeover of `account` posts, each layer to the unit. After it the account holds no position and no
 * debt, and the fund has paid no more than its net value. Inverse contracts that join some the fund held already are worth
 * a unit of coin more or less at the mark than the two apart (POSITION-2): a figure of valuation, posted to nobody.
 *
 * `holders` are the accounts that may be deleveraged or share the loss, in any order; those that do not hold the other
 * side are passed over. They are needed only when `exceedsFund`; without them the house pays what the fund cannot.
 *
 * @throws MissingPrice when the snapshot lacks a price that one of the accounts needs.
 * @method LIQUIDATION-7 LIQUIDATION-8 LIQUIDATION-9 LIQUIDATION-10 LIQUIDATION-11
 */
export function planTakeover(
  account: Account,
  fund: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
  holders: readonly Account[] = [],
): TakeoverPlan {
  const scene: Scene = { market, parameters };
  const shortfall = shortfallOf(account, scene);
  const others = holders
    .filter(({ id, kind }) => id !== account.id && !isHouse(kind))
    .sort((left, right) => compareIds(left.id, right.id));

  const deleveraged = deleverage(account, sub(shortfall, meansOf(fund, scene)), others, scene);
  const passed = passPositions(deleveraged.account, fund, scene);
  const exchanged = exchangeDebts(passed.account, passed.fund, scene);
  const fees = takeoverFees(exchanged.account, passed.notional, scene);
  const deficits = debtsOf(exchanged.account);

  const fundPays = payFromFund(deficits, exchanged.fund, scene);
  const afterFund = unpaid(deficits, fundPays);
  const holdersPay =
    afterFund.length === 0 ? [] : shareLosses(afterFund, weighHolders(account, deleveraged.holders, scene), scene);
  const housePays = unpaid(afterFund, holdersPay).map(({ asset, amount: owed }) => ({
    from: TREASURY,
    asset,
    amount: owed,
  }));
  const layers = layersOf(shortfall, deleveraged.account, [fundPays, holdersPay, housePays], scene);
  return {
    account: account.id,
    deleveraging: deleveraged.fills,
    deleveragingLines: deleveraged.lines,
    fills: passed.fills,
    conversions: exchanged.conversions,
    fees,
    deficits,
    fund: fundPays,
    socialised: holdersPay,
    house: housePays,
    layers,
    outcome: outcomeOf(layers),
  };
}

/** All positions pass to the fund at the mark, in ascending order of instrument id. */
function passPositions(account: Account, fund: Account, { market, parameters }: Scene) {
  const fills: TakeoverFill[] = [];
  let [leaving, taking]: [Account, Account] = [account, fund];
  let notional: Usd = ZERO_USD;
  for (const marked of markPositions(account, market, parameters)) {
    const { instrument, position, markPrice: price } = marked;
    const quantity = negate(position.quantity);
    leaving = afterFill(leaving, { instrument, quantity, price, fee: ZERO_AMOUNT });
    taking = afterFill(taking, { instrument, quantity: position.quantity, price, fee: ZERO_AMOUNT });
    notional = add(notional, marked.notional);
    fills.push({ instrument: instrument.id, counterparty: fund.id, quantity, price });
  }
  return { account: leaving, fund: taking, fills, notional };
}

/**
 * Debts are bought back with what the account holds of other assets, at the index and without a haircut: each debt in
 * ascending order of asset id, from each balance in ascending order. Rounded in the fund's favour.
 *
 * @method LIQUIDATION-11
 */
function exchangeDebts(account: Account, fund: Account, { market }: Scene) {
  const conversions: TakeoverConversion[] = [];
  let [giving, taking]: [Account, Account] = [account, fund];
  for (const { asset: debt } of debtsOf(account)) {
    for (const asset of [...account.balances.keys()].sort(compareIds)) {
      const owed = negate(balanceOf(giving, debt));
      const held = balanceOf(giving, asset);
      if (owed.lte(0) || held.lte(0)) continue;
      const [debtIndex, index] = [indexPriceOf(market, debt), indexPriceOf(market, asset)];
      const asked = roundCharge(amount(owed.mul(debtIndex).div(index)));
      const gives = min(asked, held);
      const receives = held.gte(asked) ? owed : roundCredit(amount(held.mul(index).div(debtIndex)));
      if (receives.isZero()) continue;
      giving = paid(paid(giving, asset, negate(gives)), debt, receives);
      taking = paid(paid(taking, asset, gives), debt, negate(receives));
      conversions.push({ gives: { asset, amount: gives }, receives: { asset: debt, amount: receives } });
    }
  }
  return { account: giving, fund: taking, conversions };
}

/**
 * The fee on what passed to the fund, taken from what is left in ascending order of asset id; nothing while a debt is
 * open, and never more than there is.
 *
 * @method LIQUIDATION-3
 */
function takeoverFees(account: Account, notional: Usd, { market, parameters }: Scene): readonly AssetAmount[] {
  if (debtsOf(account).length > 0) return [];
  let open = roundRequirement(scale(notional, parameters.liquidation.takeoverFeeRate));
  const fees: AssetAmount[] = [];
  for (const asset of [...account.balances.keys()].sort(compareIds)) {
    if (open.lte(0)) break;
    const index = indexPriceOf(market, asset);
    const fee = min(balanceOf(account, asset), roundCharge(amountFor(open, index)));
    fees.push({ asset, amount: fee });
    open = sub(open, valueOf(fee, index));
  }
  return fees;
}

/** The deepest layer that had to pay. */
function outcomeOf({ house, socialised, deleveraging, fund }: WaterfallLayers): TakeoverPlan["outcome"] {
  if (house.gt(0) || socialised.gt(0)) return "BANKRUPT_SOCIALISED";
  if (deleveraging.gt(0)) return "BANKRUPT_ADL";
  return fund.gt(0) ? "BANKRUPT_FUND" : "TAKEN_OVER";
}

function balanceOf({ balances }: Account, asset: AssetId): Amount {
  return balances.get(asset) ?? ZERO_AMOUNT;
}

function paid(account: Account, asset: AssetId, change: Amount): Account {
  return { ...account, balances: withPaid(account.balances, asset, change) };
}
