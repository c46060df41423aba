import { Decimal } from "@ballast/money";
import {
  type HealthAccount,
  health,
  healthParts,
  type Perp,
  perpHealth,
  settleMax,
  type Token,
  tokenRates,
} from "./health.js";

/*
 * How Mango liquidates a perpetual: base is sold and profit is settled in the order that leaves the account most, until
 * health at the end of a liquidation is zero. And what happens to a loss that is left: settled against the account's own
 * tokens, then bought by the insurance fund, then shared by everybody who is open.
 *
 * Orders are cancelled before, so none are counted here.
 */

const KIND = "liquidation-end";
const ZERO = new Decimal(0);
const ONE = new Decimal(1);

/** Bounds of one liquidation, and its fees as shares. */
export interface BaseLiquidation {
  readonly lotSize: Decimal;
  /** Lots and profit that the liquidator takes at most, ≥ 0. */
  readonly lotsMax: Decimal;
  readonly profitMax: Decimal;
  readonly baseFee: Decimal;
  readonly profitFee: Decimal;
}

/**
 * The account after cutting base and settling profit of one perpetual, in five phases:
 *
 *   1. cut base while its weighted profit is below zero
 *   2. settle weighted profit
 *   3. cut base whose weighted gain can still be settled
 *   4. settle that
 *   5. cut base while a share of the gain counts
 *
 * each until health is zero or its bound is reached. Lots are rounded up.
 *
 * @method TIERS-27
 */
export function liquidateBase(account: HealthAccount, perpAt: number, bounds: BaseLiquidation): HealthAccount {
  let [current, lots, profit] = [account, bounds.lotsMax, bounds.profitMax];
  const perp = () => current.perps[perpAt] as Perp;
  const unweighted = () => perpHealth({ ...perp(), initOverall: ONE }, KIND);
  const short = () => Decimal.max(health(current, KIND).neg(), 0);
  const overall = perp().initOverall;
  const gain = gainOfLot(perp(), bounds);

  const cut = (wanted: Decimal) => {
    const held = perp().base.abs().div(bounds.lotSize);
    const taken = Decimal.max(Decimal.min(wanted.ceil(), lots, held), 0);
    lots = lots.sub(taken);
    current = withCut(current, perpAt, taken, bounds);
  };
  const settle = () => {
    const perUnit = ONE.sub(bounds.profitFee).sub(overall);
    if (perUnit.lte(0)) return;
    const wanted = unitsToGain(current, perp().settle, short()).div(perUnit);
    const settled = Decimal.max(Decimal.min(wanted, profit, unweighted()), 0);
    profit = profit.sub(settled);
    current = withSettled(current, perpAt, settled, settled.mul(ONE.sub(bounds.profitFee)));
  };

  if (gain.lte(0)) return account;
  if (unweighted().lt(0)) cut(Decimal.min(unitsToGain(current, perp().settle, short()), unweighted().neg()).div(gain));
  settle();
  const settledGain = gain.mul(ONE.sub(bounds.profitFee));
  if (unweighted().gte(0) && settledGain.gt(0)) {
    const wanted = unitsToGain(current, perp().settle, short()).div(settledGain);
    cut(Decimal.min(wanted, profit.div(gain)));
  }
  settle();
  const counted = gain.mul(overall);
  if (unweighted().gte(0) && counted.gt(0)) cut(unitsToGain(current, perp().settle, short()).div(counted));
  return current;
}

/** What one lot less adds to the weighted profit. */
function gainOfLot(perp: Perp, { lotSize, baseFee }: BaseLiquidation): Decimal {
  const value = lotSize.mul(perp.price);
  const kept = perp.base.gt(0) ? ONE.sub(baseFee).sub(perp.initAsset) : perp.initLiability.sub(ONE.add(baseFee));
  return value.mul(kept);
}

