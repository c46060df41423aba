import { Module } from "@nestjs/common";
import { LiquidationsController } from "./liquidations.controller.js";
import { LiquidationsService } from "./liquidations.service.js";

@Module({ controllers: [LiquidationsController], providers: [LiquidationsService] })
export class LiquidationsModule {}
