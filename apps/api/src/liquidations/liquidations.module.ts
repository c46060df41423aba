import { Module } from "@nestjs/common";
import { CaseReports } from "./case-reports.js";
import { LiquidationControlService } from "./liquidation-control.service.js";
import { LiquidationsController } from "./liquidations.controller.js";
import { LiquidationsService } from "./liquidations.service.js";

@Module({
  controllers: [LiquidationsController],
  providers: [LiquidationsService, CaseReports, LiquidationControlService],
})
export class LiquidationsModule {}
