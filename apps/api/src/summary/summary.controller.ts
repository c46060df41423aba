import { type AuditRow, type PageBody, pageLimit, pageQuery, ROUTES, type SummaryBody } from "@ballast/api-contract";
import { Controller, Inject, Query } from "@nestjs/common";
import type { z } from "zod";
import { Endpoint } from "../http/endpoint.js";
import { SummaryService } from "./summary.service.js";

@Controller()
export class SummaryController {
  constructor(@Inject(SummaryService) private readonly summary: SummaryService) {}

  @Endpoint(ROUTES.summary)
  soFar(): Promise<SummaryBody> {
    return this.summary.soFar();
  }

  @Endpoint(ROUTES.audit)
  audit(@Query({ schema: pageQuery }) query: z.infer<typeof pageQuery>): Promise<PageBody<AuditRow>> {
    return this.summary.audit({ limit: pageLimit(query), cursor: query.cursor });
  }
}
