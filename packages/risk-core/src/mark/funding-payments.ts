import { type AccountId, assertInvariant, compareIds, type Instrument } from "@ballast/model";
import {
  add,
  type Amount,
  type ContractSize,
  negate,
  type Price,
  type Quantity,
  type Rate,
  roundCredit,
  ZERO_AMOUNT,
  ZERO_QUANTITY,
} from "@ballast/money";

/** What a funding payment is computed on. */
export type FundedContract = Pick<Instrument, "payoff" | "contractSize">;

/** One account's contracts at the moment of funding, signed. */
export interface FundedPosition {
  readonly account: AccountId;
  readonly quantity: Quantity;
}

/** What one account receives, in the settlement asset; negative is what it pays. */
export interface FundingPayment {
  readonly account: AccountId;
  readonly amount: Amount;
}

/** All payments of one funding. They and the dust sum to zero, to the last unit. */
export interface Funding {
  /** In ascending order of account; those of zero left out. */
  readonly payments: readonly FundingPayment[];
  /** What rounding has kept, for the house: at least 0, below one unit of the ledger for each payment. */
  readonly dust: Amount;
}

/**
 * What the accounts that hold a perpetual pay each other for one interval. Every payment is rounded to the ledger's 18
 * digits against its account, so splitting a position gains nothing; what that leaves is the house's, and is below a
 * billionth of a billionth for each account.
 *
 * @param rate for the interval; longs pay when positive
 * @param price what the contracts are valued at, in dollars a unit of the underlying; positive
 * @throws InvariantViolation unless the contracts of all accounts sum to zero and each account stands there once.
 * @method MARK-12
 */
export function fundingPayments(
  contract: FundedContract,
  positions: readonly FundedPosition[],
  rate: Rate,
  price: Price,
): Funding {
  const ascending = [...positions].sort((left, right) => compareIds(left.account, right.account));
  let open: Quantity = ZERO_QUANTITY;
  let dust: Amount = ZERO_AMOUNT;
  const payments: FundingPayment[] = [];
  for (const [at, { account, quantity }] of ascending.entries()) {
    assertInvariant(account !== ascending[at - 1]?.account, "MARK-12 an account is funded once", { account });
    open = add(open, quantity);
    const amount = roundCredit(fundingOf(contract, quantity, rate, price));
    dust = add(dust, negate(amount));
    if (!amount.isZero()) payments.push({ account, amount });
  }
  assertInvariant(open.isZero(), "MARK-12 contracts of all accounts sum to zero", () => ({ open: open.toFixed() }));
  return { payments, dust };
}

/**
 * What one position receives: −value × rate, in the settlement asset, not rounded. Linear: quantity × size × price ×
 * rate in dollars. Inverse: quantity × size ÷ price × rate in coin.
 *
 * @method MARK-12
 */
export function fundingOf(
  { payoff, contractSize }: FundedContract,
  quantity: Quantity,
  rate: Rate,
  price: Price,
): Amount {
  return negate(valueOf(payoff, contractSize, quantity, price).mul(rate) as Amount);
}

function valueOf(payoff: Instrument["payoff"], size: ContractSize, quantity: Quantity, price: Price): Amount {
  const contracts = quantity.mul(size);
  return (payoff === "linear" ? contracts.mul(price) : contracts.div(price)) as unknown as Amount;
}
