import { type InstrumentRow, type RiskParametersBody, ROUTES } from "@ballast/api-contract";
import { Controller, Inject } from "@nestjs/common";
import { Endpoint } from "../http/endpoint.js";
import { RiskParametersService } from "./risk-parameters.service.js";

@Controller()
export class RiskParametersController {
  constructor(@Inject(RiskParametersService) private readonly parameters: RiskParametersService) {}

  @Endpoint(ROUTES.riskParameters)
  inForce(): Promise<RiskParametersBody> {
    return this.parameters.inForce();
  }

  @Endpoint(ROUTES.instruments)
  instruments(): Promise<{ data: InstrumentRow[] }> {
    return this.parameters.instruments();
  }
}
