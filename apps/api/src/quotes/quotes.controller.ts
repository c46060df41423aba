import {
  assetParams,
  type MarketBody,
  personPriceRequest,
  type PersonPriceRequest,
  type QuotesAccepted,
  quotesRequest,
  type QuotesRequest,
  ROUTES,
} from "@ballast/api-contract";
import { assetId } from "@ballast/model";
import { Body, Controller, Inject, Param, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { QuotesService } from "./quotes.service.js";

@Controller()
export class QuotesController {
  constructor(
    @Inject(Commands) private readonly commands: Commands,
    @Inject(QuotesService) private readonly quotes: QuotesService,
  ) {}

  @Endpoint(ROUTES.publishQuotes)
  async publish(
    @Body({ schema: quotesRequest }) body: QuotesRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotesAccepted> {
    return answerOf(reply, await this.quotes.publish(this.commands.from(request, "publish-quotes"), body));
  }

  @Endpoint(ROUTES.sayPrice)
  async sayPrice(
    @Param({ schema: assetParams }) { asset }: { asset: string },
    @Body({ schema: personPriceRequest }) body: PersonPriceRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotesAccepted> {
    const command = this.commands.from(request, "say-price");
    return answerOf(reply, await this.quotes.sayPrice(command, assetId(asset), body));
  }

  @Endpoint(ROUTES.market)
  market(): Promise<MarketBody> {
    return this.quotes.market();
  }
}
