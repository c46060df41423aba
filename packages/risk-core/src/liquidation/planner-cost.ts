import { Decimal, type Usd } from "@ballast/money";
import { depthOf } from "../mark/prices.js";
import type { MarkedPosition } from "../position/marked-position.js";
import type { PreparedMarket } from "../scan/prepared-market.js";

/** Half of the impact that a depth stands for: an order pays the average of the way it moves the price. */
const HALF_PER_CENT = new Decimal("0.005");

/**
 * What the planner is told that trading contracts of a position costs: x contracts cost `halfSpread`·x + `impact`·x² dollars, the
 * liquidation fee with the spread, as LIQUIDATION-2 has it.
 *
 * @throws MissingPrice when the snapshot has no depth of the instrument.
 * @method LIQUIDATION-2 LIQUIDATION-15
 */
export function tradingCostOf(
  { instrument, position, notional }: MarkedPosition,
  { market, parameters: { liquidation } }: Pick<PreparedMarket, "market" | "parameters">,
): { readonly halfSpread: Usd; readonly impact: Usd } {
  const perContract = notional.div(position.quantity.abs());
  return {
    halfSpread: perContract.mul(liquidation.halfSpread.add(liquidation.feeRate)) as unknown as Usd,
    impact: perContract.mul(perContract).mul(HALF_PER_CENT).div(depthOf(market, instrument)) as unknown as Usd,
  };
}
