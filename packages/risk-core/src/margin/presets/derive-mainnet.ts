import type { Scenario, VolatilityMove } from "../../scenario/scenario.js";
import type { DerivePm1Parameters, DerivePm2Parameters, DeriveSrmParameters } from "./derive.js";

/*
 * Parameters of Derive's managers as published for their main net. One odd pair is read the sensible way round: a script
 * sets the short static discount to 0.95 and the long one to 1.05, while tests and text have it otherwise.
 */

const scenario = (factor: number, volatility: VolatilityMove, damping = 1): Scenario => ({
  id: `${factor} ${typeof volatility === "string" ? volatility : ""} ${damping}`,
  family: typeof volatility === "string" && volatility.startsWith("skew") ? "skew" : damping === 1 ? "regular" : "tail",
  price: { factor },
  volatility,
  damping,
  deadband: 0,
});
const inside = (moves: readonly number[]): readonly Scenario[] =>
  moves.flatMap((move) => (["up", "same", "down"] as const).map((volatility) => scenario(move, volatility)));

export const DERIVE_MAINNET: {
  readonly pm1: DerivePm1Parameters;
  readonly pm2: DerivePm2Parameters;
  readonly srm: DeriveSrmParameters;
} = {
  pm1: {
    scenarios: [scenario(1.2, "up"), ...inside([1.15, 1.1, 1.05, 1, 0.95, 0.9, 0.85]), scenario(0.8, "up")],
    volatilityShock: {
      up: 0.6,
      down: 0.3,
      shortTermPower: 0.3,
      longTermPower: 0.13,
      daysFloor: 1,
      upVolatilityFloor: 0,
    },
    longDiscount: { base: 0.95, rateScale: 1, rateAdd: 0.12 },
    forward: { up: 1.05, down: 0.95, add: 1, perYear: 1.2 },
    initialFactor: "1.25",
    peg: { threshold: "0.99", slope: "4" },
    confidence: { threshold: 0.55, scale: 1 },
    base: "0.03",
    perpetual: "0.03",
    option: "0.02",
  },
  pm2: {
    scenarios: [
      scenario(1.18, "up"),
      ...inside([1.135, 1.09, 1.045, 1, 0.955, 0.91, 0.865]),
      scenario(0.82, "up"),
      ...(
        [
          [0.34, 0.21],
          [0.67, 0.42],
          [1.5, 0.2772],
          [2, 0.1386],
          [3, 0.0693],
          [4, 0.0462],
          [5, 0.03465],
          [6, 0.02772],
        ] as const
      ).map(([factor, damping]) => scenario(factor, "up", damping)),
      scenario(1, "skew-linear"),
      scenario(1, "skew-absolute"),
    ],
    volatilityShock: {
      up: 0.5,
      down: 0.275,
      shortTermPower: 0.3,
      longTermPower: 0.13,
      daysFloor: 1,
      upVolatilityFloor: 0.4,
    },
    skew: {
      linearCap: 0.25,
      linearSlope: -0.1,
      absoluteCap: 0.25,
      absoluteSlope: -0.1,
      widthFloor: 0.01,
      widthScale: 4,
      volatility: 0.6,
      volatilitySlope: -0.1,
    },
    longDiscount: { base: 0.98, rateScale: 0, rateAdd: 0.1 },
    shortDiscount: { base: 1.02, rateScale: 0, rateAdd: 0.1 },
    forward: { up: 1.045, down: 0.955, add: 0.5, perYear: 2 },
    initialFactor: "1",
    maintenanceFactor: "0.8",
    peg: { threshold: "0.99", slope: "4" },
    confidence: { threshold: 0.55, scale: 1 },
    perpetual: { maintenance: "0.03", initialExtra: "0.01" },
    option: { maintenance: "0.003", initialExtra: "0.002" },
    haircuts: { maintenance: {}, initialExtra: {} },
  },
  srm: {
    option: {
      otmMax: 0.15,
      otmMin: 0.13,
      flatCall: 0.09,
      flatPut: 0.09,
      putOfMark: 0.09,
      putFloor: 1.05,
      unpairedInitial: 1.2,
      unpairedMaintenance: 1.1,
    },
    perpetual: { initial: "0.1", maintenance: "0.065" },
    base: {
      ETH: { share: "0.8", initialScale: "0.9375" },
      BTC: { share: "0.75", initialScale: "0.93" },
      HYPE: { share: "0.55", initialScale: "1" },
    },
    confidence: { threshold: 0.55, scale: 1 },
    peg: { threshold: "0.99", slope: "2" },
  },
};
