import { describe, expect, test } from "@jest/globals";
import { applyJournal, assertBalanced } from "@ballast/ledger";
import { accountId, type Fill, type Rejection } from "@ballast/model";
import { price, quantity, ratio } from "@ballast/money";
import { factsOf } from "../http/refusal.js";
import { byId, EXPIRY, FUTURE, holder, marketAt, NOON, parameters, PERP, summarise } from "../testing/small-house.js";
import { clearFills, type ClearingState, fillKey } from "./clear-fills.js";

// 100 contracts at 8000 are 8,000 dollars: 800 to open, 400 to maintain.
const alice = accountId("alice");
const bob = accountId("bob");

const state: ClearingState = {
  accounts: byId(holder("alice", "1000"), holder("bob", "1000"), holder("carol", "100000")),
  missing: new Map(),
  market: marketAt("8000"),
  parameters,
  posted: new Set(),
  priceBand: ratio("0.1"),
  summarise,
};

function fill(change: Partial<Fill> & { readonly id?: string } = {}): Fill {
  return {
    id: "f1",
    instrument: PERP,
    buyer: alice,
    seller: bob,
    quantity: quantity("100"),
    price: price("8000"),
    buyerFeeRate: ratio("0"),
    sellerFeeRate: ratio("0"),
    at: NOON,
    ...change,
  };
}

const codes = (cleared: ReturnType<typeof clearFills>) =>
  cleared.outcomes.map((outcome) => (outcome.status === "REJECTED" ? outcome.rejection.code : outcome.status));

describe("MARGIN-8: a fill is admitted when both sides may hold what they would hold", () => {
  test("an admitted fill becomes one balanced journal of both sides", () => {
    const cleared = clearFills(state, [fill()]);
    expect(cleared.outcomes).toEqual([{ id: "f1", status: "POSTED" }]);
    expect(cleared.journals.map((journal) => journal.key)).toEqual([fillKey("f1")]);
    for (const journal of cleared.journals) assertBalanced(journal);
  });

  test("the state is carried forward: what the first fill used up the second cannot use again", () => {
    const cleared = clearFills(state, [
      fill({ id: "f1" }),
      fill({ id: "f2", seller: accountId("carol") }),
      fill({ id: "f3", quantity: quantity("25"), seller: accountId("carol") }),
    ]);
    expect(codes(cleared)).toEqual(["POSTED", "INITIAL_MARGIN_INSUFFICIENT", "POSTED"]);
  });

  test("a rejected fill leaves no trace in those that follow", () => {
    const cleared = clearFills(state, [
      fill({ id: "f1", quantity: quantity("1000"), seller: accountId("carol") }),
      fill({ id: "f2", quantity: quantity("125"), seller: accountId("carol") }),
    ]);
    expect(codes(cleared)).toEqual(["INITIAL_MARGIN_INSUFFICIENT", "POSTED"]);
    expect(cleared.journals).toHaveLength(1);
  });

  test("the buyer is told before the seller", () => {
    const cleared = clearFills(state, [fill({ quantity: quantity("1000") })]);
    expect(cleared.outcomes[0]).toMatchObject({ rejection: { code: "INITIAL_MARGIN_INSUFFICIENT", account: alice } });
    const sold = clearFills(state, [fill({ quantity: quantity("1000"), buyer: accountId("carol"), seller: bob })]);
    expect(sold.outcomes[0]).toMatchObject({ rejection: { code: "INITIAL_MARGIN_INSUFFICIENT", account: bob } });
  });

  test("an account below initial margin may still reduce", () => {
    const opened = clearFills(state, [fill({ quantity: quantity("125"), seller: accountId("carol") })]);
    const accounts = new Map(state.accounts);
    for (const journal of opened.journals) {
      for (const account of accounts.values()) accounts.set(account.id, applyJournal(account, journal));
    }
    const fallen: ClearingState = { ...state, accounts, market: marketAt("7500") };
    const reduce = fill({ buyer: accountId("carol"), seller: alice, quantity: quantity("25"), price: price("7500") });
    const increase = fill({ id: "f2", seller: accountId("carol"), quantity: quantity("1"), price: price("7500") });
    expect(codes(clearFills(fallen, [reduce]))).toEqual(["POSTED"]);
    expect(codes(clearFills(fallen, [increase]))).toEqual(["INITIAL_MARGIN_INSUFFICIENT"]);
  });

  test("fees are margined too: 800 of 1000 dollars is room for a fee of 200 and not of 201", () => {
    expect(codes(clearFills(state, [fill({ buyerFeeRate: ratio("0.025") })]))).toEqual(["POSTED"]);
    expect(codes(clearFills(state, [fill({ buyerFeeRate: ratio("0.025125") })]))).toEqual([
      "INITIAL_MARGIN_INSUFFICIENT",
    ]);
  });

  test("a batch answers as its fills do one at a time", () => {
    const fills = ["10", "70", "30", "20", "5"].map((size, at) =>
      fill({ id: `f${at}`, quantity: quantity(size), seller: at % 2 === 0 ? bob : accountId("carol") }),
    );
    const together = clearFills(state, fills);
    let accounts = new Map(state.accounts);
    const apart = fills.flatMap((one) => {
      const cleared = clearFills({ ...state, accounts }, [one]);
      for (const journal of cleared.journals) {
        accounts = new Map([...accounts].map(([id, account]) => [id, applyJournal(account, journal)]));
      }
      return cleared.outcomes;
    });
    expect(together.outcomes).toEqual(apart);
  });
});

