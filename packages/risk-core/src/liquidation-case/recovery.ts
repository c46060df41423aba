import {
  type Account,
  type AccountId,
  type AccountKind,
  type AssetId,
  compareIds,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import {
  type Amount,
  type AssetAmount,
  amount,
  amountFor,
  type Decimal,
  max,
  min,
  negate,
  roundCharge,
  roundCredit,
  sub,
  type Usd,
  valueOf,
  ZERO_AMOUNT,
  ZERO_USD,
} from "@ballast/money";
import { haircutValue } from "../collateral/haircut.js";
import { isHouse } from "../decision/health.js";

import { indexPriceOf } from "../mark/prices.js";
import { assessAccount } from "../pipeline.js";
import { withPaid } from "../position/after-fill.js";

/*
 * How a debt is recovered from an account that has something again.
 *
 * Only what the account could withdraw is touched: its positions stay margined, so recovery never causes a second
 * liquidation. Creditors come in the reverse order of who was asked to pay: holders who shared the loss first, for they
 * were never asked; then the insurance fund; then the house. A debt is repaid in its own asset as far as that goes, and
 * then from other assets, those first that count for most, exchanged with the fund at the index without a haircut.
 */

/** What an account owes to somebody who paid for it. */
export interface DebtToOther {
  readonly creditor: AccountId;
  readonly creditorKind: AccountKind;
  readonly asset: AssetId;
  /** Above zero. */
  readonly amount: Amount;
}

/** Everything that a recovery posts, in this order. */
export interface RecoveryPlan {
  readonly conversions: readonly { readonly gives: AssetAmount; readonly receives: AssetAmount }[];
  readonly repayments: readonly { readonly creditor: AccountId; readonly asset: AssetId; readonly amount: Amount }[];
}

/**
 * What the account repays now. Never more than it owes, than it has, or than it could withdraw; nothing while it is below
 * initial margin. Amounts are rounded so that the account never gains: what it gives up, what it receives down.
 *
 * `fund` is the other side of conversions and gives no more of an asset than it holds.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method CASE-13
 */
export function planRecovery(
  account: Account,
  debts: readonly DebtToOther[],
  fund: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): RecoveryPlan {
  const { equityWithoutProfit, initialMargin } = assessAccount(account, market, parameters).summary;
  const purse = new Purse(account, fund, max(sub(equityWithoutProfit, initialMargin), ZERO_USD), market, parameters);
  const repayments: RecoveryPlan["repayments"][number][] = [];
  for (const { creditor, asset, amount: owed } of [...debts].sort(byPrecedence)) {
    purse.provide(asset, owed);
    const paid = purse.take(asset, owed);
    if (paid.gt(0)) repayments.push({ creditor, asset, amount: paid });
  }
  return { conversions: purse.conversions, repayments };
}

function byPrecedence(left: DebtToOther, right: DebtToOther): number {
  const rank = ({ creditorKind }: DebtToOther): number => {
    if (!isHouse(creditorKind)) return 0;
    return creditorKind === "INSURANCE_FUND" ? 1 : 2;
  };
  return rank(left) - rank(right) || compareIds(left.creditor, right.creditor) || compareIds(left.asset, right.asset);
}

/** What may be taken from an account: its balances, and the dollars that may leave in all. */
class Purse {
  readonly conversions: RecoveryPlan["conversions"][number][] = [];
  private balances: Account["balances"];
  private fundBalances: Account["balances"];

  constructor(
    account: Account,
    fund: Account,
    private free: Usd,
    private readonly market: MarketSnapshot,
    private readonly parameters: RiskParameters,
  ) {
    this.balances = account.balances;
    this.fundBalances = fund.balances;
  }

  /** Takes up to `wanted` of an asset out of the account. */
  take(asset: AssetId, wanted: Amount): Amount {
    const index = indexPriceOf(this.market, asset);
    const taken = min(min(wanted, this.held(asset)), roundCredit(amountFor(this.free, index)));
    if (taken.lte(0)) return ZERO_AMOUNT;
    this.balances = withPaid(this.balances, asset, negate(taken));
    this.free = max(sub(this.free, valueOf(taken, index)), ZERO_USD);
    return taken;
  }

  /** Exchanges other assets for what the account lacks of this one, as far as the fund has it. */
  provide(asset: AssetId, wanted: Amount): void {
    const debtIndex = indexPriceOf(this.market, asset);
    for (const other of this.byWorth(asset)) {
      const held = this.held(asset);
      const affordable = roundCredit(amountFor(this.free, debtIndex));
      const lacking = min(min(sub(wanted, held), sub(affordable, held)), this.fundBalances.get(asset) ?? ZERO_AMOUNT);
      if (lacking.lte(0)) return;
      const index = indexPriceOf(this.market, other);
      const have = this.held(other);
      const asked = roundCharge(amount(lacking.mul(debtIndex).div(index)));
      const gives = min(asked, have);
      const receives = have.gte(asked) ? lacking : roundCredit(amount(have.mul(index).div(debtIndex)));
      if (receives.lte(0)) continue;
      this.balances = withPaid(withPaid(this.balances, other, negate(gives)), asset, receives);
      this.fundBalances = withPaid(withPaid(this.fundBalances, other, gives), asset, negate(receives));
      this.conversions.push({ gives: { asset: other, amount: gives }, receives: { asset, amount: receives } });
    }
  }

  private held(asset: AssetId): Amount {
    return max(this.balances.get(asset) ?? ZERO_AMOUNT, ZERO_AMOUNT);
  }

  /** Other assets that are held, those first of whose value the least is cut off; ids decide ties. */
  private byWorth(except: AssetId): readonly AssetId[] {
    const kept = (asset: AssetId): Decimal => {
      const value = valueOf(this.held(asset), indexPriceOf(this.market, asset));
      return haircutValue(value, this.parameters.haircuts.get(asset)).div(value);
    };
    return [...this.balances.keys()]
      .filter((asset) => asset !== except && this.held(asset).gt(0))
      .sort((left, right) => kept(right).comparedTo(kept(left)) || compareIds(left, right));
  }
}
