import {
  assetParams,
  type FundingRow,
  type MarketBody,
  type PersonPriceAnswer,
  personPriceRequest,
  type PersonPriceRequest,
  priceConfirmation,
  type PriceConfirmation,
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

  @Endpoint(ROUTES.proposePrice)
  async proposePrice(
    @Param({ schema: assetParams }) { asset }: { asset: string },
    @Body({ schema: personPriceRequest }) body: PersonPriceRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonPriceAnswer> {
    const command = this.commands.from(request, "propose-price");
    return answerOf(reply, await this.quotes.proposePrice(command, assetId(asset), body));
  }

  @Endpoint(ROUTES.confirmPrice)
  async confirmPrice(
    @Param({ schema: assetParams }) { asset }: { asset: string },
    @Body({ schema: priceConfirmation }) body: PriceConfirmation,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotesAccepted> {
    const command = this.commands.from(request, "confirm-price");
    return answerOf(reply, await this.quotes.confirmPrice(command, assetId(asset), body));
  }

  @Endpoint(ROUTES.fundings)
  fundings(): Promise<{ readonly data: FundingRow[] }> {
    return this.quotes.fundings();
  }

  @Endpoint(ROUTES.market)
  market(): Promise<MarketBody> {
    return this.quotes.market();
  }
}
