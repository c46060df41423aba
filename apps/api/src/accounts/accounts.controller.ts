import {
  accountParams,
  accountsQuery,
  type AccountBody,
  type AccountRow,
  marginModeRequest,
  type MarginModeAnswer,
  type MarginModeRequest,
  newApiKeyRequest,
  type NewApiKeyAnswer,
  type NewApiKeyRequest,
  type OpenAccountsAnswer,
  openAccountsRequest,
  type OpenAccountsRequest,
  type PageBody,
  pageLimit,
  ROUTES,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Body, Controller, Inject, Param, Query, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { AccountsService } from "./accounts.service.js";
import { MarginModeService } from "./margin-mode.service.js";
import { ApiKeysService } from "./api-keys.service.js";

@Controller()
export class AccountsController {
  constructor(
    @Inject(Commands) private readonly commands: Commands,
    @Inject(AccountsService) private readonly accounts: AccountsService,
    @Inject(ApiKeysService) private readonly keys: ApiKeysService,
    @Inject(MarginModeService) private readonly modes: MarginModeService,
  ) {}

  @Endpoint(ROUTES.openAccounts)
  async open(
    @Body({ schema: openAccountsRequest }) body: OpenAccountsRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OpenAccountsAnswer> {
    return answerOf(reply, await this.accounts.open(this.commands.from(request, "open-accounts"), body));
  }

  @Endpoint(ROUTES.accounts)
  list(@Query({ schema: accountsQuery }) query: z.infer<typeof accountsQuery>): Promise<PageBody<AccountRow>> {
    const { state, kind, cursor, sort = "id" } = query;
    return this.accounts.list({ state, kind, sort, cursor, limit: pageLimit(query) });
  }

  @Endpoint(ROUTES.account)
  one(@Param({ schema: accountParams }) { account }: { account: string }): Promise<AccountBody> {
    return this.accounts.one(accountId(account));
  }

  @Endpoint(ROUTES.marginMode)
  async marginMode(
    @Param({ schema: accountParams }) { account }: { account: string },
    @Body({ schema: marginModeRequest }) body: MarginModeRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MarginModeAnswer> {
    const command = this.commands.from(request, "margin-mode");
    return answerOf(reply, await this.modes.change(command, accountId(account), body.marginMode));
  }

  @Endpoint(ROUTES.newApiKey)
  async newKey(
    @Param({ schema: accountParams }) { account }: { account: string },
    @Body({ schema: newApiKeyRequest }) body: NewApiKeyRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NewApiKeyAnswer> {
    const command = this.commands.from(request, "make-api-key");
    const made = await this.keys.make(command, accountId(account), body.scopes);
    answerOf(reply, made.answer);
    return { ...made.answer.response, secret: made.secret };
  }
}
