import {
  accountParams,
  caseParams,
  type LiquidationBody,
  type LiquidationRow,
  liquidationsQuery,
  type PageBody,
  pageLimit,
  pageQuery,
  ROUTES,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Controller, Inject, Param, Query } from "@nestjs/common";
import type { z } from "zod";
import { Endpoint } from "../http/endpoint.js";
import { LiquidationsService } from "./liquidations.service.js";

@Controller()
export class LiquidationsController {
  constructor(@Inject(LiquidationsService) private readonly liquidations: LiquidationsService) {}

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
}
