import type { MarginBody, PositionsBody } from "@ballast/api-contract";
import type { AccountId } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import { bankruptcyPrices, portfolioParametersOf } from "@ballast/risk-core";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { accept, Refusal } from "../http/refusal.js";
import { judge } from "../house/judge.js";
import { ENGINE_VERSION, STORE } from "../house/tokens.js";
import { marginUsage } from "./margin-usage.js";
import { portfolioBody } from "./portfolio-view.js";

@Injectable()
export class MarginService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /**
   * Margin of an account at the latest marks in its margin mode, with its breakdown and the four values that reproduce it.
   * Codes: ACCOUNT_UNKNOWN, MARKET_UNKNOWN, PRICE_MISSING.
   */
  async margin(id: AccountId): Promise<MarginBody> {
    const [holding, market, parameters] = await Promise.all([
      this.store.holding(id),
      this.store.latestSnapshot(),
      this.store.riskParameters(),
    ]);
    if (holding === null) throw new Refusal("ACCOUNT_UNKNOWN", { account: id });
    if (market === null || parameters === null) throw new Refusal("MARKET_UNKNOWN");
    const { account, postingSequence } = holding;
    const { state, summary, positions, collateral, portfolio } = accept(judge(account, market, parameters));
    const bankruptcy = bankruptcyPrices(account, market, parameters);
    return {
      account: id,
      snapshot: {
        marksSequence: market.sequence,
        parametersVersion: parameters.version,
        ledgerSequence: postingSequence,
        engineVersion: ENGINE_VERSION,
      },
      state,
      marginMode: account.marginMode,
      model: portfolioParametersOf(account, parameters) === null ? "ballast-standard" : "ballast-hybrid",
      portfolio: portfolio && portfolioBody(portfolio),
      equity: printDecimal(summary.equity),
      netValue: printDecimal(summary.netValue),
      equityWithoutProfit: printDecimal(summary.equityWithoutProfit),
      initialMargin: printDecimal(summary.initialMargin),
      maintenanceMargin: printDecimal(summary.maintenanceMargin),
      availableMargin: printDecimal(summary.equity.sub(summary.initialMargin)),
      marginUsage: marginUsage(summary),
      collateral: collateral.map((line) => ({
        asset: line.asset,
        balance: printDecimal(line.balance),
        unrealisedProfit: printDecimal(line.unrealisedProfit),
        net: printDecimal(line.net),
        indexPrice: printDecimal(line.indexPrice),
        haircutValue: printDecimal(line.haircutValue),
        value: printDecimal(line.value),
      })),
      positions: positions.map((margin) => {
        const held = account.positions.get(margin.instrument);
        const markPrice = market.markPrices.get(margin.instrument);
        const atZero = bankruptcy?.get(margin.instrument);
        return {
          instrument: margin.instrument,
          quantity: held === undefined ? "0" : printDecimal(held.quantity),
          entryCash: held === undefined ? "0" : printDecimal(held.entryCash),
          markPrice: markPrice === undefined ? "0" : printDecimal(markPrice),
          notional: printDecimal(margin.notional),
          unrealisedProfit: printDecimal(margin.unrealisedProfit),
          initialMargin: printDecimal(margin.initialMargin),
          maintenanceMargin: printDecimal(margin.maintenanceMargin),
          bankruptcyPrice: atZero === undefined ? null : printDecimal(atZero),
        };
      }),
    };
  }

  /** The positions of the same answer. Codes: those of `margin`. */
  async positions(id: AccountId): Promise<PositionsBody> {
    const { account, snapshot, positions } = await this.margin(id);
    return { account, snapshot, positions };
  }
}
