import {
  accountParams,
  type AuctionRowBody,
  type BidBody,
  type BidRequest,
  bidRequest,
  nothing,
  type ProviderBody,
  type ProviderRequest,
  providerRequest,
  type ProviderRowBody,
  ROUTES,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Body, Controller, Inject, Param, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { AuctionsService } from "./auctions.service.js";

@Controller()
export class AuctionsController {
  constructor(
    @Inject(AuctionsService) private readonly auctions: AuctionsService,
    @Inject(Commands) private readonly commands: Commands,
  ) {}

  @Endpoint(ROUTES.auctions)
  async list(): Promise<{ data: AuctionRowBody[] }> {
    return { data: await this.auctions.open() };
  }

  @Endpoint(ROUTES.offeredAuctions)
  async offered(
    @Param({ schema: accountParams }) { account }: { account: string },
  ): Promise<{ data: AuctionRowBody[] }> {
    return { data: await this.auctions.offeredTo(accountId(account)) };
  }

  @Endpoint(ROUTES.bid)
  async bid(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param({ schema: accountParams }) { account }: { account: string },
    @Body({ schema: bidRequest }) body: BidRequest,
  ): Promise<BidBody> {
    const command = this.commands.from(request, "bid");
    return answerOf(reply, await this.auctions.bid(command, accountId(account), body));
  }

  @Endpoint(ROUTES.backstopProviders)
  async providers(): Promise<{ data: ProviderRowBody[] }> {
    return { data: await this.auctions.providers() };
  }

  @Endpoint(ROUTES.registerProvider)
  async register(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: providerRequest }) { account, caps }: ProviderRequest,
  ): Promise<ProviderBody> {
    const command = this.commands.from(request, "register backstop provider");
    return answerOf(reply, await this.auctions.register(command, accountId(account), caps));
  }

  @Endpoint(ROUTES.retireProvider)
  async retire(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param({ schema: accountParams }) { account }: { account: string },
    @Body({ schema: nothing }) _body: object,
  ): Promise<ProviderBody> {
    const command = this.commands.from(request, "retire backstop provider");
    return answerOf(reply, await this.auctions.retire(command, accountId(account)));
  }
}
