import { Module } from "@nestjs/common";
import { InsuranceFundController } from "./insurance-fund.controller.js";
import { InsuranceFundService } from "./insurance-fund.service.js";

@Module({ controllers: [InsuranceFundController], providers: [InsuranceFundService] })
export class InsuranceFundModule {}
