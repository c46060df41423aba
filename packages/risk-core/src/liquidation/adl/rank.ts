import { compareIds } from "@ballast/model";
import { Decimal, type Quantity, type Ratio, type Usd } from "@ballast/money";

/*
 * Who stands where in the line, from one frozen snapshot. The same list is shown to users as five lights with the reason, and
 * is what an allocation works through; two workers that rank at different moments would otherwise rank differently.
 */

/** An account on the side that may have to give up units, with its figures in the frozen snapshot. */
export interface AdlCandidate {
  readonly account: string;
  /** Signed units that it holds on the side that is asked, grouped over all instruments of the underlying on that side. */
  readonly quantity: Quantity;
  /** Signed delta over everything it holds in the underlying, options included. */
  readonly netDelta: Quantity;
  /** Profit of that side at the mark, and its notional. */
  readonly unrealisedProfit: Usd;
  readonly notional: Usd;
  /** Notional of all that the account holds, its equity and its maintenance margin. */
  readonly grossNotional: Usd;
  readonly equity: Usd;
  readonly maintenanceMargin: Usd;
  readonly isInLiquidation: boolean;
}

/** A candidate's place, and why it has it. */
export interface AdlRank {
  readonly candidate: AdlCandidate;
  /** 1 is asked first. */
  readonly rank: number;
  /** 1 is the fifth of the list that is asked first. */
  readonly band: number;
  /** What the account sees: five lights are the first band, one the last. */
  readonly lights: number;
  /** Score = profit share × leverage, to 18 digits. */
  readonly score: Ratio;
  /** Profit of the side over its notional, and gross notional over equity. */
  readonly profitShare: Ratio;
  readonly leverage: Ratio;
  /** Units that no other holding offsets: these are asked first. Unsigned. */
  readonly unhedged: Quantity;
}

export const ADL_BANDS = 5;

/**
 * The line: candidates in profit on the side that is asked, not in liquidation and with equity above zero, by falling score, ties
 * to the lower id, in five bands of equal length. Whatever the order of the rows.
 *
 * @method LIQUIDATION-26
 */
export function rankAdl(candidates: readonly AdlCandidate[]): readonly AdlRank[] {
  const eligible = candidates
    .filter(
      ({ quantity, unrealisedProfit, notional, equity, isInLiquidation }) =>
        !isInLiquidation && !quantity.isZero() && unrealisedProfit.gt(0) && notional.gt(0) && equity.gt(0),
    )
    .map((candidate) => {
      const { unrealisedProfit, notional, grossNotional, equity } = candidate;
      return {
        candidate,
        score: places(unrealisedProfit.mul(grossNotional).div(notional.mul(equity))),
        profitShare: places(unrealisedProfit.div(notional)),
        leverage: places(grossNotional.div(equity)),
        unhedged: unhedgedPart(candidate),
      };
    })
    .sort((left, right) => right.score.cmp(left.score) || compareIds(left.candidate.account, right.candidate.account));
  return eligible.map((found, at) => {
    const band = Math.floor((at * ADL_BANDS) / eligible.length) + 1;
    return { ...found, rank: at + 1, band, lights: ADL_BANDS + 1 - band };
  });
}

/** As much of the side as the net delta of the account is on it: the rest offsets something else. */
function unhedgedPart({ quantity, netDelta }: AdlCandidate): Quantity {
  const onSide = quantity.gt(0) ? netDelta : netDelta.neg();
  return Decimal.max(0, Decimal.min(quantity.abs(), onSide)) as unknown as Quantity;
}

const places = (value: Decimal): Ratio => value.toDecimalPlaces(18) as Ratio;
