import { Module } from "@nestjs/common";
import { RiskScoresController } from "./risk-scores.controller.js";
import { RiskScoresService } from "./risk-scores.service.js";

@Module({ controllers: [RiskScoresController], providers: [RiskScoresService] })
export class RiskScoresModule {}