describe("a fill happens once", () => {
  test("an id that is in the ledger is replayed and not judged again", () => {
    const replayed = clearFills({ ...state, posted: new Set([fillKey("f1")]) }, [fill({ quantity: quantity("9999") })]);
    expect(replayed).toEqual({ outcomes: [{ id: "f1", status: "REPLAYED" }], journals: [] });
  });

  test("twice in a batch is once", () => {
    const cleared = clearFills(state, [fill(), fill()]);
    expect(codes(cleared)).toEqual(["POSTED", "REPLAYED"]);
    expect(cleared.journals).toHaveLength(1);
  });
});

describe("checks run in the order in which rejections are declared", () => {
  // Every fault of a fill at once; taking them away from the front shows one code after the other.
  const late = { ...state, market: marketAt("8000") };
  const faults: readonly (readonly [Rejection["code"], Partial<Fill>, Partial<ClearingState>])[] = [
    ["ACCOUNT_UNKNOWN", { buyer: accountId("nobody"), instrument: FUTURE }, {}],
    [
      "ACCOUNT_FROZEN",
      { buyer: accountId("frozen") },
      { missing: new Map([[accountId("frozen"), { code: "ACCOUNT_FROZEN", account: accountId("frozen") }]]) },
    ],
    ["INSTRUMENT_UNKNOWN", { instrument: "DOGE-PERPETUAL" as Fill["instrument"], at: EXPIRY }, { market: null }],
    ["INSTRUMENT_EXPIRED", { instrument: FUTURE, at: EXPIRY, seller: alice }, { market: null }],
    ["MARKET_UNKNOWN", { seller: alice }, { market: null }],
    ["PRICE_MISSING", { seller: alice }, { market: { ...marketAt("8000"), markPrices: new Map() } }],
    ["SAME_ACCOUNT", { seller: alice, quantity: quantity("-1") }, {}],
    ["AMOUNT_NOT_POSITIVE", { quantity: quantity("-0.5"), price: price("1") }, {}],
    ["QUANTITY_NOT_WHOLE_LOTS", { quantity: quantity("0.5"), price: price("1") }, {}],
    ["PRICE_OUT_OF_BAND", { quantity: quantity("100000"), price: price("7199.5") }, {}],
    ["INITIAL_MARGIN_INSUFFICIENT", { quantity: quantity("100000") }, {}],
  ];

  test.each(faults)("%s", (code, terms, setting) => {
    const cleared = clearFills({ ...late, ...setting }, [fill(terms)]);
    expect(codes(cleared)).toEqual([code]);
    expect(cleared.journals).toEqual([]);
  });
});

describe("the price band: ten per cent of a mark of 8000", () => {
  //  price        answer
  test.each([
    ["7200", "POSTED"],
    ["7199.5", "PRICE_OUT_OF_BAND"],
    ["8800", "POSTED"],
    ["8800.5", "PRICE_OUT_OF_BAND"],
    ["0", "PRICE_OUT_OF_BAND"],
    ["-8000", "PRICE_OUT_OF_BAND"],
  ])("at %s: %s", (at, answer) => {
    const cleared = clearFills(state, [fill({ price: price(at), quantity: quantity("1") })]);
    expect(codes(cleared)).toEqual([answer]);
  });

  test("the facts say where the band was", () => {
    const [outcome] = clearFills(state, [fill({ price: price("9000") })]).outcomes;
    if (outcome?.status !== "REJECTED") throw new Error("expected a rejection");
    expect(factsOf(outcome.rejection)).toEqual({ price: "9000", priceMin: "7200", priceMax: "8800" });
  });
});

describe("DECISION-7: new risk is judged at stable marks as well", () => {
  const carol = accountId("carol");
  /** Alice has bought 100 at 8,000; then the mark leaps, and the stable mark is this. */
  function after(stable: string, mark: string, change: Partial<Fill>) {
    const opened = clearFills(state, [fill({ seller: carol })]).journals;
    const accounts = byId(...[...state.accounts.values()].map((account) => opened.reduce(applyJournal, account)));
    const market = { ...marketAt(mark), stableMarks: new Map([[PERP, price(stable)]]) };
    return codes(
      clearFills({ ...state, accounts, market }, [fill({ id: "f2", seller: carol, price: price(mark), ...change })]),
    );
  }

  //  what is tried at a mark of 8,800                          stable   the fill                                       answer
  test.each([
    ["a profit that has stood opens more", "8800", {}, "POSTED"],
    ["a profit of this minute opens nothing", "8000", {}, "INITIAL_MARGIN_INSUFFICIENT"],
    ["and closes whatever the stable mark is", "8000", { buyer: carol, seller: alice }, "POSTED"],
    ["in part too", "20000", { buyer: carol, seller: alice, quantity: quantity("50") }, "POSTED"],
    [
      "but does not turn",
      "8000",
      { buyer: carol, seller: alice, quantity: quantity("400") },
      "INITIAL_MARGIN_INSUFFICIENT",
    ],
  ] as const)("%s", (_, stable, change, answer) => {
    expect(after(stable, "8800", change)).toEqual([answer]);
  });
});
