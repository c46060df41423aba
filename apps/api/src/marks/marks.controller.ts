import {
  type MarksAccepted,
  type MarksAnswer,
  marksParams,
  marksRequest,
  type MarksRequest,
  ROUTES,
} from "@ballast/api-contract";
import { Body, Controller, Inject, Param, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { MarksService } from "./marks.service.js";

@Controller()
export class MarksController {
  constructor(
    @Inject(Commands) private readonly commands: Commands,
    @Inject(MarksService) private readonly marks: MarksService,
  ) {}

  @Endpoint(ROUTES.publishMarks)
  async publish(
    @Body({ schema: marksRequest }) body: MarksRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MarksAccepted> {
    return answerOf(reply, await this.marks.publish(this.commands.from(request, "publish-marks"), body));
  }

  @Endpoint(ROUTES.latestMarks)
  latest(): Promise<MarksAnswer> {
    return this.marks.latest();
  }

  @Endpoint(ROUTES.marks)
  one(@Param({ schema: marksParams }) { sequence }: { sequence: string }): Promise<MarksAnswer> {
    return this.marks.one(Number.parseInt(sequence, 10));
  }
}
