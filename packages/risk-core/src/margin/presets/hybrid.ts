import type { HybridEstimates } from "@ballast/model";
import { horizonLogRate } from "../../hybrid/index.js";
import type { Scenario } from "../../scenario/scenario.js";
import type { FigureRule, MarginModel } from "../model.js";
import { account, constant, expression, largest, NO_SHOCK, PLAIN_SCAN, scanOf, sum, times, unit } from "./template.js";

/*
 * Our own model, the default of portfolio accounts. The market chapter estimates (rates, calm correlation, joint history);
 * this file turns the estimates into a model document, and the engine runs it like any other.
 *
 * A rate is what an underlying may move in a day; maintenance margin looks eight hours ahead, initial margin a day. Each
 * underlying is scanned over its own rate, in quarters, with volatility shocks that grow with the move; the underlyings are
 * then put together by five views, of which the largest counts. To that come what no scan of mid prices sees: the cost of
 * closing in the stated depth, forwards that move apart, the smile, and a minimum for options sold.
 */

/** How far each level looks ahead. */
export const HOURS = { initial: 24, maintenance: 8 } as const;
type Horizon = keyof typeof HOURS;
const QUARTERS = [0.25, 0.5, 0.75, 1] as const;
const VOLATILITIES = ["up", "same", "down"] as const;

/** What the engine needs beside the estimates; docs/method/hybrid.md says why each is what it is. */
const HALF_SPREAD = 0.0005;
const WITHOUT_DEPTH = 0.02;
const BASIS = { floor: 0.0025, perYear: 0.05 } as const;
const FORWARD = { up: 1.02, down: 0.98, add: 0.5, perYear: 2 } as const;
const SHORT_OPTION = { initial: "0.005", maintenance: "0.003" } as const;
const OUR_ROUNDING = { scale: 8, side: "up" } as const;

/**
 * The hybrid model under one day's estimates.
 *
 * @method MODEL-6 MODEL-7
 */
export function ballastHybrid(estimates: HybridEstimates): MarginModel {
  return {
    id: "ballast-hybrid",
    version: 1,
    title: `Ballast hybrid margin, estimates for ${estimates.day}`,
    sources: ["docs/method/hybrid.md"],
    notes: [
      "An underlying or a collateral without an estimate is refused, not scanned over nothing.",
      "The first hit of a crash is not covered; the rates promise a bounded rise afterwards, not foresight.",
    ],
    scan: {
      ...PLAIN_SCAN,
      scenarios: (["initial", "maintenance"] as const).flatMap((horizon) => [
        ...ownMoves(estimates, horizon),
        ...jointDays(estimates, horizon),
        ...(horizon === "initial" ? [SMILE] : []),
      ]),
      volatilityShock: {
        ...NO_SHOCK,
        up: 0.15,
        down: 0.15,
        shortTermPower: 0.5,
        longTermPower: 0.5,
        perMove: {
          up: 0.45,
          down: 0.15,
          rates: Object.fromEntries(Object.entries(estimates.underlyings).map(([id, { logRate }]) => [id, logRate])),
        },
      },
      skew: { kind: "risk-reversal", share: 0.12, power: 0.35, referenceDays: 30, daysFloor: 1 },
      forwardShocks: { up: FORWARD.up, down: FORWARD.down },
    },
    figures: [
      ...figuresOf("initial", estimates),
      ...figuresOf("maintenance", estimates),
      unit("forward", { kind: "forward-contingency", add: FORWARD.add, perYear: FORWARD.perYear }),
      unit("basis", { kind: "roll", of: ["future"], ...BASIS, at: "spot" }),
      unit("nakedShorts", { kind: "naked-shorts", netting: "strike", at: "spot" }),
      unit("closing", {
        kind: "closing-cost",
        halfSpread: HALF_SPREAD,
        impactPerDepth: 0.01,
        withoutDepth: WITHOUT_DEPTH,
      }),
      unit("smile", scanOf("smile")),
      account("maintenanceRequirement", expression(requirement("maintenance"))),
      account("initialRequirement", expression(largest(requirement("initial"), "maintenanceRequirement"))),
    ],
    levels: [
      { name: "initial", requirement: "initialRequirement", ...OUR_ROUNDING },
      { name: "maintenance", requirement: "maintenanceRequirement", ...OUR_ROUNDING },
    ],
    orders: "filled-where-losing",
  };
}

