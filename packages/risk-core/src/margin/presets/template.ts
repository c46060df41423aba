import type { Scenario, VolatilityMove, VolatilityShockRule } from "../../scenario/scenario.js";
import type { ComponentRule, FigureRule } from "../model.js";
import type { Expression } from "../expression.js";

/*
 * The few words in which presets are written. A preset is a function from a venue's parameters to a model document, so
 * that another parameter set of the same venue is the same code with other numbers.
 */

export const constant = (value: string): Expression => ({ value });
export const times = (left: Expression, right: Expression): Expression => ({ times: [left, right] });
export const sum = (...terms: readonly Expression[]): Expression => ({ sum: terms });
export const largest = (...terms: readonly Expression[]): Expression => ({ max: terms });

type Rule = FigureRule["rule"];
/** A figure of every unit by itself. */
export const unit = (name: string, rule: Rule): FigureRule => ({ name, scope: "unit", rule });
/** A figure of the account. */
export const account = (name: string, rule: Rule): FigureRule => ({ name, scope: "account", rule });
export const expression = (of: Expression): Rule => ({ kind: "expression", of });
export const scanOf = (...families: readonly string[]): ComponentRule => ({ kind: "scan-loss", families, gains: null });

/** How levels are cut where a venue does not round: far below any published digit, above the noise of a scan. */
export const UNROUNDED = { scale: 12, side: "nearest" } as const;

/** No shock at all: for models that scan no volatility. */
export const NO_SHOCK: VolatilityShockRule = {
  kind: "relative",
  up: 0,
  down: 0,
  shortTermPower: 0,
  longTermPower: 0,
  referenceDays: 30,
  daysFloor: 1,
  upVolatilityFloor: 0,
  perMove: null,
};

/** A scan rule without discounts. */
export const PLAIN_SCAN = {
  volatilityShock: NO_SHOCK,
  skew: null,
  staticDiscount: { long: null, short: null },
  discountOptions: false,
  forwardShocks: null,
} as const;

/**
 * A price × volatility grid, price by price, and within a price the volatilities in their order.
 *
 * @param moves relative price moves, −0.16 is 16 % down
 */
export function grid(
  family: string,
  moves: readonly number[],
  volatilities: readonly VolatilityMove[],
): readonly Scenario[] {
  return moves.flatMap((move) =>
    volatilities.map(
      (volatility): Scenario => ({
        id: `${family} ${signed(move)} ${typeof volatility === "string" ? volatility : JSON.stringify(volatility)}`,
        family,
        price: { factor: 1 + move },
        volatility,
        damping: 1,
        deadband: 0,
      }),
    ),
  );
}

/** −range … +range in so many steps a side, zero included. */
export function evenMoves(range: number, stepsASide: number): readonly number[] {
  return Array.from({ length: 2 * stepsASide + 1 }, (_, at) => (range * (at - stepsASide)) / stepsASide);
}

function signed(move: number): string {
  const percent = Math.round(move * 1e6) / 1e4;
  return `${percent > 0 ? "+" : ""}${percent}%`;
}
