import {
  type Account,
  type AccountHealth,
  type AccountId,
  type AccountKind,
  accountId,
  type AssetId,
  assetId,
  contractValue,
  type Instrument,
  instrumentId,
  type MarketSnapshot,
  type MarginSummary,
  type RiskParameters,
  toUtcMillis,
} from "@ballast/model";
import {
  amount,
  contractSize,
  type Decimal,
  magnitude,
  type Price,
  price,
  quantity,
  ratio,
  roundAsset,
  roundRequirement,
  type Usd,
  usd,
  valueOf,
  ZERO_AMOUNT,
  ZERO_USD,
} from "@ballast/money";
import type { Command } from "../command.js";
import { openStore } from "../open-store.js";
import type { Store, StoreOptions } from "../store.js";

/*
 * A small house for the tests of memory: two assets, two perpetuals, and a margin rule that fits on one line, because
 * the store must work with whatever judge it is given.
 */

export const USDC = assetId("USDC");
export const BTC = assetId("BTC");
export const BTC_PERP = instrumentId("BTC_USDC-PERPETUAL");
export const BTC_INVERSE = instrumentId("BTC-PERPETUAL");

/** One contract is one hundredth of a bitcoin. */
export const linear: Instrument = {
  id: BTC_PERP,
  kind: "perpetual",
  payoff: "linear",
  underlying: BTC,
  settlementAsset: USDC,
  contractSize: contractSize("0.01"),
  lotSize: quantity("1"),
  tickSize: price("0.5"),
};

/** One contract is ten dollars, settled in bitcoin. */
export const inverse: Instrument = {
  id: BTC_INVERSE,
  kind: "perpetual",
  payoff: "inverse",
  underlying: BTC,
  settlementAsset: BTC,
  contractSize: contractSize("10"),
  lotSize: quantity("1"),
  tickSize: price("0.5"),
};

export const parameters: RiskParameters = {
  version: 1,
  assets: new Map([
    [USDC, { id: USDC, scale: 6 }],
    [BTC, { id: BTC, scale: 8 }],
  ]),
  instruments: new Map([
    [BTC_PERP, linear],
    [BTC_INVERSE, inverse],
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

export const NOON = toUtcMillis(1_584_014_400_000);

/** Prices: USDC 1, bitcoin as given. */
export function marketAt(sequence: number, bitcoin: string): MarketSnapshot {
  return {
    sequence,
    at: toUtcMillis(NOON + sequence * 1000),
    indexPrices: new Map([
      [USDC, price("1")],
      [BTC, price(bitcoin)],
    ]),
    markPrices: new Map([
      [BTC_PERP, price(bitcoin)],
      [BTC_INVERSE, price(bitcoin)],
    ]),
    depths: new Map([
      [BTC_PERP, usd("1000000")],
      [BTC_INVERSE, usd("1000000")],
    ]),
  };
}

/** Initial margin 10 % of notional, maintenance 5 %, no haircuts. */
export function judge(account: Account, market: MarketSnapshot): AccountHealth {
  const net = new Map<AssetId, Decimal>(account.balances);
  let profit: Decimal = ZERO_USD;
  let notional: Decimal = ZERO_USD;
  for (const position of account.positions.values()) {
    const instrument = parameters.instruments.get(position.instrument) as Instrument;
    const mark = market.markPrices.get(position.instrument) as Price;
    const value = contractValue(instrument, position.quantity, mark);
    const index = instrument.payoff === "inverse" ? mark : price("1");
    const gain = amount(value.add(position.entryCash));
    net.set(instrument.settlementAsset, (net.get(instrument.settlementAsset) ?? ZERO_AMOUNT).add(gain));
    if (gain.isPositive()) profit = profit.add(valueOf(gain, index));
    notional = notional.add(magnitude(valueOf(value, index)));
  }
  let equity: Decimal = ZERO_USD;
  for (const [asset, held] of net)
    equity = equity.add(valueOf(amount(held), market.indexPrices.get(asset) ?? price("1")));
  const summary: MarginSummary = {
    equity: roundAsset(equity as Usd),
    netValue: roundAsset(equity as Usd),
    equityWithoutProfit: roundAsset(equity.sub(profit) as Usd),
    initialMargin: roundRequirement(notional.mul("0.1") as Usd),
    maintenanceMargin: roundRequirement(notional.mul("0.05") as Usd),
  };
  return { state: stateOf(summary), summary };
}

function stateOf({ equity, netValue, initialMargin, maintenanceMargin }: MarginSummary): AccountHealth["state"] {
  if (netValue.isNegative()) return "BANKRUPT";
  if (equity.lt(maintenanceMargin)) return "LIQUIDATABLE";
  return equity.lt(initialMargin) ? "MARGIN_CALL" : "HEALTHY";
}

/** A store on a test database, with the parameters of this world saved. */
export async function openTestStore(databaseUrl: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ databaseUrl, assess: judge, loadParameters: () => parameters, ...options });
  await store.saveRiskParameters({ world: "tests" }, 1, NOON);
  return store;
}

let commands = 0;

/** A command that nobody has given before. */
export function command(action = "test", overrides: Partial<Command> = {}): Command {
  commands += 1;
  return {
    scope: "tests",
    key: `${action}-${process.pid}-${commands}`,
    fingerprint: "same",
    actor: "tester",
    action,
    at: NOON,
    ...overrides,
  };
}

/** Creates accounts without a parent and answers their ids. */
export async function open(
  store: Store,
  names: readonly string[],
  kind: AccountKind = "USER",
): Promise<readonly AccountId[]> {
  const ids = names.map(accountId);
  const made = await store.createAccounts(
    command("open"),
    ids.map((id) => ({ id, kind, parent: null, name: id })),
  );
  if (!made.ok) throw new Error(`expected accounts to be made; found ${JSON.stringify(made.rejection)}`);
  return ids;
}
