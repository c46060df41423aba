import { Module } from "@nestjs/common";
import { AccountsController } from "./accounts.controller.js";
import { AccountsService } from "./accounts.service.js";
import { ApiKeysService } from "./api-keys.service.js";

@Module({ controllers: [AccountsController], providers: [AccountsService, ApiKeysService] })
export class AccountsModule {}
