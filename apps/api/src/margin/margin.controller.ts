import { accountParams, type MarginBody, ROUTES } from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Controller, Inject, Param } from "@nestjs/common";
import { Endpoint } from "../http/endpoint.js";
import { MarginService } from "./margin.service.js";

@Controller()
export class MarginController {
  constructor(@Inject(MarginService) private readonly service: MarginService) {}

  @Endpoint(ROUTES.margin)
  margin(@Param({ schema: accountParams }) { account }: { account: string }): Promise<MarginBody> {
    return this.service.margin(accountId(account));
  }
}
