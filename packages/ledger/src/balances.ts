import { type Amount, add, type Quantity, ZERO_AMOUNT, ZERO_QUANTITY } from "@ballast/money";
import type { Account, AccountId, AccountKind, AssetId, InstrumentId, Position } from "@ballast/model";
import { instrumentOf } from "./chart-of-accounts.js";
import type { Journal, Posting } from "./journal.js";

/*
 * Balances and positions are the sum of an account's legs, and this is the only place that adds them up: the store keeps
 * its projections with it, the audit rebuilds them with it, and risk judges what it returns.
 */

/** Returns an account that nothing has happened to yet. */
export function emptyAccount(id: AccountId, kind: AccountKind, parent: AccountId | null): Account {
  return { id, kind, parent, marginMode: "STANDARD", balances: new Map(), positions: new Map() };
}

/**
 * Returns the account after a journal: its legs folded into balances and positions; legs of others are passed over.
 * Zero balances and closed positions are dropped. The account handed in is not changed; an account without a leg in a
 * wallet or a position is returned as it is.
 *
 * Cost: one copy of each map that a leg touches, one addition a leg.
 *
 * @method LEDGER-5
 */
export function applyJournal(account: Account, journal: Journal): Account {
  const fold = new Fold(account);
  for (const posting of journal.postings) fold.add(posting);
  return fold.account();
}

/**
 * Returns the account after many journals, the same as `applyJournal` one after the other.
 *
 * Cost: one copy of each map in all, one addition a leg.
 *
 * @method LEDGER-5
 */
export function applyJournals(account: Account, journals: Iterable<Journal>): Account {
  const fold = new Fold(account);
  for (const journal of journals) {
    for (const posting of journal.postings) fold.add(posting);
  }
  return fold.account();
}

/** Adds legs to an account; copies a map when the first leg touches it, so what was handed in stays as it was. */
class Fold {
  private balances: Map<AssetId, Amount> | undefined;
  private positions: Map<InstrumentId, Position> | undefined;

  constructor(private readonly before: Account) {}

  add(posting: Posting): void {
    if (posting.account !== this.before.id) return;
    if (posting.book === "collateral") {
      this.addToWallet(posting.asset as AssetId, posting.amount as Amount);
      return;
    }
    const instrument = instrumentOf(posting.book);
    if (instrument !== null) this.addToPosition(instrument, posting);
  }

  account(): Account {
    const { before, balances, positions } = this;
    if (balances === undefined && positions === undefined) return before;
    return { ...before, balances: balances ?? before.balances, positions: positions ?? before.positions };
  }

  private addToWallet(asset: AssetId, amount: Amount): void {
    this.balances ??= new Map(this.before.balances);
    const balance = add(this.balances.get(asset) ?? ZERO_AMOUNT, amount);
    if (balance.isZero()) this.balances.delete(asset);
    else this.balances.set(asset, balance);
  }

  private addToPosition(instrument: InstrumentId, { asset, amount }: Posting): void {
    this.positions ??= new Map(this.before.positions);
    const held = this.positions.get(instrument);
    const contracts = held?.quantity ?? ZERO_QUANTITY;
    const cost = held?.entryCash ?? ZERO_AMOUNT;
    const isContracts = asset === (instrument as string);
    const quantity = isContracts ? add(contracts, amount as Quantity) : contracts;
    const entryCash = isContracts ? cost : add(cost, amount as Amount);
    if (quantity.isZero() && entryCash.isZero()) this.positions.delete(instrument);
    else this.positions.set(instrument, { instrument, quantity, entryCash });
  }
}
