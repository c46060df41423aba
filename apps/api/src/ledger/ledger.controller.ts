import {
  accountParams,
  type LedgerCheckBody,
  type LedgerRow,
  type PageBody,
  pageLimit,
  pageQuery,
  ROUTES,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Controller, Inject, Param, Query } from "@nestjs/common";
import type { z } from "zod";
import { Endpoint } from "../http/endpoint.js";
import { LedgerService } from "./ledger.service.js";

@Controller()
export class LedgerController {
  constructor(@Inject(LedgerService) private readonly ledger: LedgerService) {}

  @Endpoint(ROUTES.ledger)
  statement(
    @Param({ schema: accountParams }) { account }: { account: string },
    @Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>,
  ): Promise<PageBody<LedgerRow>> {
    return this.ledger.statement(accountId(account), { limit: pageLimit(query), cursor: query.cursor });
  }

  @Endpoint(ROUTES.ledgerCheck)
  check(): Promise<LedgerCheckBody> {
    return this.ledger.check();
  }
}
