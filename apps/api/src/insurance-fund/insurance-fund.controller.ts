import { type FundTargetBody, type InsuranceFundBody, ROUTES } from "@ballast/api-contract";
import { Controller, Inject } from "@nestjs/common";
import { Endpoint } from "../http/endpoint.js";
import { FundTargetService } from "./fund-target.service.js";
import { InsuranceFundService } from "./insurance-fund.service.js";

@Controller()
export class InsuranceFundController {
  constructor(
    @Inject(InsuranceFundService) private readonly fund: InsuranceFundService,
    @Inject(FundTargetService) private readonly fundTarget: FundTargetService,
  ) {}

  @Endpoint(ROUTES.insuranceFund)
  now(): Promise<InsuranceFundBody> {
    return this.fund.now();
  }

  @Endpoint(ROUTES.fundTarget)
  target(): Promise<FundTargetBody> {
    return this.fundTarget.now();
  }
}
