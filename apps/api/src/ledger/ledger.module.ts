import { Module } from "@nestjs/common";
import { LedgerController } from "./ledger.controller.js";
import { LedgerService } from "./ledger.service.js";
import { LedgerWatch } from "./ledger-watch.js";

@Module({ controllers: [LedgerController], providers: [LedgerService, LedgerWatch], exports: [LedgerWatch] })
export class LedgerModule {}
