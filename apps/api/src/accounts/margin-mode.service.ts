import type { MarginModeAnswer } from "@ballast/api-contract";
import { type AccountId, type MarginMode, ok, reject } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import { admitMarginMode } from "@ballast/risk-core";
import type { Command, CommandAnswer, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Events } from "../events.js";
import { FeedWatch } from "../house/feed-watch.js";
import { judge, rejectingMissingPrice } from "../house/judge.js";
import { STORE } from "../house/tokens.js";
import { accept } from "../http/refusal.js";

@Injectable()
export class MarginModeService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Events) private readonly events: Events,
    @Inject(FeedWatch) private readonly feed: FeedWatch,
  ) {}

  /**
   * Margins the account by another model from now on. Codes: ACCOUNT_UNKNOWN, ACCOUNT_FROZEN, MARKET_UNKNOWN, PRICE_MISSING,
   * ACCOUNT_IN_LIQUIDATION, and those of `admitMarginMode`.
   */
  async change(command: Command, id: AccountId, mode: MarginMode): Promise<CommandAnswer<MarginModeAnswer>> {
    const answer = accept(
      await this.store.runCommand<MarginModeAnswer>(command, [id], async (transaction) => {
        const { parameters, cases } = transaction;
        const market = this.feed.believed(transaction.market);
        if (market === null) return reject({ code: "MARKET_UNKNOWN" });
        if ((await cases.openCase(id)) !== null) return reject({ code: "ACCOUNT_IN_LIQUIDATION", account: id });
        const admitted = rejectingMissingPrice(() =>
          admitMarginMode(transaction.account(id), mode, market, parameters),
        );
        if (!admitted.ok) return admitted;
        await transaction.setMarginMode(id, mode);
        const judged = judge(transaction.account(id), market, parameters);
        if (!judged.ok) return judged;
        const { equity, initialMargin, maintenanceMargin } = judged.value.summary;
        return ok({
          account: id,
          marginMode: mode,
          equity: printDecimal(equity),
          initialMargin: printDecimal(initialMargin),
          maintenanceMargin: printDecimal(maintenanceMargin),
        });
      }),
    );
    if (!answer.replayed) this.events.marginModeChanged(id, mode);
    return answer;
  }
}
