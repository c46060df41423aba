import { type Account, type AssetId, contractValue, type Instrument } from "@ballast/model";
import { type Amount, add, type Price, type Quantity, sub, ZERO_AMOUNT, ZERO_QUANTITY } from "@ballast/money";

/** One trade of one account; `quantity` is signed (negative sells), `fee` ≥ 0 is paid in the settlement asset. */
export interface ImaginedFill {
  readonly instrument: Instrument;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Amount;
}

/**
 * The account as it would stand after a trade. For planning only: what a fill does to the books is the ledger's word.
 *
 * Equity, net value and margin are exactly what the ledger's account would give. The split between balance and
 * unrealised profit is not: a closed share stays in the position's entry cash until the whole position is closed, and
 * only that sum counts, because profit nets with the balance of its own asset (COLLATERAL-3).
 *
 * @method COLLATERAL-2
 */
export function afterFill(account: Account, { instrument, quantity, price, fee }: ImaginedFill): Account {
  const before = account.positions.get(instrument.id);
  const held = add(before?.quantity ?? ZERO_QUANTITY, quantity);
  const entryCash = sub(before?.entryCash ?? ZERO_AMOUNT, contractValue(instrument, quantity, price));
  const positions = new Map(account.positions);
  const paid = held.isZero() ? sub(entryCash, fee) : (fee.neg() as Amount);
  if (held.isZero()) positions.delete(instrument.id);
  else positions.set(instrument.id, { instrument: instrument.id, quantity: held, entryCash });
  return { ...account, positions, balances: withPaid(account.balances, instrument.settlementAsset, paid) };
}

/** The balances after `paid` (signed) has been added to one asset; a balance of zero is not kept. */
export function withPaid(
  balances: ReadonlyMap<AssetId, Amount>,
  asset: AssetId,
  paid: Amount,
): ReadonlyMap<AssetId, Amount> {
  const next = new Map(balances);
  const balance = add(next.get(asset) ?? ZERO_AMOUNT, paid);
  if (balance.isZero()) next.delete(asset);
  else next.set(asset, balance);
  return next;
}