/** Views or smile, at least the minimum of options sold; then what comes on top whatever moves. */
function requirement(horizon: Horizon) {
  const risk = largest(`${horizon}Views`, "smile", times("nakedShorts", constant(SHORT_OPTION[horizon])));
  const onTop = sum("forward", "basis");
  const share = horizonShare(horizon);
  return sum(risk, times(onTop, constant(share)), "closing", `${horizon}Haircut`);
}

/** What a day's move is over the horizon, as decimal text; MARGIN of eight hours is 0.61 of a day's. */
function horizonShare(horizon: Horizon): string {
  return horizonLogRate(1, HOURS[horizon]).toFixed(6);
}

function figuresOf(
  horizon: Horizon,
  { correlation, haircuts, pegs, underlyings }: HybridEstimates,
): readonly FigureRule[] {
  return [
    account(`${horizon}Views`, {
      kind: "book-views",
      fall: [`${horizon}-fall`],
      fallInside: [`${horizon}-fall-inside`, `${horizon}-still`],
      rise: [`${horizon}-rise`],
      riseInside: [`${horizon}-rise-inside`, `${horizon}-still`],
      logRates: Object.fromEntries(
        Object.entries(underlyings).map(([id, { logRate }]) => [id, horizonLogRate(logRate, HOURS[horizon])]),
      ),
      history: [`${horizon}-history`],
      correlation,
      creditCap: 0.8,
      shortfallLevel: 0.975,
      jointFrom: 150,
    }),
    account(`${horizon}Haircut`, {
      kind: "collateral-haircut",
      haircuts: haircuts[horizon],
      scanned: pegs[horizon],
      unnamed: "refused",
    }),
  ];
}

/** Every underlying by quarters of its own rate, down and up, and volatility alone. */
function ownMoves({ underlyings }: HybridEstimates, horizon: Horizon): readonly Scenario[] {
  const scenario = (family: string, quarter: number, side: -1 | 1, volatility: Scenario["volatility"]): Scenario => ({
    id: `${horizon} ${side < 0 ? "fall" : "rise"} ${quarter * 100}% vol ${JSON.stringify(volatility)}`.replaceAll(
      '"',
      "",
    ),
    family: `${horizon}-${family}`,
    price: {
      factors: Object.fromEntries(
        Object.entries(underlyings).map(([id, { logRate }]) => [
          id,
          Math.exp(side * quarter * horizonLogRate(logRate, HOURS[horizon])),
        ]),
      ),
    },
    volatility,
    damping: 1,
    deadband: 0,
  });
  return [
    ...(["up", "down"] as const).map((volatility) => scenario("still", 0, 1, volatility)),
    ...QUARTERS.flatMap((quarter) =>
      VOLATILITIES.flatMap((volatility) => [
        scenario(quarter === 1 ? "fall" : "fall-inside", quarter, -1, volatility),
        scenario(quarter === 1 ? "rise" : "rise-inside", quarter, 1, volatility),
      ]),
    ),
  ];
}

/** Every joint day, once as it was and once mirrored, at today's width and over the horizon; volatility as in a crash. */
function jointDays({ underlyings }: HybridEstimates, horizon: Horizon): readonly Scenario[] {
  const estimates = Object.entries(underlyings);
  const days = Math.min(...estimates.map(([, { moves }]) => moves.length));
  const share = horizonLogRate(1, HOURS[horizon]);
  return Array.from({ length: Number.isFinite(days) ? days : 0 }, (_, day) =>
    ([1, -1] as const).map(
      (mirror): Scenario => ({
        id: `${horizon} history ${mirror > 0 ? "" : "mirrored "}${day + 1}`,
        family: `${horizon}-history`,
        price: {
          factors: Object.fromEntries(
            estimates.map(([id, { moves, width }]) => [
              id,
              Math.exp(mirror * (moves[moves.length - days + day] as number) * width * share),
            ]),
          ),
        },
        volatility: "up",
        damping: 1,
        deadband: 0,
      }),
    ),
  ).flat();
}

const SMILE: Scenario = {
  id: "smile",
  family: "smile",
  price: { factor: 1 },
  volatility: "skew-linear",
  damping: 1,
  deadband: 0,
};
