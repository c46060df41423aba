import { Module } from "@nestjs/common";
import { DeleveragingController } from "./deleveraging.controller.js";
import { DeleveragingService } from "./deleveraging.service.js";

@Module({ controllers: [DeleveragingController], providers: [DeleveragingService] })
export class DeleveragingModule {}
