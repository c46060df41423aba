import { type AccountId, compareIds } from "@ballast/model";
import { type Amount, add, Decimal, max, min, type Ratio, sub, type Usd, ZERO_AMOUNT, ZERO_USD } from "@ballast/money";

/*
 * Who pays a deficit, how large the fund must be, and when money may leave while deficits are open.
 */

/** A layer that pays in its turn: a market's own bucket, the shared fund, the house. */
export interface DeficitLayer {
  readonly id: string;
  /** What it can pay, ≥ 0. */
  readonly available: Amount;
}

/** What each layer pays, in order, and what none of them could. */
export interface LayeredPayment {
  readonly payments: readonly { readonly layer: string; readonly amount: Amount }[];
  /** What is left for deleveraging, and after it for sharing among the holders of the other side. */
  readonly left: Amount;
}

/**
 * Pays a deficit out of layers, each in full before the next is touched. Payments and what is left add up to the deficit to
 * the last unit; no layer pays more than it has.
 *
 * @method LIQUIDATION-25
 */
export function payInLayers(deficit: Amount, layers: readonly DeficitLayer[]): LayeredPayment {
  let left = max(deficit, ZERO_AMOUNT);
  const payments = [];
  for (const { id, available } of layers) {
    const amount = min(left, max(available, ZERO_AMOUNT));
    left = sub(left, amount);
    if (amount.gt(0)) payments.push({ layer: id, amount });
  }
  return { payments, left };
}

/** What one group of accounts with one owner would leave unpaid in one stress scenario, ≥ 0. */
export interface StressDeficit {
  readonly scenario: string;
  readonly owner: string;
  readonly deficit: Usd;
}

/** The scenario that asks most of the fund, and whose deficits it is measured by. */
export interface FundTarget {
  readonly target: Usd;
  readonly scenario: string | null;
  /** The largest deficits in it, by owner, the largest first. */
  readonly losses: readonly { readonly owner: string; readonly deficit: Usd }[];
}

/**
 * What the fund must hold: the sum of the `cover` largest deficits (by owner) in the scenario where that sum is largest.
 * Deficits of one owner in one scenario are added first, so that splitting an account hides nothing. Ties go to the lower id.
 *
 * @method LIQUIDATION-25
 */
export function fundTarget(deficits: readonly StressDeficit[], cover = 2): FundTarget {
  const byScenario = new Map<string, Map<string, Usd>>();
  for (const { scenario, owner, deficit } of deficits) {
    const owners = byScenario.get(scenario) ?? new Map<string, Usd>();
    owners.set(owner, add(owners.get(owner) ?? ZERO_USD, max(deficit, ZERO_USD)));
    byScenario.set(scenario, owners);
  }
  let found: FundTarget = { target: ZERO_USD, scenario: null, losses: [] };
  for (const [scenario, owners] of [...byScenario].sort(([left], [right]) => compareIds(left, right))) {
    const largest = [...owners]
      .sort(([one, left], [other, right]) => right.cmp(left) || compareIds(one, other))
      .slice(0, cover);
    const target = largest.reduce<Usd>((sum, [, deficit]) => add(sum, deficit), ZERO_USD);
    const losses = largest.map(([owner, deficit]) => ({ owner, deficit })).filter(({ deficit }) => deficit.gt(0));
    if (target.gt(found.target)) found = { target, scenario, losses };
  }
  return found;
}

/** Whether money may leave. */
export type BrakeVerdict =
  | { readonly kind: "OPEN" }
  /** Deficits in progress are larger than the fund: nothing leaves until they are covered. */
  | { readonly kind: "BRAKED"; readonly uncovered: Usd };

/**
 * May withdrawals go on? Not while the deficits in progress (what open takeovers and auctions could still cost) are larger than
 * the fund. A brake stops everybody alike: whoever is first at the door would otherwise leave the loss to the rest.
 *
 * @method LIQUIDATION-25
 */
export function withdrawalBrake(deficitsInProgress: Usd, fund: Usd): BrakeVerdict {
  const uncovered = sub(deficitsInProgress, max(fund, ZERO_USD));
  return uncovered.gt(0) ? { kind: "BRAKED", uncovered } : { kind: "OPEN" };
}

/**
 * The share of every withdrawal that a loss nobody has covered costs, while it lasts: debt ÷ (debt + cash), 0…1, where `cash` is
 * what is there and debt + cash what all claim. At that share the last one out has paid as much as the first.
 *
 * @method LIQUIDATION-25
 */
export function sharedWithdrawalFee(unpaidDebt: Usd, cash: Usd): Ratio {
  const debt = max(unpaidDebt, ZERO_USD);
  const claims = debt.add(max(cash, ZERO_USD));
  return (debt.isZero() ? new Decimal(0) : debt.div(claims)) as Ratio;
}

/** What an account still owes to whoever paid its deficit. */
export interface AccountDebt {
  readonly account: AccountId;
  /** Who is paid back, in this order: the last layer that paid first. */
  readonly owedTo: readonly { readonly layer: string; readonly amount: Amount }[];
}

/**
 * The debt that a deficit leaves: paying it for an account does not forgive it.
 *
 * The layer that paid last is paid back first, because it was the one least meant to.
 *
 * @method LIQUIDATION-25
 */
export function debtAfter(account: AccountId, { payments }: LayeredPayment): AccountDebt {
  return { account, owedTo: [...payments].reverse() };
}

/**
 * Takes what comes in for an account with a debt: to its creditors in their order, exactly, and what is left over to the account.
 *
 * @method LIQUIDATION-25
 */
export function repay(debt: AccountDebt, incoming: Amount) {
  const layers = debt.owedTo.map(({ layer, amount }) => ({ id: layer, available: amount }));
  const { payments, left } = payInLayers(incoming, layers);
  const owedTo = debt.owedTo
    .map(({ layer, amount }) => ({
      layer,
      amount: sub(amount, payments.find((payment) => payment.layer === layer)?.amount ?? ZERO_AMOUNT),
    }))
    .filter(({ amount }) => amount.gt(0));
  return { payments, toAccount: left, debt: { account: debt.account, owedTo } satisfies AccountDebt };
}
