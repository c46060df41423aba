import {
  type Account,
  type AssetId,
  type InstrumentId,
  type MarketSnapshot,
  type PortfolioMarginParameters,
  type PositionMargin,
  type RiskParameters,
} from "@ballast/model";
import {
  type Amount,
  Decimal,
  lossFromFloat64,
  type Price,
  type Quantity,
  roundAsset,
  roundRequirement,
  type Usd,
  ZERO_AMOUNT,
  ZERO_USD,
} from "@ballast/money";
import type { Collateral } from "../collateral/equity.js";
import type { BookView } from "../hybrid/index.js";
import { viewsOf } from "../inverse/broken-correlation.js";
import { assessPortfolio, levelNamed, type PortfolioMargin } from "../margin/assess-portfolio.js";
import type { MarginRequirement } from "../margin/standard.js";
import { indexPriceOf } from "../mark/prices.js";
import type { CollateralBalance, Holding, Portfolio } from "../portfolio/portfolio.js";
import type { MarkedPosition } from "../position/marked-position.js";
import { type PortfolioMarket, portfolioMarket } from "./portfolio-market.js";

/*
 * The margin of a portfolio account: all that it holds in one scan, by our own model (hybrid.md).
 *
 *   account   ──►  portfolio: contracts in units of the underlying (inverse: in dollars), and what it has in each asset,
 *                  unrealised profit with the balance, because a profit that is paid in coin moves with the coin
 *   portfolio ──►  requirement in the quote (assess-portfolio.ts)
 *   × index   ──►  dollars
 *
 * Here haircuts are part of the requirement and not of equity, because a coin that is held is a risk of the same book: it may
 * hedge a short, and then it needs none. So equity is what everything is worth, and every rule that compares equity with a
 * requirement holds as it stands.
 */

/** What one level of a portfolio account's requirement comes from; dollars, rounded against the account. */
export interface PortfolioLevel {
  /** The view that decides, and the most demanding of the others (HYBRID-17). */
  readonly bindingView: BookView;
  readonly runnerUpView: BookView;
  /** What the legs would need one by one, and what the binding view forgives of it; below zero it asks for more. */
  readonly noOffset: Usd;
  readonly credit: Usd;
  /** What each asset held adds, haircut and moves together; in order of id. */
  readonly collateral: readonly { readonly asset: AssetId; readonly requirement: Usd }[];
}

/** How a portfolio account's requirement came about. */
export interface PortfolioBreakdown {
  /** The day that the estimates cover. */
  readonly estimatesDay: string;
  readonly initial: PortfolioLevel;
  readonly maintenance: PortfolioLevel;
}

/**
 * The parameters by which an account is margined as a portfolio; null for a standard account, and for every account while the
 * parameters have no estimates.
 *
 * @method MARGIN-9
 */
export function portfolioParametersOf(
  { marginMode }: Account,
  { portfolioMargin }: RiskParameters,
): PortfolioMarginParameters | null {
  return marginMode === "PORTFOLIO" ? (portfolioMargin ?? null) : null;
}

/**
 * What collateral of a portfolio account counts for in equity: the whole of it, because haircuts are in the requirement; nothing
 * where the estimates know no haircut. A debt counts in full.
 *
 * @method MARGIN-10
 */
export function inPortfolio({
  quote,
  estimates: { haircuts },
}: PortfolioMarginParameters): (asset: AssetId, value: Usd) => Usd {
  const counts = (asset: AssetId) => asset === quote || haircuts.initial[asset] !== undefined;
  return (asset, value) => (value.lte(0) || counts(asset) ? value : ZERO_USD);
}

/**
 * Requirements of a portfolio account in dollars, not rounded further than the engine does.
 *
 * Who has neither a position nor a debt needs nothing: what is its own is its own at any price.
 *
 * Cost: a dot product of all columns with all scenarios, some 2,000 of them, and five views twice: a millisecond or two.
 *
 * @throws MissingPrice when the snapshot lacks the index of the quote or of an underlying that is held.
 * @method MARGIN-9 MARGIN-10
 */
export function portfolioRequirement(
  positions: readonly MarkedPosition[],
  collateral: Collateral,
  market: MarketSnapshot,
  parameters: RiskParameters,
  rules: PortfolioMarginParameters,
): { readonly initial: Usd; readonly maintenance: Usd } {
  if (isFreeOfRisk(positions, collateral)) return { initial: ZERO_USD, maintenance: ZERO_USD };
  const prepared = portfolioMarket(market, parameters, rules);
  const margin = assess(positions, collateral, market, prepared, false);
  return {
    initial: requirementOf(margin, "initial", prepared),
    maintenance: requirementOf(margin, "maintenance", prepared),
  };
}

