import type { Account, InstrumentId, MarketSnapshot, RiskParameters } from "@ballast/model";
import { Decimal, LEDGER_SCALE, type Price } from "@ballast/money";
import { afterHaircuts, valueCollateral } from "../collateral/equity.js";
import { type MarkedPosition, markPositions } from "../position/marked-position.js";

/*
 * At which prices is nothing left?
 *
 * One relative move t against the account, the same for all its positions: longs at mark × (1 − t), shorts at
 * mark × (1 + t). Index prices stay where they are, because the question is asked of a close-out now. With
 *
 *   A  dollars of linear notional, longs and shorts      loss  A·t
 *   B  dollars of inverse longs at the index             loss  B·t ÷ (1 − t)
 *   C  dollars of inverse shorts at the index            loss  C·t ÷ (1 + t)
 *
 * the loss rises strictly in t while every price stays above zero, so that loss(t) = net value has at most one
 * solution. Without inverse contracts it is net value ÷ A. With them it is found by bisection, always keeping the
 * side on which net value is not below zero. An account that is bankrupt already has t below zero: its bankruptcy
 * prices are *better* for it than the mark, and closing at them is what deleveraging does.
 */

/** Halvings of the bracket: the widest one is then narrower than 1e-47, far finer than any price is kept. */
const HALVINGS = 200;
const ONE = new Decimal(1);
/** How near to one a move may come: a price is then still above zero. */
const NEARLY_ONE = ONE.sub("1e-30");
/** No price is asked to move more than a trillionfold. */
const MOVE_MAX = new Decimal("1e12");

/**
 * The price of each position at which, all of them closed there and collateral exchanged at the index, nothing is left
 * of the account. Rounded to 18 digits so that not less than nothing is left.
 *
 * Null when no such prices above zero exist: no positions, or collateral that no move of them can consume, or a debt
 * that no move can repay.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method LIQUIDATION-6
 */
export function bankruptcyPrices(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): ReadonlyMap<InstrumentId, Price> | null {
  const positions = markPositions(account, market, parameters);
  if (positions.length === 0) return null;
  const { netValue } = valueCollateral(account, positions, market, afterHaircuts(parameters));
  const move = bankruptcyMove(positions, netValue);
  if (move === null) return null;
  return new Map(positions.map((marked) => [marked.instrument.id, priceAt(marked, move)]));
}

/** A relative move against the account, as a fraction, so that a price which has few digits comes out with few. */
interface Move {
  readonly numerator: Decimal;
  readonly denominator: Decimal;
}

/** The price after a relative move against the position, rounded in the position's favour. */
function priceAt({ position, markPrice }: MarkedPosition, { numerator, denominator }: Move): Price {
  const isLong = position.quantity.gt(0);
  const kept = isLong ? denominator.sub(numerator) : denominator.add(numerator);
  const rounding = isLong ? Decimal.ROUND_CEIL : Decimal.ROUND_FLOOR;
  return markPrice.mul(kept).div(denominator).toDecimalPlaces(LEDGER_SCALE, rounding) as Price;
}

/** The largest move at which the loss does not exceed `netValue`; null when there is none that leaves prices above zero. */
function bankruptcyMove(positions: readonly MarkedPosition[], netValue: Decimal): Move | null {
  const { linear, inverseLongs, inverseShorts } = exposures(positions);
  const hasLongs = positions.some(({ position }) => position.quantity.gt(0));
  const hasShorts = positions.some(({ position }) => position.quantity.lt(0));
  if (inverseLongs.isZero() && inverseShorts.isZero()) {
    const inRange = (!hasLongs || netValue.lt(linear)) && (!hasShorts || netValue.gt(linear.neg()));
    return inRange ? { numerator: netValue, denominator: linear } : null;
  }
  const isCovered = (move: Decimal) => {
    const loss = linear
      .mul(move)
      .add(hasLongs ? inverseLongs.mul(move).div(ONE.sub(move)) : 0)
      .add(hasShorts ? inverseShorts.mul(move).div(ONE.add(move)) : 0);
    return loss.lte(netValue);
  };
  let covered = hasShorts ? NEARLY_ONE.neg() : MOVE_MAX.neg();
  let lost = hasLongs ? NEARLY_ONE : MOVE_MAX;
  if (!isCovered(covered) || isCovered(lost)) return null;
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = covered.add(lost).div(2);
    if (isCovered(middle)) covered = middle;
    else lost = middle;
  }
  return { numerator: covered, denominator: ONE };
}

/** Dollars that a full relative move is worth, by how the loss grows. */
function exposures(positions: readonly MarkedPosition[]) {
  let [linear, inverseLongs, inverseShorts] = [new Decimal(0), new Decimal(0), new Decimal(0)];
  for (const { instrument, position, markPrice, settlementIndex, notional } of positions) {
    if (instrument.payoff === "linear") linear = linear.add(notional);
    else {
      const coins = notional.div(markPrice).mul(settlementIndex);
      if (position.quantity.gt(0)) inverseLongs = inverseLongs.add(coins);
      else inverseShorts = inverseShorts.add(coins);
    }
  }
  return { linear, inverseLongs, inverseShorts };
}
