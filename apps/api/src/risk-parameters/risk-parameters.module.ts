import { Module } from "@nestjs/common";
import { RiskParametersController } from "./risk-parameters.controller.js";
import { RiskParametersService } from "./risk-parameters.service.js";

@Module({ controllers: [RiskParametersController], providers: [RiskParametersService] })
export class RiskParametersModule {}
