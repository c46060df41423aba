import { describe, expect, test } from "@jest/globals";
import { type EarlyStage, type MarginSummary, toUtcMillis } from "@ballast/model";
import { usd } from "@ballast/money";
import { earlyStage, reduceVerdict, STANDARD_STAGES } from "./stages.js";

function summary(equity: string, netValue = equity): MarginSummary {
  return {
    equity: usd(equity),
    netValue: usd(netValue),
    equityWithoutProfit: usd(equity),
    initialMargin: usd("200"),
    maintenanceMargin: usd("100"),
  };
}

describe("CASE-2: stages before a case", () => {
  //  what happens (initial margin 200, maintenance 100)   equity   before           after
  test.each<[string, string, EarlyStage | null, EarlyStage | null]>([
    ["well above initial margin", "300", null, null],
    ["exactly at the warning", "240", null, null],
    ["a cent below the warning", "239.99", null, "WARNING"],
    ["back above it, but not by enough", "240", "WARNING", "WARNING"],
    ["back by enough", "250", "WARNING", null],
    ["exactly at initial margin", "200", "WARNING", "WARNING"],
    ["below initial margin", "199.99", "WARNING", "MARGIN_CALL"],
    ["recovering a little in a margin call", "209.99", "MARGIN_CALL", "MARGIN_CALL"],
    ["recovering enough for a warning only", "210", "MARGIN_CALL", "WARNING"],
    ["near maintenance margin", "109.99", "MARGIN_CALL", "CANCEL_ORDERS"],
    ["a little better", "114.99", "CANCEL_ORDERS", "CANCEL_ORDERS"],
    ["better by enough", "115", "CANCEL_ORDERS", "MARGIN_CALL"],
    ["straight down", "50", null, "CANCEL_ORDERS"],
  ])("%s", (_, equity, before, after) => {
    expect(earlyStage(summary(equity), before)).toBe(after);
  });

  test("an account that needs nothing is in no stage", () => {
    const nothing = { ...summary("0"), initialMargin: usd("0"), maintenanceMargin: usd("0") };
    expect(earlyStage(nothing, "MARGIN_CALL")).toBeNull();
  });

  test("every stage is left at or above the threshold at which it is entered", () => {
    for (const { stage, enterBelow, leaveAt } of STANDARD_STAGES) {
      expect({ stage, sound: enterBelow === null || leaveAt?.gte(enterBelow) }).toEqual({ stage, sound: true });
    }
  });
});

describe("CASE-2: a case that is open", () => {
  const opened = toUtcMillis(0);
  const inTime = toUtcMillis(30 * 60_000);
  const late = toUtcMillis(30 * 60_000 + 1);
  //  what happens                                 equity    net      at       verdict
  test.each([
    ["below maintenance margin", "99.99", "99.99", inTime, "REDUCE"],
    ["exactly at maintenance margin", "100", "100", inTime, "WATCH"],
    ["crossed back, but not by enough", "101.99", "101.99", inTime, "WATCH"],
    ["crossed back by enough", "102", "102", inTime, "RESTORED"],
    ["below it for too long", "99.99", "99.99", late, "TAKE_OVER"],
    ["above it after a long time", "100", "100", late, "WATCH"],
    ["owing more than it has", "-5", "-5", inTime, "REDUCE"],
  ] as const)("%s: %s", (_, equity, net, now, verdict) => {
    expect(reduceVerdict(summary(equity, net), opened, now)).toBe(verdict);
  });
});