function withCut(
  account: HealthAccount,
  at: number,
  lots: Decimal,
  { lotSize, baseFee }: BaseLiquidation,
): HealthAccount {
  return withPerp(account, at, (perp) => {
    const isLong = perp.base.gt(0);
    const base = lots.mul(lotSize);
    const value = base.mul(perp.price).mul(isLong ? ONE.sub(baseFee) : ONE.add(baseFee));
    return isLong
      ? { ...perp, base: perp.base.sub(base), quote: perp.quote.add(value) }
      : { ...perp, base: perp.base.add(base), quote: perp.quote.sub(value) };
  });
}

function withSettled(account: HealthAccount, at: number, quote: Decimal, received: Decimal): HealthAccount {
  const { settle } = account.perps[at] as Perp;
  const tokens = account.tokens.map((token, index) =>
    index === settle ? { ...token, balance: token.balance.add(received) } : token,
  );
  return withPerp({ ...account, tokens }, at, (perp) => ({ ...perp, quote: perp.quote.sub(quote) }));
}

function withPerp(account: HealthAccount, at: number, change: (perp: Perp) => Perp): HealthAccount {
  return { ...account, perps: account.perps.map((perp, index) => (index === at ? change(perp) : perp)) };
}

/** How much more of a token raises health by so much: at the debt's rate while it is owed, at the asset's beyond. */
function unitsToGain(account: HealthAccount, at: number, wanted: Decimal): Decimal {
  const parts = healthParts(account, KIND);
  const amount = (parts.perps[at] ?? []).reduce((sum, add) => sum.add(add), parts.spot[at] as Decimal);
  const { asset, liability } = tokenRates(account.tokens[at] as Token, KIND);
  const owed = Decimal.max(amount.neg(), 0);
  const atDebt = Decimal.min(wanted, owed.mul(liability));
  return atDebt.div(liability).add(wanted.sub(atDebt).div(asset));
}

/** What stands behind a perpetual's loss. */
export interface BankruptcyRule {
  /** Loss that may still be settled in this period, and that the liquidator takes at most. */
  readonly settleLimit: Decimal;
  readonly requestMax: Decimal;
  readonly insuranceFund: Decimal;
  readonly insurancePrice: Decimal;
  readonly fee: Decimal;
}

/** Quote of a loss by who took it, above zero. */
export interface Bankruptcy {
  /** Paid out of the account's own tokens to the liquidator, who took as much loss. */
  readonly settled: Decimal;
  /** Taken by the liquidator for insurance. */
  readonly insured: Decimal;
  readonly insurancePaid: Decimal;
  /** Left to all who are open. */
  readonly socialised: Decimal;
}

/**
 * Disposes of a perpetual's loss: what the account's own tokens can settle; once nothing more can, what brings health to zero
 * is taken by the liquidator against the insurance fund, in whole units rounded up; and where the fund is used up, the rest is
 * shared. Null for an account without base and with no such loss.
 *
 * @method TIERS-27
 */
export function disposeOfLoss(account: HealthAccount, perpAt: number, rule: BankruptcyRule): Bankruptcy | null {
  const perp = account.perps[perpAt] as Perp;
  const loss = perp.quote.neg();
  if (loss.lte(0) || !perp.base.isZero() || health(account, KIND).gte(0)) return null;
  const possible = Decimal.min(settleMax(account, perp.settle), rule.settleLimit, loss);
  const settled = Decimal.min(possible, rule.requestMax);
  const after = withSettled(account, perpAt, settled.neg(), settled.neg());
  const short = Decimal.max(health(after, KIND).neg(), 0);
  const left = Decimal.min(unitsToGain(after, perp.settle, short), loss.sub(settled));
  if (settled.lt(possible)) return { settled, insured: ZERO, insurancePaid: ZERO, socialised: ZERO };
  const price = (account.tokens[perp.settle] as Token).price.mul(rule.fee.add(1)).div(rule.insurancePrice);
  const wanted = Decimal.min(left, rule.requestMax.sub(settled));
  const insurancePaid = Decimal.min(wanted.mul(price).ceil(), rule.insuranceFund);
  const insured = Decimal.min(wanted, insurancePaid.div(price));
  const isUsedUp = insurancePaid.gte(rule.insuranceFund);
  return { settled, insured, insurancePaid, socialised: isUsedUp ? left.sub(insured) : ZERO };
}
