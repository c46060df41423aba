import { type FillsAnswer, fillsRequest, type FillsRequest, ROUTES } from "@ballast/api-contract";
import { Body, Controller, Inject, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { FillsService } from "./fills.service.js";

@Controller()
export class FillsController {
  constructor(
    @Inject(Commands) private readonly commands: Commands,
    @Inject(FillsService) private readonly fills: FillsService,
  ) {}

  @Endpoint(ROUTES.fills)
  async clear(
    @Body({ schema: fillsRequest }) body: FillsRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FillsAnswer> {
    return answerOf(reply, await this.fills.clear(this.commands.from(request, "fills"), body));
  }
}
