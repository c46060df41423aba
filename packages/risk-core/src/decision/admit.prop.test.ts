import { describe, test } from "@jest/globals";
import type { MarginSummary } from "@ballast/model";
import { usd } from "@ballast/money";
import fc from "fast-check";
import { decimalText } from "../testing.js";
import { isNoRiskier } from "./admit.js";

const cents = (least: bigint) => fc.bigInt({ min: least, max: 10n ** 10n }).map((units) => usd(decimalText(units, 2)));
const summary: fc.Arbitrary<MarginSummary> = fc
  .tuple(cents(-(10n ** 10n)), fc.oneof(cents(0n), fc.constant(usd("0"))), cents(0n))
  .map(([equity, maintenanceMargin, more]) => ({
    equity,
    netValue: equity,
    equityWithoutProfit: equity,
    maintenanceMargin,
    initialMargin: usd(maintenanceMargin.add(more)),
  }));
const some = cents(1n);
/** Figures so small that one is often no riskier than another. */
const small = fc.tuple(fc.integer({ min: -3, max: 6 }), fc.integer({ min: 0, max: 6 })).map(([equity, margin]) => ({
  equity: usd(String(equity)),
  netValue: usd(String(equity)),
  equityWithoutProfit: usd(String(equity)),
  maintenanceMargin: usd(String(margin)),
  initialMargin: usd(String(2 * margin)),
}));

describe("no riskier", () => {
  test("DECISION-4: standing still is no riskier", () => {
    fc.assert(fc.property(summary, (now) => isNoRiskier(now, now)));
  });

  test("DECISION-4: losing equity with nothing else changed is always riskier", () => {
    fc.assert(
      fc.property(summary, some, (now, loss) => !isNoRiskier({ ...now, equity: usd(now.equity.sub(loss)) }, now)),
    );
  });

  test("DECISION-4: a larger requirement with nothing else changed is always riskier", () => {
    fc.assert(
      fc.property(
        summary,
        some,
        (now, more) => !isNoRiskier({ ...now, maintenanceMargin: usd(now.maintenanceMargin.add(more)) }, now),
      ),
    );
  });

  test("DECISION-4: more equity and a smaller requirement is never riskier", () => {
    fc.assert(
      fc.property(summary, some, (now, gain) => {
        const released = now.maintenanceMargin.lt(gain) ? now.maintenanceMargin : gain;
        return isNoRiskier(
          {
            ...now,
            equity: usd(now.equity.add(gain)),
            maintenanceMargin: usd(now.maintenanceMargin.sub(released)),
          },
          now,
        );
      }),
    );
  });

  test("DECISION-4: no riskier twice is no riskier", () => {
    fc.assert(
      fc.property(small, small, small, (first, second, third) => {
        fc.pre(isNoRiskier(second, first) && isNoRiskier(third, second));
        return isNoRiskier(third, first);
      }),
      { numRuns: 1000 },
    );
  });
});
