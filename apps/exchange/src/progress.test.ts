import { expect, test } from "@jest/globals";
import { toUtcMillis } from "@ballast/model";
import { price } from "@ballast/money";
import { hourLine, progressOn } from "./progress.js";

const report = {
  startsAt: toUtcMillis(Date.UTC(2020, 2, 12, 10)),
  hour: 11,
  hours: 36,
  bitcoin: price("6091.896467"),
  frozen: [],
  inMarginCall: 312,
  liquidations: 1147,
  fundValue: "1234567.89",
};

test("an hour is one line: when, how far, the mark, who is called, what was liquidated, the fund", () => {
  expect(hourLine(report)).toBe(
    "03-12 10:00  [#######.................]  BTC  6,091.90  margin call   312  liquidations 1,147  fund  $1,234,568",
  );
});

test("in a file only finished lines are written; a terminal is drawn on in between", () => {
  const written = (isTTY: boolean) => {
    let text = "";
    const progress = progressOn({
      isTTY,
      write: (more: string) => {
        text += more;
      },
    });
    progress.opening("accounts", 500, 2000);
    progress.opening("accounts", 2000, 2000);
    progress.tick(1, 36, 0);
    progress.hour(report);
    return text;
  };
  expect(written(false)).toBe(`  [########################] accounts 2,000 of 2,000\n  ${hourLine(report)}\n`);
  expect(written(true)).toContain("accounts 500 of 2,000");
  expect(written(true)).toContain("hour 1 of 36, tick 1");
});
