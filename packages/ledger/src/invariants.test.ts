import { describe, expect, test } from "@jest/globals";
import { InvariantViolation } from "@ballast/model";
import { ALICE, accountOf, BOB, BTC_PERPETUAL, NOON, USDC } from "@ballast/model/testing";
import { type Amount, amount, Decimal } from "@ballast/money";
import { assertBalanced, imbalances, netPositions, openInterest, projectionDifferences } from "./invariants.js";
import type { Journal } from "./journal.js";
import { depositJournal } from "./rules/deposit.js";

const deposit = depositJournal({ key: "d-1", at: NOON, account: ALICE.id, asset: USDC, amount: amount("10") });
const withAmounts = (...amounts: readonly Decimal[]): Journal => ({
  ...deposit,
  postings: deposit.postings.map((leg, index) => ({ ...leg, amount: (amounts[index] ?? leg.amount) as Amount })),
});

describe("LEDGER-1: a journal balances", () => {
  test("or it is a bug, and the message says which asset is over and by what", () => {
    expect(() => assertBalanced(deposit)).not.toThrow();
    expect(() => assertBalanced(withAmounts(amount("10.000000000000000001")))).toThrow(
      'LEDGER-1 journals balance: {"key":"d-1","asset":"USDC","over":"0.000000000000000001"}',
    );
    expect(() => assertBalanced({ ...deposit, postings: deposit.postings.slice(1) })).toThrow(InvariantViolation);
  });

  test("in every asset on its own: dollars do not balance coins", () => {
    const [first, second] = deposit.postings;
    const mixed = { ...deposit, postings: [first, { ...second, asset: "BTC" }] } as unknown as Journal;
    expect(() => assertBalanced(mixed)).toThrow("LEDGER-1 journals balance");
    expect([...imbalances([mixed])].map(([asset, over]) => [asset, over.toFixed()])).toEqual([
      ["USDC", "10"],
      ["BTC", "-10"],
    ]);
  });

  test("and has legs", () => {
    expect(() => assertBalanced({ ...deposit, postings: [] })).toThrow("LEDGER-1 a journal has legs");
  });
});

describe("LEDGER-8: a leg fits its column", () => {
  //  leg                                   amount
  test.each([
    ["the smallest unit", new Decimal("0.000000000000000001")],
    ["the largest amount", new Decimal("99999999999999999999.999999999999999999")],
    ["nothing", new Decimal(0)],
  ])("%s does", (_, fits) => {
    expect(() => assertBalanced(withAmounts(fits, fits.neg()))).not.toThrow();
  });

  test.each([
    ["a nineteenth digit, which the database would round without a word", new Decimal("0.0000000000000000001")],
    ["a third", new Decimal(1).div(3)],
    ["a twenty-first digit before the point", new Decimal("100000000000000000000")],
    ["not a number", new Decimal(Number.NaN)],
    ["infinity", new Decimal(Number.POSITIVE_INFINITY)],
  ])("%s does not", (_, tooMuch) => {
    expect(() => assertBalanced(withAmounts(tooMuch, tooMuch.neg()))).toThrow("LEDGER-8 a leg fits its column");
  });
});

describe("the audit of the books", () => {
  const long = accountOf("alice", { positions: [[BTC_PERPETUAL, "10", "8000"]] });
  const short = accountOf("bob", { positions: [[BTC_PERPETUAL, "-10", "8000"]] });

  test("LEDGER-2: open interest nets to zero, or the instrument is named", () => {
    expect(netPositions([long, short]).size).toBe(0);
    expect([...netPositions([long])].map(([id, net]) => [id, net.toFixed()])).toEqual([["BTC-PERPETUAL", "10"]]);
  });

  test("LEDGER-2: money is not counted as contracts", () => {
    expect(openInterest([deposit]).size).toBe(0);
  });

  test("LEDGER-5: what is kept is compared with what was posted", () => {
    const rich = accountOf("alice", { balances: { USDC: "10" } });
    const richer = accountOf("alice", { balances: { USDC: "10.01" } });
    const found = (...accounts: Parameters<typeof projectionDifferences>[0][]) =>
      accounts.map((all) =>
        projectionDifferences(all, [deposit]).map(({ account, of, kept, posted }) => [
          account,
          of,
          kept.toFixed(),
          posted.toFixed(),
        ]),
      );
    expect(found([rich], [richer], [rich, long], [BOB])).toEqual([
      [],
      [["alice", "collateral/USDC", "10.01", "10"]],
      [
        ["alice", "collateral/USDC", "0", "10"],
        ["alice", "contracts/BTC-PERPETUAL", "10", "0"],
        ["alice", "cost/BTC-PERPETUAL", "0.0125", "0"],
      ],
      [["alice", "collateral/USDC", "0", "10"]],
    ]);
  });
});
