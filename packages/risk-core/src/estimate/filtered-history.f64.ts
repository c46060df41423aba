import { checkColumns, checkParameter, checkSeries } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";

/*
 * Filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper 1999; Hull and White 1998): every past move is
 * divided by the volatility forecast of its own day and multiplied by today's. The shape of the tail comes from
 * history, its size from today. The forecast must be one that was known *before* the move, or the tail is tamed by
 * itself.
 */

/**
 * Standardised moves: move ÷ the volatility known before it; shape [moves].
 *
 * @throws NoEstimate for unequal or empty series, values that are not finite, a volatility not above zero.
 * @method ESTIMATE-14
 */
export function standardisedMoves(moves: ArrayLike<number>, volatilities: ArrayLike<number>): Float64Array {
  checkColumns([moves, volatilities], 1);
  return Float64Array.from(moves, (move, at) => {
    const volatility = volatilities[at] as number;
    if (!(volatility > 0))
      throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "volatility", index: at, found: volatility });
    return move / volatility;
  });
}

/**
 * The moves that tomorrow could bring: each standardised move times tomorrow's volatility forecast.
 *
 * @throws NoEstimate for no moves, values that are not finite, a forecast not above zero.
 * @method ESTIMATE-14
 */
export function filteredScenarios(standardised: ArrayLike<number>, volatilityNext: number): Float64Array {
  checkSeries(standardised, 1, "standardised");
  checkParameter("volatilityNext", volatilityNext, Number.MIN_VALUE, Number.MAX_VALUE);
  return Float64Array.from(standardised, (move) => move * volatilityNext);
}
