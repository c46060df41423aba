import {
  accountParams,
  pageLimit,
  type RiskScoreBody,
  type RiskScoresBody,
  riskScoresQuery,
  ROUTES,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Controller, Inject, Param, Query } from "@nestjs/common";
import type { z } from "zod";
import { Endpoint } from "../http/endpoint.js";
import { RiskScoresService } from "./risk-scores.service.js";

@Controller()
export class RiskScoresController {
  constructor(@Inject(RiskScoresService) private readonly service: RiskScoresService) {}

  @Endpoint(ROUTES.riskScore)
  one(@Param({ schema: accountParams }) { account }: { account: string }): Promise<RiskScoreBody> {
    return this.service.one(accountId(account));
  }

  @Endpoint(ROUTES.riskScores)
  list(@Query({ schema: riskScoresQuery }) query: z.infer<typeof riskScoresQuery>): Promise<RiskScoresBody> {
    const { kind, sort = "score", cursor } = query;
    return this.service.list({ kind, sort, cursor, limit: pageLimit(query) });
  }
}
