import { type InsuranceFundBody, ROUTES } from "@ballast/api-contract";
import { Controller, Inject } from "@nestjs/common";
import { Endpoint } from "../http/endpoint.js";
import { InsuranceFundService } from "./insurance-fund.service.js";

@Controller()
export class InsuranceFundController {
  constructor(@Inject(InsuranceFundService) private readonly fund: InsuranceFundService) {}

  @Endpoint(ROUTES.insuranceFund)
  now(): Promise<InsuranceFundBody> {
    return this.fund.now();
  }
}
