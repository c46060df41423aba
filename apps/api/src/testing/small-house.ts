import { emptyAccount } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  accountId,
  type AssetId,
  assetId,
  contractValue,
  type DatedFuture,
  instrumentId,
  type MarginSummary,
  type MarketSnapshot,
  ok,
  type Instrument,
  type InstrumentId,
  type Perpetual,
  type RiskParameters,
  toUtcMillis,
} from "@ballast/model";
import { amount, contractSize, price, quantity, ratio, usd, ZERO_USD } from "@ballast/money";

/*
 * A house that fits on a page, for the tests of admission: dollars, one linear perpetual of 0.01 BTC a contract, one
 * dated future, and a margin of ten per cent of notional, half of it to maintain.
 */

export const USDC = assetId("USDC");
export const PERP = instrumentId("BTC_USDC-PERPETUAL");
export const FUTURE = instrumentId("BTC_USDC-26JUN20");
export const NOON = toUtcMillis(1_584_014_400_000);
export const EXPIRY = toUtcMillis(1_593_158_400_000);

const linear = {
  payoff: "linear",
  underlying: assetId("BTC"),
  settlementAsset: USDC,
  contractSize: contractSize("0.01"),
  lotSize: quantity("1"),
  tickSize: price("0.5"),
} as const;
const perpetual: Perpetual = { ...linear, id: PERP, kind: "perpetual" };
const future: DatedFuture = { ...linear, id: FUTURE, kind: "dated-future", expiresAt: EXPIRY };

export const parameters: RiskParameters = {
  version: 1,
  assets: new Map([[USDC, { id: USDC, scale: 6 }]]),
  instruments: new Map<InstrumentId, Instrument>([
    [PERP, perpetual],
    [FUTURE, future],
  ]),
  haircuts: new Map(),
  marginTiers: new Map(),
  liquidation: {
    target: ratio("1.25"),
    takeoverBelow: ratio("0.25"),
    feeRate: ratio("0"),
    takeoverFeeRate: ratio("0"),
    halfSpread: ratio("0"),
    depthShareMax: ratio("1"),
    disposalDepthShare: ratio("1"),
  },
};

/** Bitcoin at this price, in every instrument. */
export function marketAt(bitcoin: string): MarketSnapshot {
  return {
    sequence: 1,
    at: NOON,
    indexPrices: new Map([[USDC, price("1")]]),
    markPrices: new Map([
      [PERP, price(bitcoin)],
      [FUTURE, price(bitcoin)],
    ]),
    depths: new Map(),
  };
}

/** An account with dollars. */
export function holder(id: string, dollars: string, parent: string | null = null): Account {
  const account = emptyAccount(accountId(id), "USER", parent === null ? null : accountId(parent));
  return { ...account, balances: new Map<AssetId, ReturnType<typeof amount>>([[USDC, amount(dollars)]]) };
}

export function byId(...accounts: readonly Account[]): Map<AccountId, Account> {
  return new Map(accounts.map((account) => [account.id, account]));
}

/** Ten per cent of notional to open, five to stay open; dollars count in full. */
export function summarise(account: Account, market: MarketSnapshot) {
  let profit = ZERO_USD;
  let notional = ZERO_USD;
  for (const position of account.positions.values()) {
    const instrument = position.instrument === PERP ? perpetual : future;
    const value = contractValue(
      instrument,
      position.quantity,
      market.markPrices.get(position.instrument) ?? price("1"),
    );
    profit = usd(profit.add(value).add(position.entryCash));
    notional = usd(notional.add(value.abs()));
  }
  const dollars = account.balances.get(USDC) ?? amount("0");
  const summary: MarginSummary = {
    equity: usd(dollars.add(profit)),
    netValue: usd(dollars.add(profit)),
    equityWithoutProfit: usd(profit.gt(0) ? dollars : dollars.add(profit)),
    initialMargin: usd(notional.mul("0.1")),
    maintenanceMargin: usd(notional.mul("0.05")),
  };
  return ok(summary);
}
