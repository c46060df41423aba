import { describe, expect, test } from "@jest/globals";
import { applyJournal, fillJournal } from "@ballast/ledger";
import { type Account, assetId, type Instrument, type Rejection, type Result } from "@ballast/model";
import { amount, price, quantity, ZERO_AMOUNT } from "@ballast/money";
import { holder, marketAt, NOON, parameters, PERP, summarise, USDC } from "../testing/small-house.js";
import { type Movement, type MovementState, planDeposit, planTransfer, planWithdrawal } from "./movements.js";

const state: MovementState = { market: marketAt("8000"), parameters, summarise };
const alice = holder("alice", "1000");

function movement(change: Partial<Movement> = {}): Movement {
  return { key: "m1", at: NOON, asset: USDC, amount: amount("100"), ...change };
}

/** Alice with 100 contracts bought at 8000: 800 dollars of initial margin at that mark. */
function withPosition(): Account {
  const journal = fillJournal({
    key: "f1",
    kind: "FILL",
    at: NOON,
    instrument: parameters.instruments.get(PERP) as Instrument,
    buyer: alice,
    seller: holder("bob", "1000"),
    quantity: quantity("100"),
    price: price("8000"),
    buyerFee: ZERO_AMOUNT,
    sellerFee: ZERO_AMOUNT,
  });
  return applyJournal(alice, journal);
}

const answer = (result: Result<unknown, Rejection>) => (result.ok ? "YES" : result.rejection.code);

describe("deposits", () => {
  test.each([
    ["an amount", {}, "YES"],
    ["the smallest amount", { amount: amount("0.000001") }, "YES"],
    ["an asset nobody knows", { asset: assetId("DOGE"), amount: amount("-1") }, "ASSET_UNKNOWN"],
    ["nothing", { amount: amount("0") }, "AMOUNT_NOT_POSITIVE"],
    ["less than nothing", { amount: amount("-0.0000001") }, "AMOUNT_NOT_POSITIVE"],
    ["a digit more than the asset has", { amount: amount("0.0000001") }, "AMOUNT_TOO_FINE"],
  ] as const)("%s", (_case, change, expected) => {
    expect(answer(planDeposit({ ...state, market: null }, alice, movement(change)))).toBe(expected);
  });
});

describe("DECISION-5: withdrawals", () => {
  //  what is asked                          with a position  mark    amount       answer
  test.each([
    ["everything, without a position", false, "8000", "1000", "YES"],
    ["a unit more than there is", false, "8000", "1000.000001", "BALANCE_INSUFFICIENT"],
    ["down to initial margin exactly", true, "8000", "200", "YES"],
    ["a unit below initial margin", true, "8000", "200.000001", "WITHDRAWAL_EXCEEDS_MARGIN"],
    ["profit that nobody has paid", true, "10000", "200", "WITHDRAWAL_EXCEEDS_MARGIN"],
    ["what an unpaid loss leaves", true, "7900", "110", "YES"],
    ["a unit more than an unpaid loss leaves", true, "7900", "110.000001", "WITHDRAWAL_EXCEEDS_MARGIN"],
  ] as const)("%s", (_case, invested, mark, asked, expected) => {
    const account = invested ? withPosition() : alice;
    const judged = planWithdrawal({ ...state, market: marketAt(mark) }, account, movement({ amount: amount(asked) }));
    expect(answer(judged)).toBe(expected);
  });

  test.each([
    ["ASSET_UNKNOWN", { asset: assetId("DOGE"), amount: amount("-1") }, null],
    ["MARKET_UNKNOWN", { amount: amount("-1") }, null],
    ["AMOUNT_NOT_POSITIVE", { amount: amount("-5000.0000001") }, "8000"],
    ["AMOUNT_TOO_FINE", { amount: amount("5000.0000001") }, "8000"],
    ["BALANCE_INSUFFICIENT", { amount: amount("5000") }, "8000"],
  ] as const)("checks run in declared order: %s", (code, change, mark) => {
    const market = mark === null ? null : marketAt(mark);
    expect(answer(planWithdrawal({ ...state, market }, withPosition(), movement(change)))).toBe(code);
  });
});

describe("transfers stay with one owner", () => {
  const child = holder("alice.hedge", "50", "alice");
  const sibling = holder("alice.spec", "50", "alice");
  const stranger = holder("mallory", "50");
  const nephew = holder("mallory.sub", "50", "mallory");

  test.each([
    ["main to sub", alice, child, "YES"],
    ["sub to main", child, alice, "YES"],
    ["sub to sibling", child, sibling, "YES"],
    ["to a stranger", alice, stranger, "NOT_RELATED"],
    ["to a stranger's sub", child, nephew, "NOT_RELATED"],
    ["to itself", alice, alice, "SAME_ACCOUNT"],
  ] as const)("%s", (_case, from, to, expected) => {
    expect(answer(planTransfer(state, from, to, movement({ amount: amount("50") })))).toBe(expected);
  });

  test("what is given away is judged like a withdrawal", () => {
    expect(answer(planTransfer(state, withPosition(), child, movement({ amount: amount("200.000001") })))).toBe(
      "WITHDRAWAL_EXCEEDS_MARGIN",
    );
    expect(answer(planTransfer(state, child, alice, movement({ amount: amount("51") })))).toBe("BALANCE_INSUFFICIENT");
  });
});

describe("DECISION-7: nothing leaves on a mark of this minute", () => {
  /** Bob is short 100 from 8,000; at 4,000 that needs 400 dollars of initial margin, at 8,000 it needs 800. */
  const bob = (() => {
    const sold = fillJournal({
      key: "f1",
      kind: "FILL",
      at: NOON,
      instrument: parameters.instruments.get(PERP) as Instrument,
      buyer: holder("carol", "1000"),
      seller: holder("bob", "1000"),
      quantity: quantity("100"),
      price: price("8000"),
      buyerFee: ZERO_AMOUNT,
      sellerFee: ZERO_AMOUNT,
    });
    return applyJournal(holder("bob", "1000"), sold);
  })();
  const at = (stable: string): MovementState => ({
    ...state,
    market: { ...marketAt("4000"), stableMarks: new Map([[PERP, price(stable)]]) },
  });

  //  stable  taken  answer
  test.each([
    ["4000", "600", "YES"],
    ["8000", "600", "WITHDRAWAL_EXCEEDS_MARGIN"],
    ["8000", "200", "YES"],
  ])("at a stable mark of %s, %s dollars: %s", (stable, taken, verdict) => {
    expect(answer(planWithdrawal(at(stable), bob, movement({ amount: amount(taken) })))).toBe(verdict);
  });
});
