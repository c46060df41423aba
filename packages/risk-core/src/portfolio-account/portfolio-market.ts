import {
  type AssetId,
  type Instrument,
  type InstrumentId,
  type MarketSnapshot,
  type PortfolioMarginParameters,
  type RiskParameters,
} from "@ballast/model";
import { min, ONE, type Price, type Usd, ZERO_AMOUNT } from "@ballast/money";
import type { MarginModel } from "../margin/model.js";
import { ballastHybrid } from "../margin/presets/hybrid.js";
import { indexPriceOf } from "../mark/prices.js";
import type { CollateralBalance, DeltaOneContract, Portfolio, UnderlyingQuote } from "../portfolio/portfolio.js";
import { type MarketColumns, marketColumns } from "../scenario/columns.js";

/*
 * What the margin engine has to know of a snapshot before it sees an account: the model under the estimates in force, and a
 * column for every contract and every coin that an account may hold. Thousands of accounts are then dot products.
 *
 * Everything is counted in the quote, the stablecoin in which linear contracts are paid: in it they move with their mark and
 * with nothing else. Marks of inverse contracts stay in dollars, as their quantities do: a column reads them only as a ratio.
 */

/** A snapshot as the margin engine sees it, whoever holds what. */
export interface PortfolioMarket {
  readonly model: MarginModel;
  readonly columns: MarketColumns;
  /** Dollars for one unit of the quote. */
  readonly quoteIndex: Price;
  /** The market with nothing held; balances are there with their prices and an amount of zero. */
  readonly empty: Portfolio;
}

/**
 * The snapshot prepared for portfolio accounts; made once for a snapshot and remembered for as long as it lives.
 *
 * Contracts that lack a price are left out: who holds one meets MissingPrice. Cost: about a hundred thousand values of columns, once a
 * snapshot and set of parameters.
 *
 * @throws MissingPrice when the quote has no index.
 * @method MARGIN-9
 */
export function portfolioMarket(
  market: MarketSnapshot,
  parameters: RiskParameters,
  { quote, estimates }: PortfolioMarginParameters,
): PortfolioMarket {
  const remembered = MARKETS.get(market);
  if (remembered?.parameters === parameters) return remembered.prepared;
  const quoteIndex = indexPriceOf(market, quote);
  const contracts = contractsOf(market, parameters, quoteIndex);
  const followed = new Set([...contracts.values()].map(({ underlying }) => underlying));
  const empty: Portfolio = {
    quote,
    quotePrice: quoteIndex,
    numeraire: quote,
    at: market.at,
    underlyings: new Map([...followed].map((id) => [id, underlyingQuote(id, market, parameters, quoteIndex)])),
    expiries: [],
    contracts,
    balances: balancesOf(market, parameters, quote, followed, quoteIndex),
    holdings: new Map(),
    orders: [],
  };
  const model = modelOf(estimates);
  const prepared = { model, columns: marketColumns(empty, model.scan), quoteIndex, empty };
  MARKETS.set(market, { parameters, prepared });
  return prepared;
}

/** The last table of each living snapshot, and one model for each set of estimates: memories of results. */
const MARKETS = new WeakMap<
  MarketSnapshot,
  { readonly parameters: RiskParameters; readonly prepared: PortfolioMarket }
>();
const MODELS = new WeakMap<PortfolioMarginParameters["estimates"], MarginModel>();

function modelOf(estimates: PortfolioMarginParameters["estimates"]): MarginModel {
  const known = MODELS.get(estimates);
  if (known !== undefined) return known;
  const model = ballastHybrid(estimates);
  MODELS.set(estimates, model);
  return model;
}

function contractsOf(
  market: MarketSnapshot,
  { instruments }: RiskParameters,
  quoteIndex: Price,
): ReadonlyMap<InstrumentId, DeltaOneContract> {
  const contracts = new Map<InstrumentId, DeltaOneContract>();
  for (const instrument of instruments.values()) {
    const mark = market.markPrices.get(instrument.id);
    const paidIn = market.indexPrices.get(instrument.settlementAsset);
    if (mark === undefined || paidIn === undefined || !market.indexPrices.has(instrument.underlying)) continue;
    const markPrice = instrument.payoff === "linear" ? inQuote(mark.mul(paidIn) as Price, quoteIndex) : mark;
    contracts.set(instrument.id, { ...termsOf(instrument), markPrice });
  }
  return contracts;
}

function termsOf(instrument: Instrument): Omit<DeltaOneContract, "markPrice"> {
  const { id, underlying, payoff } = instrument;
  const terms = { id, underlying, payoff, confidence: ONE, negativePrices: false } as const;
  return instrument.kind === "perpetual"
    ? { ...terms, kind: "perpetual", expiresAt: null }
    : { ...terms, kind: "future", expiresAt: instrument.expiresAt };
}

/**
 * The depth of an underlying is the smallest among its contracts: its net delta may stand in any of them, and has to be
 * closed where it stands.
 */
function underlyingQuote(
  id: AssetId,
  market: MarketSnapshot,
  { instruments }: RiskParameters,
  quoteIndex: Price,
): UnderlyingQuote {
  const depths = [...instruments.values()].flatMap((instrument) => {
    const depth = instrument.underlying === id ? market.depths.get(instrument.id) : undefined;
    return depth === undefined ? [] : [depth];
  });
  const [first, ...others] = depths;
  return {
    spot: inQuote(indexPriceOf(market, id), quoteIndex),
    confidence: ONE,
    depth:
      first === undefined
        ? null
        : inQuote(
            others.reduce<Usd>((least, depth) => min(least, depth), first),
            quoteIndex,
          ),
  };
}

/** Every asset with an index: a coin that contracts follow moves with them, money keeps its value. */
function balancesOf(
  market: MarketSnapshot,
  { assets }: RiskParameters,
  quote: AssetId,
  followed: ReadonlySet<AssetId>,
  quoteIndex: Price,
): ReadonlyMap<AssetId, CollateralBalance> {
  const balances = new Map<AssetId, CollateralBalance>();
  for (const id of assets.keys()) {
    const index = market.indexPrices.get(id);
    if (index === undefined) continue;
    balances.set(id, {
      amount: ZERO_AMOUNT,
      price: id === quote ? (ONE as unknown as Price) : inQuote(index, quoteIndex),
      confidence: ONE,
      movesWith: followed.has(id) ? id : null,
    });
  }
  return balances;
}

/** Dollars in the quote. */
function inQuote<Unit extends Price | Usd>(dollars: Unit, quoteIndex: Price): Unit {
  return dollars.div(quoteIndex) as Unit;
}
