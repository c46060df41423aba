import { type DynamicModule, Module } from "@nestjs/common";
import { AccountsModule } from "./accounts/accounts.module.js";
import { AuctionsModule } from "./auctions/auctions.module.js";
import { CollateralModule } from "./collateral/collateral.module.js";
import { DeleveragingModule } from "./deleveraging/deleveraging.module.js";
import { FillsModule } from "./fills/fills.module.js";
import { HealthModule } from "./health/health.module.js";
import { type Furniture, HouseModule } from "./house/house.module.js";
import { InsuranceFundModule } from "./insurance-fund/insurance-fund.module.js";
import { LedgerModule } from "./ledger/ledger.module.js";
import { LiquidationsModule } from "./liquidations/liquidations.module.js";
import { MarginModule } from "./margin/margin.module.js";
import { MarksModule } from "./marks/marks.module.js";
import { QuotesModule } from "./quotes/quotes.module.js";
import { PositionsModule } from "./positions/positions.module.js";
import { RiskParametersModule } from "./risk-parameters/risk-parameters.module.js";
import { RiskScoresModule } from "./risk-scores/risk-scores.module.js";
import { SessionModule } from "./session/session.module.js";
import { SummaryModule } from "./summary/summary.module.js";

/** The doors of the house, in the order in which money meets them. */
@Module({})
export class AppModule {
  static with(furniture: Furniture): DynamicModule {
    return {
      module: AppModule,
      imports: [
        HouseModule.with(furniture),
        QuotesModule,
        MarksModule,
        RiskParametersModule,
        AccountsModule,
        CollateralModule,
        FillsModule,
        PositionsModule,
        MarginModule,
        RiskScoresModule,
        LiquidationsModule,
        DeleveragingModule,
        AuctionsModule,
        InsuranceFundModule,
        LedgerModule,
        SummaryModule,
        SessionModule,
        HealthModule,
      ],
    };
  }
}
