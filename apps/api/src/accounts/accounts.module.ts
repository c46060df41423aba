import { Module } from "@nestjs/common";
import { AccountsController } from "./accounts.controller.js";
import { AccountsService } from "./accounts.service.js";
import { MarginModeService } from "./margin-mode.service.js";
import { ApiKeysService } from "./api-keys.service.js";

@Module({ controllers: [AccountsController], providers: [AccountsService, ApiKeysService, MarginModeService] })
export class AccountsModule {}
