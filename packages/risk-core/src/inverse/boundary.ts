import { type AssetId, assetId } from "@ballast/model";
import { Decimal, type Price, toFloat64 } from "@ballast/money";
import { assessPortfolio, type LevelMargin, levelNamed } from "../margin/assess-portfolio.js";
import type { Portfolio } from "../portfolio/portfolio.js";
import { type Inquiry, requireStep, UnanswerableQuestion, withinAmounts } from "./inquiry.js";
import { afterMove, type Factors } from "./price-move.js";
import { joinedFactor, probeMoves } from "./probe-moves.f64.js";
import { viewsRuleOf } from "./broken-correlation.js";
import { firstBetween } from "./whole-search.js";

/*
 * Where a level stops being met as prices move: the distance to liquidation, from the same function that liquidates. Each
 * side is walked outwards in growing steps until the level is missed, then bisected to one tick. An island of missed
 * prices that lies between two steps (half a per cent at first, a few per cent far out) is not seen.
 */

/** `price`: at `price` the level is missed and one tick nearer it is met. `none`: not before a hundredfold move. */
export type Boundary =
  | {
      readonly kind: "price";
      readonly side: "fall" | "rise";
      /** Ticks moved. */
      readonly ticks: number;
      /** Prices at the boundary, by underlying that moved. */
      readonly prices: ReadonlyMap<AssetId, Price>;
      readonly missed: LevelMargin;
      readonly lastMet: LevelMargin;
    }
  | { readonly kind: "none"; readonly side: "fall" | "rise" }
  | { readonly kind: "already"; readonly side: "fall" | "rise"; readonly level: LevelMargin };

const SIDES = ["fall", "rise"] as const;

/**
 * The boundaries of a level below and above as one underlying moves and the others stand still.
 *
 * Cost: some seventy assessments a side, each with the columns of its own prices.
 *
 * @param tick of the spot price; the answer is exact to it
 * @throws UnanswerableQuestion
 * @method INVERSE-4
 */
export function boundaryOf(inquiry: Inquiry, underlying: string, tick: Price): readonly Boundary[] {
  requireStep("tick", tick);
  const id = assetId(underlying);
  const spot = inquiry.portfolio.underlyings.get(id)?.spot;
  if (spot === undefined) throw new UnanswerableQuestion("UNDERLYING_UNKNOWN", underlying, "one of the underlyings");
  const relativeTick = toFloat64(tick) / toFloat64(spot);
  return SIDES.map((side) => {
    const priceAt = (ticks: number): Decimal => spot.add(tick.mul(side === "fall" ? -ticks : ticks));
    const factorsAt = (ticks: number): Factors => new Map([[id, priceAt(ticks).div(spot)]]);
    const probes = probeMoves(side, relativeTick).filter((ticks) => priceAt(ticks).gt(0));
    return search(inquiry, side, probes, factorsAt);
  });
}

/** A tick of the joint move: a millionth of every underlying's own rate. */
const JOINT_TICK = 1e-6;

/**
 * The boundaries of a level as all underlyings move together, each by the same share of its own rate for a day; in a model
 * without rates, all by the same log move.
 *
 * @method INVERSE-5
 */
export function jointBoundary(inquiry: Inquiry): readonly Boundary[] {
  const { portfolio, model } = inquiry;
  const rates = viewsRuleOf(model, model.levels[0]?.name ?? "")?.logRates;
  const moving = [...portfolio.underlyings.keys()].map(
    (id) => [id, rates === undefined ? 1 : (rates[id] ?? 0)] as const,
  );
  const largest = Math.max(0, ...moving.map(([, rate]) => rate));
  if (largest === 0) return SIDES.map((side) => ({ kind: "none", side }));
  return SIDES.map((side) => {
    const factorsAt = (ticks: number): Factors =>
      new Map(moving.map(([id, rate]) => [id, new Decimal(joinedFactor(side, ticks * JOINT_TICK * rate))]));
    const probes = probeMoves("log", JOINT_TICK * largest);
    return search(inquiry, side, probes, factorsAt);
  });
}

function search(
  { portfolio, model, level, now }: Inquiry,
  side: "fall" | "rise",
  probes: readonly number[],
  factorsAt: (ticks: number) => Factors,
): Boundary {
  if (now.slack.lt(0)) return { kind: "already", side, level: now };
  const held = ofWhatIsHeld(portfolio);
  const after = (ticks: number): LevelMargin =>
    levelNamed(assessPortfolio(afterMove(held, factorsAt(ticks)), model), level);
  const isMissed = (ticks: number) => !withinAmounts(() => after(ticks).slack.gte(0));
  const missed = probes.findIndex(isMissed);
  if (missed < 0) return { kind: "none", side };
  const ticks = firstBetween(probes[missed - 1] ?? 0, probes[missed] as number, isMissed);
  return {
    kind: "price",
    side,
    ticks,
    prices: pricesOf(afterMove(held, factorsAt(ticks)), factorsAt(ticks)),
    missed: after(ticks),
    lastMet: after(ticks - 1),
  };
}

/** Without the contracts that nobody holds or has ordered: they add nothing and would be priced at every look. */
function ofWhatIsHeld(portfolio: Portfolio): Portfolio {
  const held = new Set([...portfolio.holdings.keys(), ...portfolio.orders.map(({ instrument }) => instrument)]);
  return { ...portfolio, contracts: new Map([...portfolio.contracts].filter(([id]) => held.has(id))) };
}

function pricesOf({ underlyings }: Portfolio, factors: Factors): ReadonlyMap<AssetId, Price> {
  return new Map([...underlyings].filter(([id]) => factors.has(id)).map(([id, { spot }]) => [id, spot]));
}