/** The same requirements, with what each position adds and which view decides. @method MARGIN-9 MARGIN-10 RECEIPT-2 */
export function portfolioMargin(
  positions: readonly MarkedPosition[],
  collateral: Collateral,
  market: MarketSnapshot,
  parameters: RiskParameters,
  rules: PortfolioMarginParameters,
): MarginRequirement & { readonly breakdown: PortfolioBreakdown | null } {
  if (isFreeOfRisk(positions, collateral)) {
    return { positions: [], initial: ZERO_USD, maintenance: ZERO_USD, breakdown: null };
  }
  const prepared = portfolioMarket(market, parameters, rules);
  const margin = assess(positions, collateral, market, prepared, true);
  const part = (level: string, key: string): Usd =>
    roundRequirement((levelNamed(margin, level).parts.get(key) ?? NOTHING).mul(prepared.quoteIndex) as Usd);
  const lines = positions.map(
    ({ instrument, notional, unrealisedProfitUsd }): PositionMargin => ({
      instrument: instrument.id,
      notional: roundRequirement(notional),
      unrealisedProfit: roundAsset(unrealisedProfitUsd),
      initialMargin: part("initial", instrument.id),
      maintenanceMargin: part("maintenance", instrument.id),
    }),
  );
  const levelOf = (level: "initial" | "maintenance"): PortfolioLevel => {
    const views = viewsOf(margin, prepared.model, level);
    if (views === undefined) throw new RangeError(`MARGIN-9 ${prepared.model.id} has no views of ${level}`);
    const dollars = (figure: number): Usd => lossFromFloat64(figure).mul(prepared.quoteIndex) as Usd;
    return {
      bindingView: views.binding,
      runnerUpView: views.runnerUp,
      noOffset: roundRequirement(dollars(views.noOffset)),
      credit: roundAsset(dollars(views.credit)),
      collateral: collateral.lines.map(({ asset }) => ({ asset, requirement: part(level, `collateral:${asset}`) })),
    };
  };
  return {
    positions: lines,
    initial: requirementOf(margin, "initial", prepared),
    maintenance: requirementOf(margin, "maintenance", prepared),
    breakdown: {
      estimatesDay: rules.estimates.day,
      initial: levelOf("initial"),
      maintenance: levelOf("maintenance"),
    },
  };
}

const NOTHING = new Decimal(0);

function isFreeOfRisk(positions: readonly MarkedPosition[], { lines }: Collateral): boolean {
  return positions.length === 0 && lines.every(({ net }) => net.gte(0));
}

function assess(
  positions: readonly MarkedPosition[],
  collateral: Collateral,
  market: MarketSnapshot,
  { model, columns, empty }: PortfolioMarket,
  explain: boolean,
): PortfolioMargin {
  const portfolio: Portfolio = {
    ...empty,
    balances: balancesOf(collateral, empty),
    holdings: holdingsOf(positions, market, empty),
  };
  return assessPortfolio(portfolio, model, { columns, explain });
}

/** Requirement of a level in dollars, as the engine has rounded it in the quote. */
function requirementOf(margin: PortfolioMargin, level: string, { quoteIndex }: { readonly quoteIndex: Price }): Usd {
  return levelNamed(margin, level).requirement.mul(quoteIndex) as Usd;
}

function holdingsOf(
  positions: readonly MarkedPosition[],
  market: MarketSnapshot,
  { contracts }: Portfolio,
): ReadonlyMap<InstrumentId, Holding> {
  const holdings = new Map<InstrumentId, Holding>();
  for (const { instrument, position } of positions) {
    // Without its underlying's index a contract has no column; this names the price that is missing.
    if (!contracts.has(instrument.id)) indexPriceOf(market, instrument.underlying);
    holdings.set(instrument.id, {
      instrument: instrument.id,
      quantity: position.quantity.mul(instrument.contractSize) as unknown as Quantity,
      unrealisedProfit: ZERO_AMOUNT,
    });
  }
  return holdings;
}

/** What the account has in each asset, unrealised profit of the contracts that are paid in it included. */
function balancesOf({ lines }: Collateral, { balances }: Portfolio): ReadonlyMap<AssetId, CollateralBalance> {
  const held = new Map<AssetId, CollateralBalance>();
  for (const { asset, net } of lines) {
    const priced = balances.get(asset);
    if (priced !== undefined && !net.isZero()) held.set(asset, { ...priced, amount: net as Amount });
  }
  return held;
}
