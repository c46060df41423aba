import type { AccountBody, AccountRow, OpenAccountsRequest, PageBody } from "@ballast/api-contract";
import { type AccountId, accountId, type AccountKind, type HealthState } from "@ballast/model";
import type { Command, CommandAnswer, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { CursorSeal } from "../http/cursor.js";
import { accept, Refusal } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";
import { accountRow, holdings } from "./account-view.js";

/** What a list of accounts is asked for. */
export interface AccountsFilter {
  readonly state: HealthState | undefined;
  readonly kind: AccountKind | undefined;
  readonly sort: "id" | "usage";
  readonly limit: number;
  readonly cursor: string | undefined;
}

@Injectable()
export class AccountsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Events) private readonly events: Events,
    @Inject(CursorSeal) private readonly cursors: CursorSeal,
  ) {}

  /** Opens all of them or none. Codes: ACCOUNT_UNKNOWN (a parent), ACCOUNT_EXISTS, PORTFOLIO_MARGIN_UNAVAILABLE. */
  async open(command: Command, body: OpenAccountsRequest): Promise<CommandAnswer<{ opened: number }>> {
    const accounts = body.accounts.map(({ id, kind, name, parent, marginMode = "STANDARD" }) => ({
      id: accountId(id),
      kind,
      name,
      parent: parent === null ? null : accountId(parent),
      marginMode,
    }));
    const answer = accept(await this.store.createAccounts(command, accounts));
    if (!answer.replayed) this.events.accountsOpened(answer.response.created);
    return { replayed: answer.replayed, response: { opened: answer.response.created } };
  }

  /** One page of accounts. Codes: CURSOR_INVALID. */
  async list(filter: AccountsFilter): Promise<PageBody<AccountRow>> {
    const { state, kind, sort, limit } = filter;
    const list = `accounts ${state ?? ""} ${kind ?? ""} ${sort}`;
    const cursor = filter.cursor === undefined ? undefined : this.cursors.open(list, filter.cursor);
    const page = await this.store.accounts({
      sort,
      limit,
      ...(state === undefined ? {} : { state }),
      ...(kind === undefined ? {} : { kind }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return this.cursors.page(list, page, accountRow);
  }

  /** One account with what it holds. Codes: ACCOUNT_UNKNOWN. */
  async one(id: AccountId): Promise<AccountBody> {
    const [listing, account, relatives] = await Promise.all([
      this.store.listing(id),
      this.store.account(id),
      this.store.relatives(id),
    ]);
    if (listing === null || account === null) throw new Refusal("ACCOUNT_UNKNOWN", { account: id });
    return { ...accountRow(listing), relatives: [...relatives], ...holdings(account) };
  }
}
