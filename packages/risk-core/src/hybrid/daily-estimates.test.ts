import { describe, expect, test } from "@jest/globals";
import { dailyEstimates } from "./daily-estimates.f64.js";
import { haircutOf, PEG_PARTS } from "./haircut.f64.js";
import { horizonLogRate, longRate } from "./rate.f64.js";
import { type AssetRate, rateStream } from "./rate-stream.f64.js";
import { BALLAST_BOOKS, BALLAST_HYBRID } from "./recipe.js";

describe("the estimates of a day", () => {
  const stream = rateStream(BALLAST_HYBRID);
  for (let day = 0; day < 400; day += 1) {
    const move = (phase: number) => ({ logMove: 0.03 * Math.sin(day * day + phase), logRange: 0.05 });
    stream.observe(
      day,
      new Map([
        ["BTC", move(0)],
        ["ETH", move(0.5)],
      ]),
    );
  }
  const collateral = {
    USDC: { underlying: null, peg: PEG_PARTS.STABLECOIN, restsOnVenue: false },
    stETH: { underlying: "ETH", peg: PEG_PARTS.STAKED_ETHER, restsOnVenue: false },
    NEW: { underlying: "NEW", peg: PEG_PARTS.NONE, restsOnVenue: false },
    VENUE: { underlying: "BTC", peg: PEG_PARTS.NONE, restsOnVenue: true },
  };
  const estimates = dailyEstimates(stream, 400, ["BTC", "ETH", "NEW"], collateral, BALLAST_BOOKS);
  const rates = stream.ratesFor(400).rates;

  test("HYBRID-7 HYBRID-16: published rates, widths and the joint days", () => {
    expect(estimates.day).toBe("1971-02-05");
    const { limitedLogRate, width } = rates.get("ETH") as AssetRate;
    expect(estimates.underlyings["ETH"]).toEqual({
      logRate: limitedLogRate,
      width,
      moves: stream.standardised("ETH").moves,
    });
    expect(estimates.correlation?.underlyings).toEqual(["BTC", "ETH"]);
  });

  test("HYBRID-22 HYBRID-23: collateral by underlying and peg; what has no rate does not count", () => {
    const { limitedLogRate } = rates.get("ETH") as AssetRate;
    expect(estimates.haircuts.initial).toEqual({
      USDC: 0.125,
      stETH: haircutOf(longRate(limitedLogRate), 0.08),
      NEW: 1,
      VENUE: 1,
    });
    expect(estimates.haircuts.maintenance["stETH"]).toBe(haircutOf(longRate(horizonLogRate(limitedLogRate, 8)), 0.05));
    expect(estimates.withoutRate).toEqual(["NEW"]);
  });

  test("HYBRID-24: what rests on the venue counts for nothing, at either horizon", () => {
    expect([estimates.haircuts.initial["VENUE"], estimates.haircuts.maintenance["VENUE"]]).toEqual([1, 1]);
  });

  test("before there are rates there are no estimates", () => {
    const { underlyings, correlation } = dailyEstimates(rateStream(BALLAST_HYBRID), 0, ["BTC"], {}, BALLAST_BOOKS);
    expect([underlyings, correlation]).toEqual([{}, null]);
  });
});
