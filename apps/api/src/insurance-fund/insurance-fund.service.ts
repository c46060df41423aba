import type { InsuranceFundBody } from "@ballast/api-contract";
import { INSURANCE_FUND } from "@ballast/model";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { healthBody, holdings } from "../accounts/account-view.js";
import { Refusal } from "../http/refusal.js";
import { amounts } from "../house/amounts.js";
import { STORE } from "../house/tokens.js";
import { FundTargetService } from "./fund-target.service.js";

@Injectable()
export class InsuranceFundService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(FundTargetService) private readonly target: FundTargetService,
  ) {}

  /** What the fund holds now, held when the first snapshot came, and should hold. */
  async now(): Promise<InsuranceFundBody> {
    const [account, health, summary, target] = await Promise.all([
      this.store.account(INSURANCE_FUND),
      this.store.health(INSURANCE_FUND),
      this.store.summary(),
      this.target.withoutNames(),
    ]);
    if (account === null) throw new Refusal("ACCOUNT_UNKNOWN", { account: INSURANCE_FUND });
    return {
      account: INSURANCE_FUND,
      ...holdings(account),
      health: health === null ? null : healthBody(health),
      firstBalances: amounts(summary.fundFirst),
      target,
    };
  }
}
