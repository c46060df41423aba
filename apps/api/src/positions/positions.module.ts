import { Module } from "@nestjs/common";
import { MarginModule } from "../margin/margin.module.js";
import { PositionsController } from "./positions.controller.js";

@Module({ imports: [MarginModule], controllers: [PositionsController] })
export class PositionsModule {}
