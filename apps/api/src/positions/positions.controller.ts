import { accountParams, type PositionsBody, ROUTES } from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Controller, Inject, Param } from "@nestjs/common";
import { Endpoint } from "../http/endpoint.js";
import { MarginService } from "../margin/margin.service.js";

@Controller()
export class PositionsController {
  constructor(@Inject(MarginService) private readonly margin: MarginService) {}

  @Endpoint(ROUTES.positions)
  positions(@Param({ schema: accountParams }) { account }: { account: string }): Promise<PositionsBody> {
    return this.margin.positions(accountId(account));
  }
}
