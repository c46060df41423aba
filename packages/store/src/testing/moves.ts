import { depositJournal, fillJournal, withdrawalJournal } from "@ballast/ledger";
import { type AccountId, type AssetId, type Instrument, ok, type Rejection, type Result, reject } from "@ballast/model";
import { amount, magnitude, price, quantity, ZERO_AMOUNT } from "@ballast/money";
import type { Command, CommandAnswer } from "../command.js";
import type { Store } from "../store.js";
import { command, judge, linear, NOON, USDC } from "./world.js";

/*
 * What users do, as the applications do it: read under the lock, decide, post.
 */

type Answer = Result<CommandAnswer<string>, Rejection>;

/** Puts money in. The journal's key is the command's. */
export function deposit(
  store: Store,
  account: AccountId,
  funds: string,
  asset: AssetId = USDC,
  as: Command = command("deposit"),
): Promise<Answer> {
  return store.runCommand(as, [account], async (transaction) => {
    await transaction.post([depositJournal({ key: as.key, at: NOON, account, asset, amount: amount(funds) })]);
    return ok("DEPOSITED");
  });
}

/** Takes money out if initial margin is still met afterwards without unrealised profit. */
export function withdraw(
  store: Store,
  account: AccountId,
  funds: string,
  asset: AssetId = USDC,
  as: Command = command("withdraw"),
): Promise<Answer> {
  return store.runCommand<string>(as, [account], async (transaction) => {
    await transaction.post([withdrawalJournal({ key: as.key, at: NOON, account, asset, amount: amount(funds) })]);
    const market = transaction.market;
    if (market === null) return reject({ code: "MARKET_UNKNOWN" });
    const balance = transaction.account(account).balances.get(asset) ?? ZERO_AMOUNT;
    if (balance.isNegative()) {
      return reject({ code: "BALANCE_INSUFFICIENT", asset, balance, required: amount(funds) });
    }
    const { summary } = judge(transaction.account(account), market);
    if (summary.equityWithoutProfit.lt(summary.initialMargin))
      return reject({ code: "WITHDRAWAL_EXCEEDS_MARGIN", account, ...summary });
    return ok("WITHDRAWN");
  });
}

/** Trades `contracts` (signed, as the account's) with a maker if the account's initial margin is met afterwards. */
export function trade(
  store: Store,
  account: AccountId,
  maker: AccountId,
  contracts: string,
  at: string,
  instrument: Instrument = linear,
  as: Command = command("fill"),
): Promise<Answer> {
  return store.runCommand<string>(as, [account, maker], async (transaction) => {
    const size = quantity(contracts);
    const buys = size.isPositive();
    const journal = fillJournal({
      key: as.key,
      kind: "FILL",
      at: NOON,
      instrument,
      buyer: transaction.account(buys ? account : maker),
      seller: transaction.account(buys ? maker : account),
      quantity: magnitude(size),
      price: price(at),
      buyerFee: ZERO_AMOUNT,
      sellerFee: ZERO_AMOUNT,
    });
    await transaction.post([journal]);
    const market = transaction.market;
    if (market === null) return reject({ code: "MARKET_UNKNOWN" });
    const { summary } = judge(transaction.account(account), market);
    if (summary.equity.lt(summary.initialMargin))
      return reject({ code: "INITIAL_MARGIN_INSUFFICIENT", account, ...summary });
    return ok("FILLED");
  });
}
