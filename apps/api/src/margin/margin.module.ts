import { Module } from "@nestjs/common";
import { MarginController } from "./margin.controller.js";
import { MarginService } from "./margin.service.js";

@Module({ controllers: [MarginController], providers: [MarginService], exports: [MarginService] })
export class MarginModule {}
