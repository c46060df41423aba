import type { AssetId } from "@ballast/model";
import { DEFAULT_ESTIMATES, type HybridEstimates, type Portfolio, score, squareMatrix } from "@ballast/risk-core";
import { BadUse } from "./command.js";
import { estimatesFrom, portfolioFrom, refusingAs } from "./margin-input.js";

/** One pool of the command line. */
export interface NamedPool {
  readonly name: string;
  readonly pool: score.SimulatedPool;
}

/** What is simulated, but for the dice. */
export interface ValuedPools {
  readonly pools: readonly NamedPool[];
  /** The money of every figure. */
  readonly quote: string;
  readonly underlyings: readonly string[];
  readonly estimates: HybridEstimates;
}

/** Time that passes: the day that the estimates are for. */
export const DAY_IN_YEARS = 1 / 365;

/** @throws BadUse when a file is refused, the pools are not in one money, or nothing in them moves. */
export function poolsFrom(files: readonly string[], estimatesFile: string | undefined): ValuedPools {
  const estimates = estimatesFile === undefined ? DEFAULT_ESTIMATES : estimatesFrom(estimatesFile);
  const portfolios = files.map((file) => ({ file, portfolio: portfolioFrom(file) }));
  const quotes = new Set(portfolios.map(({ portfolio }) => portfolio.quote));
  if (quotes.size > 1) {
    throw new BadUse("USAGE", `expected pools in one money; found ${[...quotes].sort().join(", ")}`);
  }
  const underlyings = [...new Set(portfolios.flatMap(({ portfolio }) => movingUnderlyings(portfolio)))].sort();
  if (underlyings.length === 0) throw new BadUse("USAGE", "expected a position or collateral that moves; found none");
  const missing = underlyings.filter((underlying) => !Object.hasOwn(estimates.underlyings, underlying));
  if (missing.length > 0) {
    throw new BadUse("FILE_MALFORMED", `no estimate of ${missing.join(", ")} (ESTIMATE_MISSING)`);
  }
  return {
    pools: portfolios.map(({ file, portfolio }) => ({
      name: file,
      pool: refusingAs(file, () => score.simulatedPool(portfolio, underlyings)),
    })),
    quote: [...quotes][0] as string,
    underlyings,
    estimates,
  };
}

/** Underlyings that something held moves with. */
function movingUnderlyings({ balances, contracts, holdings }: Portfolio): readonly AssetId[] {
  return [
    ...[...holdings.keys()].flatMap((id) => contracts.get(id)?.underlying ?? []),
    ...[...balances.values()].flatMap(({ movesWith }) => movesWith ?? []),
  ];
}

/**
 * Normal or Student's moves at the widths of the estimates under their correlation.
 *
 * @throws BadUse when the estimates have no correlation of these underlyings.
 */
export function factorModelOf(
  { estimates, underlyings }: ValuedPools,
  degreesOfFreedom: number | null,
): score.FactorModel {
  const { correlation } = estimates;
  const places = underlyings.map((underlying) => correlation?.underlyings.indexOf(underlying) ?? -1);
  if (correlation === null || places.includes(-1)) {
    throw new BadUse(
      "FILE_MALFORMED",
      "the estimates have no correlation of these underlyings: their history is too short",
    );
  }
  return {
    volatilities: underlyings.map((underlying) => estimates.underlyings[underlying]?.width as number),
    correlation: squareMatrix(places.map((row) => places.map((column) => correlation.rows[row]?.[column] as number))),
    degreesOfFreedom,
  };
}

/** Log moves of the joint days at today's width, one column an underlying. */
export function historicalMoves({ estimates, underlyings }: ValuedPools): readonly Float64Array[] {
  return underlyings.map((underlying) => {
    const { moves, width } = estimates.underlyings[underlying] as HybridEstimates["underlyings"][string];
    return Float64Array.from(moves, (move) => move * width);
  });
}
