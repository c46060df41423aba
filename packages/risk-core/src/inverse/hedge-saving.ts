import { Decimal, type Usd } from "@ballast/money";
import { assessPortfolio, levelNamed } from "../margin/assess-portfolio.js";
import type { Holding, Portfolio } from "../portfolio/portfolio.js";
import { type Inquiry, levelOf, requireFew } from "./inquiry.js";

/** What one position saves by lying in one pool with the others; amounts in the numeraire. */
export interface HedgeSaving {
  readonly instrument: string;
  /** The requirement of the position by itself, without collateral and orders. */
  readonly isolated: Usd;
  /** What it adds to the requirement of the pool (RECEIPT-2); negative for a hedge. */
  readonly adds: Usd;
  /** isolated − adds. */
  readonly saving: Usd;
  /** The requirement of the pool without it, less the requirement now: above zero it frees margin as it lies there. */
  readonly frees: Usd;
}

/** All positions; what belongs to none of them (collateral, orders, rounding) is in neither sum. */
export interface SavingOfPool {
  readonly requirement: Usd;
  readonly isolated: Usd;
  readonly saving: Usd;
  readonly hedges: readonly HedgeSaving[];
}

/**
 * What the pool saves against isolated margin, position by position in order of their ids. The savings add up to the
 * difference of the isolated requirements and what the positions add together.
 *
 * Cost: two assessments a position.
 *
 * @throws UnanswerableQuestion for too many positions.
 * @method INVERSE-7
 */
export function savingOfPool(inquiry: Inquiry): SavingOfPool {
  const { portfolio, model, columns, level, now } = inquiry;
  requireFew("holdings", portfolio.holdings.size);
  const explained = levelNamed(assessPortfolio(portfolio, model, { columns, explain: true }), level);
  const hedges = [...portfolio.holdings.values()]
    .filter(({ quantity }) => !quantity.isZero())
    .sort((left, right) => (left.instrument < right.instrument ? -1 : 1))
    .map((holding): HedgeSaving => {
      const isolated = levelOf(inquiry, alone(portfolio, holding)).requirement;
      const adds = (explained.parts.get(holding.instrument) ?? new Decimal(0)) as Usd;
      const frees = levelOf(inquiry, without(portfolio, holding)).requirement.sub(now.requirement) as Usd;
      return { instrument: holding.instrument, isolated, adds, saving: isolated.sub(adds) as Usd, frees };
    });
  const sum = (of: (hedge: HedgeSaving) => Decimal) =>
    hedges.reduce((total, hedge) => total.add(of(hedge)), new Decimal(0)) as Usd;
  return {
    requirement: now.requirement,
    isolated: sum(({ isolated }) => isolated),
    saving: sum(({ saving }) => saving),
    hedges,
  };
}

function alone(portfolio: Portfolio, holding: Holding): Portfolio {
  const nothing = [...portfolio.balances].map(
    ([id, balance]) => [id, { ...balance, amount: new Decimal(0) as typeof balance.amount }] as const,
  );
  return {
    ...portfolio,
    balances: new Map(nothing),
    orders: [],
    holdings: new Map([[holding.instrument, holding]]),
  };
}

function without(portfolio: Portfolio, { instrument }: Holding): Portfolio {
  return { ...portfolio, holdings: new Map([...portfolio.holdings].filter(([id]) => id !== instrument)) };
}
