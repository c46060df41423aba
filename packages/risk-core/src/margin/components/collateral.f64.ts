import type { ScannedBalance, ScannedBook } from "../../scenario/scanned-book.js";
import { MissingEstimate } from "./missing-estimate.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** A share of the value of each asset held. */
export interface CollateralHaircutRule {
  readonly kind: "collateral-haircut";
  readonly haircuts: Readonly<Record<string, number>>;
  /** Of what moves with an underlying, and is therefore scanned like a holding of it; absent: as the others. */
  readonly scanned?: Readonly<Record<string, number>> | undefined;
  /** What becomes of an asset that is not named: it counts in full (also when absent), or only the quote does. */
  readonly unnamed?: "in-full" | "refused" | undefined;
}

/** A share of each asset held whose price is in doubt. */
export interface CollateralConfidenceRule {
  readonly kind: "collateral-confidence";
  readonly threshold: number;
  readonly scale: number;
  /** Does doubt about any underlying's spot count for all collateral too? */
  readonly withSpot: boolean;
}

/**
 * The haircuts on what is held, ≥ 0; a debt is never haircut.
 *
 * @throws MissingEstimate for an asset that is held, is not the quote and is not named, where the rule refuses such.
 * @method COLLATERAL-4 MODEL-8
 */
export function collateralHaircut(rule: CollateralHaircutRule, book: ScannedBook): ScannedFigure {
  return overBalances(book, ({ asset, column, value }) => {
    if (value <= 0) return 0;
    if (rule.unnamed === "refused" && asset === book.quote) return 0;
    const share = (column >= 0 ? rule.scanned : undefined)?.[asset] ?? rule.haircuts[asset];
    if (share === undefined && rule.unnamed === "refused") throw new MissingEstimate("haircut", asset);
    return value * (share ?? 0);
  });
}

/** (1 − confidence) × scale of the value of each asset whose confidence is below the threshold, ≥ 0. @method ADDON-4 */
export function collateralConfidence(rule: CollateralConfidenceRule, book: ScannedBook): ScannedFigure {
  const spot = rule.withSpot ? book.leastSpotConfidence : 1;
  return overBalances(book, ({ asset, value, confidence }) => {
    const least = Math.min(confidence, asset === book.quote ? 1 : spot);
    return least < rule.threshold ? Math.abs(value) * (1 - least) * rule.scale : 0;
  });
}

function overBalances(book: ScannedBook, charge: (balance: ScannedBalance) => number): ScannedFigure {
  let sum = 0;
  for (const balance of book.balances) sum += charge(balance);
  const parts = () =>
    new Map(book.balances.map((balance) => [`collateral:${balance.asset}`, charge(balance)] as const));
  return { value: sum, parts };
}
