import { compareIds } from "@ballast/model";
import { Decimal, type Quantity } from "@ballast/money";
import type { HedgeOffer, PlannerAccount } from "./account.js";
import { plannerRequirement } from "./requirement.js";

/** A perpetual in which an account may be hedged; its size and side follow from the account. */
export type HedgeInstrument = Omit<HedgeOffer, "direction" | "unitsMax">;

/**
 * The hedges that a plan for the account may open: for each underlying the side that gains in its worst cell, and at most as
 * many units as gain the whole worst loss there.
 *
 * None where the worst cell is one in which the perpetual does not move, and none against a perpetual that the account
 * holds on the other side: that one is reduced first, by its own leg, so that no hedge turns a position round.
 *
 * @throws UnplannableAccount when the account contradicts itself.
 * @method LIQUIDATION-19
 */
export function hedgesFor(account: PlannerAccount, instruments: readonly HedgeInstrument[]): readonly HedgeOffer[] {
  const { worsts } = plannerRequirement({ ...account, hedges: [] });
  return [...instruments]
    .sort((left, right) => compareIds(left.id, right.id))
    .flatMap((instrument) => {
      const worst = worsts.find(({ underlying }) => underlying === instrument.underlying);
      if (worst === undefined || worst.cell === null) return [];
      const profit = instrument.profits[worst.cell] ?? 0;
      if (profit === 0) return [];
      const opposes = account.positions.some(
        ({ underlying, kind, years, quantity }) =>
          underlying === instrument.underlying && kind === "LINEAR" && years.isZero() && quantity.gt(0) !== profit > 0,
      );
      if (opposes) return [];
      const unitsMax = worst.loss.div(new Decimal(Math.abs(profit))).toDecimalPlaces(18, Decimal.ROUND_UP);
      return [{ ...instrument, direction: profit > 0 ? 1 : -1, unitsMax: unitsMax as unknown as Quantity }];
    });
}
