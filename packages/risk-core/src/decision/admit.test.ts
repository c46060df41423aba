import { expect, test } from "@jest/globals";
import { accountId, type MarginSummary } from "@ballast/model";
import { usd } from "@ballast/money";
import { admit, isNoRiskier } from "./admit.js";

const summaryOf = (equity: number, initialMargin: number, maintenanceMargin: number): MarginSummary => ({
  equity: usd(String(equity)),
  netValue: usd(String(equity)),
  equityWithoutProfit: usd(String(equity)),
  initialMargin: usd(String(initialMargin)),
  maintenanceMargin: usd(String(maintenanceMargin)),
});

//  what the order does                                   equity   IM    MM   equity   IM    MM   answer
test.each([
  ["opens exactly at initial margin", 1000, 0, 0, 1000, 1000, 500, "ADMITTED"],
  ["opens one dollar beyond initial margin", 1000, 0, 0, 1000, 1001, 501, "INITIAL_MARGIN_INSUFFICIENT"],
  ["reduces while below initial margin", 800, 900, 450, 800, 850, 425, "ADMITTED"],
  ["increases while below initial margin", 800, 900, 450, 800, 950, 475, "INITIAL_MARGIN_INSUFFICIENT"],
  ["reduces at a cost that outweighs it", 800, 900, 450, 700, 880, 440, "INITIAL_MARGIN_INSUFFICIENT"],
  ["reduces while below zero, at no cost", -50, 900, 450, -50, 450, 225, "ADMITTED"],
  ["increases while below zero", -50, 900, 450, -50, 1800, 900, "INITIAL_MARGIN_INSUFFICIENT"],
  ["reduces while below zero, at a cost", -50, 900, 450, -51, 450, 225, "INITIAL_MARGIN_INSUFFICIENT"],
  ["closes the last position at a loss", 400, 900, 450, 390, 0, 0, "ADMITTED"],
  ["has nothing and buys below the mark", 0, 0, 0, 17, 35, 18, "INITIAL_MARGIN_INSUFFICIENT"],
  ["owes and buys below the mark", -5, 0, 0, 17, 35, 18, "INITIAL_MARGIN_INSUFFICIENT"],
  ["closes the last position into a debt", 10, 900, 450, -1, 0, 0, "INITIAL_MARGIN_INSUFFICIENT"],
] as const)("DECISION-3: %s", (_, equity, initial, maintenance, nextEquity, nextInitial, nextMaintenance, answer) => {
  const verdict = admit(
    accountId("trader"),
    summaryOf(equity, initial, maintenance),
    summaryOf(nextEquity, nextInitial, nextMaintenance),
  );
  expect(verdict.ok ? verdict.value : verdict.rejection.code).toBe(answer);
});

test("DECISION-4: with nothing to maintain on either side, losing equity is riskier", () => {
  expect(isNoRiskier(summaryOf(99, 0, 0), summaryOf(100, 0, 0))).toBe(false);
  expect(isNoRiskier(summaryOf(100, 0, 0), summaryOf(100, 0, 0))).toBe(true);
});
