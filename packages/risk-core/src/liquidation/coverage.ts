import type { Account, AccountId, AssetId } from "@ballast/model";
import {
  type Amount,
  add,
  amountFor,
  LEDGER_SCALE,
  max,
  min,
  roundAsset,
  roundCredit,
  roundRequirement,
  sub,
  type Usd,
  valueOf,
  ZERO_QUANTITY,
  ZERO_USD,
} from "@ballast/money";
import { indexPriceOf, markPriceOf } from "../mark/prices.js";
import { notionalOf } from "../position/exposure.js";
import { instrumentOf } from "../position/marked-position.js";
import { assessHealth } from "../scan/assess-health.js";
import { socialise } from "./socialise.js";
import { type Debt, DUST, meansOf, type Scene, shortfallOf } from "./solvency.js";

/** Somebody pays a part of what the account owes. */
export interface CoveragePayment {
  readonly from: AccountId;
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** The fund pays debts in ascending order of asset id until its net value is used up. */
export function payFromFund(deficits: readonly Debt[], fund: Account, scene: Scene): readonly CoveragePayment[] {
  let means = meansOf(fund, scene);
  const payments: CoveragePayment[] = [];
  for (const { asset, amount: owed } of deficits) {
    const index = indexPriceOf(scene.market, asset);
    const pays = min(owed, roundCredit(amountFor(means, index)));
    if (pays.lte(0)) continue;
    payments.push({ from: fund.id, asset, amount: pays });
    means = max(sub(means, valueOf(pays, index)), ZERO_USD);
  }
  return payments;
}

/**
 * What each holder can be asked for: the notional it holds on the other side of the account's positions, and never more
 * than its equity. Dollars, rounded down, by account id.
 *
 * @method LIQUIDATION-10
 */
export function weighHolders(
  account: Account,
  holders: readonly Account[],
  { market, parameters }: Scene,
): ReadonlyMap<AccountId, Usd> {
  const weights = new Map<AccountId, Usd>();
  for (const holder of holders) {
    let opposite: Usd = ZERO_USD;
    for (const { quantity, instrument: id } of account.positions.values()) {
      const held = holder.positions.get(id)?.quantity ?? ZERO_QUANTITY;
      if (held.isZero() || held.gt(0) === quantity.gt(0)) continue;
      const instrument = instrumentOf(parameters, id);
      const settlementIndex = indexPriceOf(market, instrument.settlementAsset);
      opposite = add(opposite, notionalOf(instrument, held, markPriceOf(market, instrument), settlementIndex));
    }
    if (opposite.isZero()) continue;
    const weight = min(roundAsset(opposite), assessHealth(holder, market, parameters).summary.equity);
    if (weight.gt(0)) weights.set(holder.id, weight);
  }
  return weights;
}

/**
 * Splits debts over the holders in proportion to their weights, as far as the weights go; what a holder pays for one debt
 * comes off its weight for the next. In the order of the debts, then of account ids. Dust is left to the house.
 *
 * @method LIQUIDATION-10
 */
export function shareLosses(
  debts: readonly Debt[],
  weights: ReadonlyMap<AccountId, Usd>,
  { market }: Scene,
): readonly CoveragePayment[] {
  const left = new Map(weights);
  const payments: CoveragePayment[] = [];
  for (const { asset, amount: owed } of debts) {
    const index = indexPriceOf(market, asset);
    const holders = [...left].map(([account, weight]) => ({ account, weight }));
    const bearable = holders.reduce<Usd>((sum, { weight }) => add(sum, weight), ZERO_USD);
    const loss = min(owed, roundCredit(amountFor(bearable, index)));
    if (valueOf(loss, index).lt(DUST)) continue;
    for (const { account, amount: share } of socialise(loss, holders, LEDGER_SCALE)) {
      const weight = sub(left.get(account) ?? ZERO_USD, valueOf(share, index));
      left.set(account, max(roundAsset(weight), ZERO_USD));
      payments.push({ from: account, asset, amount: share });
    }
  }
  return payments;
}

/** What is still owed after some payments, assets that are paid in full left out. */
export function unpaid(debts: readonly Debt[], payments: readonly CoveragePayment[]): readonly Debt[] {
  return debts
    .map(({ asset, amount: owed }) => ({
      asset,
      amount: payments
        .filter((payment) => payment.asset === asset)
        .reduce<Amount>((left, payment) => sub(left, payment.amount), owed),
    }))
    .filter((debt) => debt.amount.gt(0));
}

/** Dollars of the shortfall that each layer took; they add up to it, to the last of 8 digits. */
export interface WaterfallLayers {
  /** How far net value was below zero at the mark, ≥ 0. */
  readonly shortfall: Usd;
  readonly deleveraging: Usd;
  readonly fund: Usd;
  readonly socialised: Usd;
  readonly house: Usd;
}

/** Dollars by layer, rounded so that they add up to the shortfall to the last digit. */
export function layersOf(
  shortfall: Usd,
  deleveraged: Account,
  payments: readonly (readonly CoveragePayment[])[],
  scene: Scene,
): WaterfallLayers {
  const total = roundRequirement(shortfall);
  const gained = sub(shortfall, shortfallOf(deleveraged, scene));
  let sum: Usd = ZERO_USD;
  let before: Usd = ZERO_USD;
  const [deleveraging, fund, socialised, house] = [gained, ...payments.map((layer) => worth(layer, scene))].map(
    (layer) => {
      sum = add(sum, layer);
      const reached = min(roundRequirement(sum), total);
      const rounded = sub(reached, before);
      before = reached;
      return rounded;
    },
  );
  return {
    shortfall: total,
    deleveraging: deleveraging ?? ZERO_USD,
    fund: fund ?? ZERO_USD,
    socialised: socialised ?? ZERO_USD,
    house: house ?? ZERO_USD,
  };
}

function worth(payments: readonly CoveragePayment[], { market }: Scene): Usd {
  return payments.reduce<Usd>(
    (sum, payment) => add(sum, valueOf(payment.amount, indexPriceOf(market, payment.asset))),
    ZERO_USD,
  );
}
