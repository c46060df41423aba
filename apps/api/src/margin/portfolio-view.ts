import type { MarginBody } from "@ballast/api-contract";
import { printDecimal } from "@ballast/money";
import type { PortfolioBreakdown, PortfolioLevel } from "@ballast/risk-core";

type PortfolioBody = NonNullable<MarginBody["portfolio"]>;

/** How a portfolio's requirement came about, as it goes out. */
export function portfolioBody({ estimatesDay, initial, maintenance }: PortfolioBreakdown): PortfolioBody {
  return { estimatesDay, initial: levelBody(initial), maintenance: levelBody(maintenance) };
}

function levelBody({
  bindingView,
  runnerUpView,
  noOffset,
  credit,
  collateral,
}: PortfolioLevel): PortfolioBody["initial"] {
  return {
    bindingView,
    runnerUpView,
    noOffset: printDecimal(noOffset),
    credit: printDecimal(credit),
    collateral: collateral.map(({ asset, requirement }) => ({ asset, requirement: printDecimal(requirement) })),
  };
}
