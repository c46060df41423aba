import { Module } from "@nestjs/common";
import { CollateralController } from "./collateral.controller.js";
import { CollateralService } from "./collateral.service.js";

@Module({ controllers: [CollateralController], providers: [CollateralService] })
export class CollateralModule {}
