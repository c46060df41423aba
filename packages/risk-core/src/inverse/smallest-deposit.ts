import { type AssetId, assetId } from "@ballast/model";
import { type Amount, Decimal, type Price, ratio } from "@ballast/money";
import type { LevelMargin } from "../margin/assess-portfolio.js";
import type { MarginModel } from "../margin/model.js";
import type { CollateralBalance, Portfolio } from "../portfolio/portfolio.js";
import { inquire, levelOf, requireStep, UnanswerableQuestion, withinAmounts } from "./inquiry.js";
import { innermost } from "./whole-search.js";

/** A deposit whose size is asked for, in whole units. `price` is needed for an asset that the portfolio does not have. */
export interface DepositQuestion {
  readonly asset: string;
  readonly unit: Amount;
  readonly price: Price | null;
}

/** `already`: the level is met. `none`: 2^46 units do not cure, as where a haircut or the asset's own risk eats it all. */
export type SmallestDeposit =
  | {
      readonly kind: "amount";
      readonly units: number;
      readonly amount: Amount;
      /** The level with the deposit, and with one unit less. */
      readonly cured: LevelMargin;
      readonly oneUnitLess: LevelMargin;
    }
  | { readonly kind: "already"; readonly level: LevelMargin }
  | { readonly kind: "none"; readonly level: LevelMargin };

/**
 * The smallest deposit of an asset that cures a level, haircuts and the asset's own moves considered: one unit less does
 * not. Where several amounts are such an edge it is the innermost one that doubling sees.
 *
 * @throws UnanswerableQuestion; what `assessPortfolio` throws.
 * @method INVERSE-3
 */
export function smallestDeposit(
  portfolio: Portfolio,
  model: MarginModel,
  level: string,
  { asset, unit, price }: DepositQuestion,
): SmallestDeposit {
  requireStep("unit", unit);
  const id = assetId(asset);
  const balance = balanceOf(portfolio, id, price);
  const withAmount = (deposit: Decimal): Portfolio => ({
    ...portfolio,
    balances: new Map([...portfolio.balances, [id, { ...balance, amount: balance.amount.add(deposit) as Amount }]]),
  });
  // With the asset among the balances, so that it has its column.
  const inquiry = inquire(withAmount(new Decimal(0)), model, level);
  const after = (units: number) => levelOf(inquiry, withAmount(unit.mul(units)));
  const units = innermost((tried) => withinAmounts(() => after(tried).slack.gte(0)));
  if (units === null) return { kind: "none", level: inquiry.now };
  if (units === 0) return { kind: "already", level: inquiry.now };
  return {
    kind: "amount",
    units,
    amount: unit.mul(units) as Amount,
    cured: after(units),
    oneUnitLess: after(units - 1),
  };
}

/** The balance of an asset, empty where there is none: a coin moves with itself, the quote is at its own price. */
function balanceOf({ balances, quote, underlyings }: Portfolio, id: AssetId, price: Price | null): CollateralBalance {
  const held = balances.get(id);
  if (held !== undefined) return price === null ? held : { ...held, price };
  const known = price ?? (id === quote ? new Decimal(1) : underlyings.get(id)?.spot);
  if (known === undefined) throw new UnanswerableQuestion("PRICE_MISSING", id, "a price, since the portfolio has none");
  return {
    amount: new Decimal(0) as Amount,
    price: known as Price,
    confidence: ratio("1"),
    movesWith: underlyings.has(id) ? id : null,
  };
}
