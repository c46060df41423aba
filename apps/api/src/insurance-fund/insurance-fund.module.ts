import { Module } from "@nestjs/common";
import { FundTargetService } from "./fund-target.service.js";
import { InsuranceFundController } from "./insurance-fund.controller.js";
import { InsuranceFundService } from "./insurance-fund.service.js";

@Module({ controllers: [InsuranceFundController], providers: [InsuranceFundService, FundTargetService] })
export class InsuranceFundModule {}
