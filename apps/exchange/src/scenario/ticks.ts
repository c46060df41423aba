import type { AssetId, InstrumentId, MarketSnapshot, UtcMillis } from "@ballast/model";
import { assetId, toUtcMillis } from "@ballast/model";
import { Decimal, max, ONE, type Price, type Ratio, scale, type Usd } from "@ballast/money";
import {
  ANNUAL_BASIS,
  DEPTH_FLOOR,
  DEPTH_SCALE,
  PLAYED_INSTRUMENTS,
  PRICE_SCALE,
  QUIET_DEPTH,
  QUIET_RANGE,
  USDC,
  USDC_INDEX,
  YEAR_MS,
} from "./assumptions.js";
import type { Candle, Scenario, ScenarioHour } from "./candles.js";

/*
 * From candles to snapshots. A candle does not say what came first, so the house decides it once:
 *
 *   an hour that fell (close below open)   is played   high, low, close;
 *   an hour that did not fall              is played   low, high, close.
 *
 * So a falling hour has its bounce first and its depth then, and a rising one its dip first. Each asset goes by the
 * direction of its own hour. The three snapshots stand 20, 40 and 60 minutes after the start of the hour. Before the
 * first hour comes one snapshot at its open, on which the exchange is set up.
 *
 * The index of an asset is the mark of its perpetual. Linear and inverse perpetuals share their mark; the dated future
 * stands above it by the assumed basis for the time that is left. All three snapshots of an hour have its depth: the
 * quiet depth, shrunk as the range of the hour grows.
 */

/** Snapshots of one hour. */
export const TICKS_PER_HOUR = 3;
const TICK_MS = 1_200_000;
const OPENING_SEQUENCE = 1;

export interface PlayedHour {
  readonly startsAt: UtcMillis;
  readonly ticks: readonly MarketSnapshot[];
}

export interface PlayedScenario {
  readonly name: string;
  readonly remarks: readonly string[];
  /** The market on which the exchange is set up, sequence 1. */
  readonly opening: MarketSnapshot;
  readonly hours: readonly PlayedHour[];
}

/** Returns the snapshots of a scenario, sequences 1, 2, 3 … without a gap. */
export function playScenario(scenario: Scenario): PlayedScenario {
  const [first] = scenario.hours as readonly [ScenarioHour, ...ScenarioHour[]];
  return {
    name: scenario.name,
    remarks: scenario.remarks,
    opening: snapshot(OPENING_SEQUENCE, first.startsAt, first, (candle) => candle.open),
    hours: scenario.hours.map((hour, index) => ({
      startsAt: hour.startsAt,
      ticks: [0, 1, 2].map((tick) =>
        snapshot(
          OPENING_SEQUENCE + 1 + index * TICKS_PER_HOUR + tick,
          toUtcMillis(hour.startsAt + (tick + 1) * TICK_MS),
          hour,
          (candle) => pathOf(candle)[tick] as Price,
        ),
      ),
    })),
  };
}

/** The order in which a candle's prices are played after its open. */
export function pathOf(candle: Candle): readonly [Price, Price, Price] {
  return candle.close.lt(candle.open)
    ? [candle.high, candle.low, candle.close]
    : [candle.low, candle.high, candle.close];
}

/** Share of the quiet depth that an hour with this range has: quiet range ÷ range, at most 1, at least the floor. */
export function depthShare(candle: Candle): Ratio {
  const range = candle.high.sub(candle.low).div(candle.open) as Ratio;
  if (range.lte(QUIET_RANGE)) return ONE;
  return max(DEPTH_FLOOR, QUIET_RANGE.div(range) as Ratio);
}

/** Mark of a dated future: the perpetual's mark × (1 + basis a year × years left), none left after expiry. */
export function datedMark(mark: Price, at: UtcMillis, expiresAt: UtcMillis): Price {
  const years = new Decimal(Math.max(0, expiresAt - at)).div(YEAR_MS);
  return mark.mul(ANNUAL_BASIS.mul(years).add(1)).toDecimalPlaces(PRICE_SCALE) as Price;
}

function snapshot(
  sequence: number,
  at: UtcMillis,
  hour: ScenarioHour,
  choose: (candle: Candle) => Price,
): MarketSnapshot {
  const indexPrices = new Map<AssetId, Price>([[USDC, USDC_INDEX]]);
  const shares = new Map<string, Ratio>();
  for (const [asset, candle] of hour.marks) {
    indexPrices.set(asset, choose(candle));
    shares.set(asset, depthShare(candle));
  }
  const markPrices = new Map<InstrumentId, Price>();
  const depths = new Map<InstrumentId, Usd>();
  for (const { id, underlying, expiresAt } of PLAYED_INSTRUMENTS) {
    const mark = indexPrices.get(assetId(underlying)) as Price;
    markPrices.set(id, expiresAt === null ? mark : datedMark(mark, at, expiresAt));
    const quiet = QUIET_DEPTH.get(id) as Usd;
    depths.set(id, scale(quiet, shares.get(underlying) as Ratio).toDecimalPlaces(DEPTH_SCALE) as Usd);
  }
  return { sequence, at, indexPrices, markPrices, depths };
}
