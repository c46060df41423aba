import type {
  DepositsAnswer,
  DepositsRequest,
  MovementAnswer,
  MovementRequest,
  TransferAnswer,
  TransferRequest,
} from "@ballast/api-contract";
import type { Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  accountId,
  assetId,
  type AssetId,
  ok,
  type Rejection,
  type Result,
  reject,
} from "@ballast/model";
import { amount, printDecimal, ZERO_AMOUNT } from "@ballast/money";
import { withdrawalBrake } from "@ballast/risk-core";
import type { AccountTransaction, Command, CommandAnswer, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { accept, itemRejection } from "../http/refusal.js";
import { marginUnder } from "../house/judge.js";
import { runBatch } from "../house/batch.js";
import { FeedWatch } from "../house/feed-watch.js";
import { STORE } from "../house/tokens.js";
import { type Movement, type MovementState, planDeposit, planTransfer, planWithdrawal } from "./movements.js";

type Plan = (state: MovementState, account: Account, movement: Movement) => Result<Journal, Rejection>;

@Injectable()
export class CollateralService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Events) private readonly events: Events,
    @Inject(FeedWatch) private readonly feed: FeedWatch,
  ) {}

  /** Codes: ACCOUNT_UNKNOWN, ACCOUNT_FROZEN, and those of `planDeposit`. */
  deposit(command: Command, account: AccountId, body: MovementRequest): Promise<CommandAnswer<MovementAnswer>> {
    return this.move(command, account, body, "deposit", planDeposit);
  }

  /** Codes: ACCOUNT_UNKNOWN, ACCOUNT_FROZEN, those of `planWithdrawal`, DEBT_OUTSTANDING, WITHDRAWALS_BRAKED. */
  withdraw(command: Command, account: AccountId, body: MovementRequest): Promise<CommandAnswer<MovementAnswer>> {
    return this.move(command, account, body, "withdrawal", planWithdrawal);
  }

  /** Codes: ACCOUNT_UNKNOWN, ACCOUNT_FROZEN, those of `planTransfer`, DEBT_OUTSTANDING. */
  async transfer(command: Command, body: TransferRequest): Promise<CommandAnswer<TransferAnswer>> {
    const from = accountId(body.from);
    const to = accountId(body.to);
    const movement = movementOf("transfer", command, body);
    const answer = accept(
      await this.store.runCommand<TransferAnswer>(command, [from, to], async (transaction) => {
        const planned = planTransfer(
          this.stateOf(transaction),
          transaction.account(from),
          transaction.account(to),
          movement,
        );
        if (!planned.ok) return planned;
        const owed = await debtOf(transaction, from);
        if (owed !== null) return reject(owed);
        await transaction.post([planned.value]);
        return ok({
          from,
          to,
          asset: movement.asset,
          amount: printDecimal(movement.amount),
          balanceFrom: balanceOf(transaction.account(from), movement.asset),
          balanceTo: balanceOf(transaction.account(to), movement.asset),
          journal: movement.key,
        });
      }),
    );
    if (!answer.replayed) this.events.collateralMoved("transfer", body.asset);
    return answer;
  }

  /** Books each deposit once under its own key; the refused ones do not hold up the others. Codes stand in the items. */
  async depositMany(command: Command, body: DepositsRequest): Promise<CommandAnswer<DepositsAnswer>> {
    const deposits = body.deposits.map((deposit) => ({
      item: deposit.key,
      account: accountId(deposit.account),
      movement: {
        key: `deposits:${command.scope}:${deposit.key}`,
        at: command.at,
        asset: assetId(deposit.asset),
        amount: amount(deposit.amount),
      },
    }));
    const answer = await runBatch<DepositsAnswer>(
      this.store,
      command,
      deposits.map((deposit) => deposit.account),
      async (transaction, missing) => {
        const posted = new Set(await transaction.posted(deposits.map(({ movement }) => movement.key)));
        const journals: Journal[] = [];
        const results = deposits.map(({ item, account, movement }): DepositsAnswer["results"][number] => {
          if (posted.has(movement.key)) return { key: item, status: "REPLAYED" };
          const absent = missing.get(account);
          if (absent !== undefined) return { key: item, status: "REJECTED", rejection: itemRejection(absent) };
          const planned = planDeposit(this.stateOf(transaction), transaction.account(account), movement);
          if (!planned.ok) return { key: item, status: "REJECTED", rejection: itemRejection(planned.rejection) };
          posted.add(movement.key);
          journals.push(planned.value);
          return { key: item, status: "POSTED" };
        });
        await transaction.post(journals);
        return { results };
      },
    );
    if (!answer.replayed) {
      const count = (status: string) => answer.response.results.filter((result) => result.status === status).length;
      this.events.depositsBooked(count("POSTED"), count("REPLAYED"), count("REJECTED"));
    }
    return answer;
  }

  private async move(
    command: Command,
    account: AccountId,
    body: MovementRequest,
    kind: "deposit" | "withdrawal",
    plan: Plan,
  ): Promise<CommandAnswer<MovementAnswer>> {
    const movement = movementOf(kind, command, body);
    const answer = accept(
      await this.store.runCommand<MovementAnswer>(command, [account], async (transaction) => {
        const planned = plan(this.stateOf(transaction), transaction.account(account), movement);
        if (!planned.ok) return planned;
        if (kind === "withdrawal") {
          const hindrance = (await debtOf(transaction, account)) ?? (await brakeOn(transaction));
          if (hindrance !== null) return reject(hindrance);
        }
        await transaction.post([planned.value]);
        return ok({
          account,
          asset: movement.asset,
          amount: printDecimal(movement.amount),
          balance: balanceOf(transaction.account(account), movement.asset),
          journal: movement.key,
        });
      }),
    );
    if (!answer.replayed) this.events.collateralMoved(kind, body.asset);
    return answer;
  }

  private stateOf({ market, parameters }: AccountTransaction): MovementState {
    return { market: this.feed.believed(market), parameters, summarise: marginUnder(parameters) };
  }
}

function movementOf(
  kind: string,
  command: Command,
  body: { readonly asset: string; readonly amount: string },
): Movement {
  return {
    key: `${kind}:${command.scope}:${command.key}`,
    at: command.at,
    asset: assetId(body.asset),
    amount: amount(body.amount),
  };
}

/** Why nothing may leave an account that owes to somebody who paid for it; null when it owes nothing. @method CASE-13 */
async function debtOf(transaction: AccountTransaction, account: AccountId): Promise<Rejection | null> {
  const [first] = await transaction.debts(account);
  if (first === undefined) return null;
  return { code: "DEBT_OUTSTANDING", account, creditor: first.creditor, asset: first.asset, amount: first.amount };
}

/** Why nobody may take anything out now; null while the fund covers what others lack. @method LIQUIDATION-25 */
async function brakeOn(transaction: AccountTransaction): Promise<Rejection | null> {
  const { deficitsInProgress, fund } = await transaction.fundCover();
  const brake = withdrawalBrake(deficitsInProgress, fund);
  return brake.kind === "OPEN"
    ? null
    : { code: "WITHDRAWALS_BRAKED", deficitsInProgress, fund, uncovered: brake.uncovered };
}

function balanceOf(account: Account, asset: AssetId): string {
  return printDecimal(account.balances.get(asset) ?? ZERO_AMOUNT);
}
