import { expect, test } from "@jest/globals";
import { assetId, instrumentId, toUtcMillis } from "@ballast/model";
import { price } from "@ballast/money";
import type { Candle } from "./candles.js";
import { datedMark, depthShare, pathOf, playScenario } from "./ticks.js";

const candle = (open: string, high: string, low: string, close: string): Candle => ({
  open: price(open),
  high: price(high),
  low: price(low),
  close: price(close),
});
const NOON = toUtcMillis(Date.UTC(2020, 2, 12, 12));

//  the hour             open  high low  close   order of play
test.each([
  ["that fell", candle("10", "12", "8", "9"), ["12", "8", "9"]],
  ["that rose", candle("9", "12", "8", "10"), ["8", "12", "10"]],
  ["that ended where it began", candle("9", "12", "8", "9"), ["8", "12", "9"]],
] as const)("an hour %s is played in its order", (_, hour, order) => {
  expect(pathOf(hour).map((at) => at.toFixed())).toEqual(order);
});

//  the range of the hour            open   high   low    close  share of the quiet depth
test.each([
  ["none", candle("100", "100", "100", "100"), "1"],
  ["two per cent, still quiet", candle("100", "101", "99", "100"), "1"],
  ["four per cent", candle("100", "102", "98", "100"), "0.5"],
  ["forty per cent", candle("100", "110", "70", "75"), "0.15"],
] as const)("depth shrinks with the range of the hour: %s", (_, hour, share) => {
  expect(depthShare(hour).toFixed()).toBe(share);
});

test("a dated future stands four per cent a year above the perpetual, and on it at expiry and after", () => {
  const aYearOn = toUtcMillis(NOON + 365 * 86_400_000);
  expect(datedMark(price("5000"), NOON, aYearOn).toFixed()).toBe("5200");
  expect(datedMark(price("5000"), NOON, NOON).toFixed()).toBe("5000");
  expect(datedMark(price("5000"), aYearOn, NOON).toFixed()).toBe("5000");
});

test("an hour becomes three snapshots behind the opening; each asset goes by its own direction", () => {
  const BTC = assetId("BTC");
  const ETH = assetId("ETH");
  const marks = new Map([
    [BTC, candle("100", "104", "90", "92")],
    [ETH, candle("10", "12", "9", "11")],
  ]);
  const played = playScenario({ name: "x", hours: [{ startsAt: NOON, marks }], remarks: [] });
  expect(played.opening.sequence).toBe(1);
  expect(played.opening.indexPrices.get(BTC)?.toFixed()).toBe("100");
  const ticks = played.hours[0]?.ticks ?? [];
  expect(ticks.map((tick) => [tick.sequence, (tick.at - NOON) / 60_000])).toEqual([
    [2, 20],
    [3, 40],
    [4, 60],
  ]);
  expect(ticks.map((tick) => tick.indexPrices.get(BTC)?.toFixed())).toEqual(["104", "90", "92"]);
  expect(ticks.map((tick) => tick.indexPrices.get(ETH)?.toFixed())).toEqual(["9", "12", "11"]);
  const [first] = ticks;
  expect(first?.indexPrices.get(assetId("USDC"))?.toFixed()).toBe("1");
  expect(first?.markPrices.get(instrumentId("BTC-PERPETUAL"))?.toFixed()).toBe("104");
  expect(first?.markPrices.get(instrumentId("BTC_USDC-26JUN20"))?.gt(price("104"))).toBe(true);
  expect(first?.depths.get(instrumentId("ETH-PERPETUAL"))?.toFixed()).toBe("225000");
});
