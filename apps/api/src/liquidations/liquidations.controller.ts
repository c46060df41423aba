import {
  accountParams,
  type CaseReportBody,
  caseParams,
  type LiquidationBody,
  type LiquidationRow,
  liquidationsQuery,
  nothing,
  type PageBody,
  type PauseBody,
  type PauseRequest,
  type PauseRow,
  pageLimit,
  pageQuery,
  pauseRequest,
  type QuarantineRow,
  type ReleaseBody,
  ROUTES,
  type StagesBody,
  stageParams,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Body, Controller, Inject, Param, Query, Req, Res } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { answerOf, Commands } from "../http/commands.js";
import { Endpoint } from "../http/endpoint.js";
import { CaseReports } from "./case-reports.js";
import { LiquidationControlService } from "./liquidation-control.service.js";
import { LiquidationsService } from "./liquidations.service.js";

@Controller()
export class LiquidationsController {
  constructor(
    @Inject(LiquidationsService) private readonly liquidations: LiquidationsService,
    @Inject(CaseReports) private readonly reports: CaseReports,
    @Inject(LiquidationControlService) private readonly control: LiquidationControlService,
    @Inject(Commands) private readonly commands: Commands,
  ) {}

  @Endpoint(ROUTES.liquidations)
  list(
    @Query({ schema: liquidationsQuery }) query: z.infer<typeof liquidationsQuery>,
  ): Promise<PageBody<LiquidationRow>> {
    const { stage, cursor } = query;
    return this.liquidations.list({ account: undefined, stage, cursor, limit: pageLimit(query) });
  }

  @Endpoint(ROUTES.accountLiquidations)
  ofAccount(
    @Param({ schema: accountParams }) { account }: { account: string },
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<PageBody<LiquidationRow>> {
    const { cursor } = query;
    return this.liquidations.list({ account: accountId(account), stage: undefined, cursor, limit: pageLimit(query) });
  }

  @Endpoint(ROUTES.liquidation)
  one(@Param({ schema: caseParams }) { account, epoch }: { account: string; epoch: string }): Promise<LiquidationBody> {
    return this.liquidations.one(accountId(account), Number.parseInt(epoch, 10));
  }

  @Endpoint(ROUTES.liquidationReport)
  report(
    @Param({ schema: caseParams }) { account, epoch }: { account: string; epoch: string },
  ): Promise<CaseReportBody> {
    return this.reports.of(accountId(account), Number.parseInt(epoch, 10));
  }

  @Endpoint(ROUTES.releaseLiquidation)
  async release(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param({ schema: caseParams }) { account, epoch }: { account: string; epoch: string },
    @Body({ schema: nothing }) _body: object,
  ): Promise<ReleaseBody> {
    const command = this.commands.from(request, "release liquidation");
    return answerOf(reply, await this.control.release(command, accountId(account), Number.parseInt(epoch, 10)));
  }

  @Endpoint(ROUTES.quarantine)
  async quarantine(): Promise<{ data: QuarantineRow[] }> {
    return { data: await this.control.quarantine() };
  }

  @Endpoint(ROUTES.liquidationStages)
  stages(): Promise<StagesBody> {
    return this.control.stages();
  }

  @Endpoint(ROUTES.pauses)
  async pauses(): Promise<{ data: PauseRow[] }> {
    return { data: await this.control.pauses() };
  }

  @Endpoint(ROUTES.pauseLiquidation)
  async pause(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: pauseRequest }) body: PauseRequest,
  ): Promise<PauseBody> {
    return answerOf(reply, await this.control.pause(this.commands.from(request, "pause liquidation"), body));
  }

  @Endpoint(ROUTES.resumeLiquidation)
  async resume(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param({ schema: stageParams }) { stage }: z.infer<typeof stageParams>,
    @Body({ schema: nothing }) _body: object,
  ): Promise<PauseBody> {
    return answerOf(reply, await this.control.resume(this.commands.from(request, "resume liquidation"), stage));
  }
}
