import { black76Call, black76Put } from "../pricing/black76.f64.js";

/*
 * A book on a path: full revaluation, since a short gamma is not seen by its delta.
 */

/** A position against factor `factor`; profit in the quote. */
export type SimulatedPosition =
  | { readonly kind: "linear"; readonly factor: number; readonly price: number; readonly quantity: number }
  /** `dollars` signed; paid in coin, turned into the quote at the coin's price on the path. */
  | { readonly kind: "inverse"; readonly factor: number; readonly price: number; readonly dollars: number }
  | {
      readonly kind: "option";
      readonly factor: number;
      readonly right: 1 | -1;
      readonly price: number;
      readonly strike: number;
      readonly yearsToExpiry: number;
      readonly volatility: number;
      readonly quantity: number;
    };

/** How implied volatility follows: σ·exp(beta × log move + spread × a standard normal), at least the floor. */
export interface VolatilityResponse {
  readonly beta: number;
  readonly spread: number;
  readonly floor: number;
}

/**
 * Returns the loss of a book on a path, positive is a loss, in the quote.
 *
 * @param elapsedYears time that passes on the path
 * @method SCORE-2
 */
export function lossOnPath(
  positions: readonly SimulatedPosition[],
  response: VolatilityResponse,
  elapsedYears: number,
): (moves: Float64Array, normal: number) => number {
  const valued = positions.map((position) => ({
    position,
    now: position.kind === "option" ? optionPrice(position) : 0,
  }));
  return (moves, normal) => {
    let profit = 0;
    for (const { position, now } of valued) {
      const move = moves[position.factor] as number;
      const price = position.price * Math.exp(move);
      if (position.kind === "linear") profit += position.quantity * (price - position.price);
      else if (position.kind === "inverse") profit += position.dollars * (1 / position.price - 1 / price) * price;
      else {
        const factor = Math.exp(response.beta * move + response.spread * normal);
        const then = optionPrice({
          ...position,
          price,
          volatility: Math.max(response.floor, position.volatility * factor),
          yearsToExpiry: Math.max(0, position.yearsToExpiry - elapsedYears),
        });
        profit += position.quantity * (then - now);
      }
    }
    return -profit;
  };
}

type SimulatedOption = Extract<SimulatedPosition, { readonly kind: "option" }>;

function optionPrice({ right, price, strike, volatility, yearsToExpiry }: SimulatedOption): number {
  const valued = right > 0 ? black76Call : black76Put;
  return valued(price, strike, volatility * Math.sqrt(yearsToExpiry));
}
