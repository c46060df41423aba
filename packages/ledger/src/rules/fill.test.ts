import { describe, expect, test } from "@jest/globals";
import type { Account, Instrument } from "@ballast/model";
import {
  ALICE,
  accountOf,
  BOB,
  BTC_PERPETUAL,
  BTC_USDC_PERPETUAL,
  balanceOf,
  CAROL,
  contractsOf,
  costOf,
  NOON,
  USDC,
} from "@ballast/model/testing";
import { amount, magnitude, price, quantity, ZERO_AMOUNT } from "@ballast/money";
import { applyJournal } from "../balances.js";
import { assertBalanced } from "../invariants.js";
import { type FillKind, fillJournal, type FillTerms } from "./fill.js";

type Trade = readonly [signed: string, at: string];

/** Alice makes these trades against Bob, without fees; answers both accounts. */
function after(instrument: Instrument, ...trades: readonly Trade[]): { alice: Account; bob: Account } {
  let [alice, bob] = [ALICE, BOB];
  trades.forEach(([signed, traded], index) => {
    const trade = quantity(signed);
    const journal = fillJournal({
      key: `fill-${index}`,
      kind: "FILL",
      at: NOON,
      instrument,
      buyer: trade.isNegative() ? bob : alice,
      seller: trade.isNegative() ? alice : bob,
      quantity: magnitude(trade),
      price: price(traded),
      buyerFee: ZERO_AMOUNT,
      sellerFee: ZERO_AMOUNT,
    });
    assertBalanced(journal);
    [alice, bob] = [applyJournal(alice, journal), applyJournal(bob, journal)];
  });
  return { alice, bob };
}

describe("POSITION-3: what a trade realises", () => {
  //  alice                                   trades (signed contracts at price)      contracts cost    realised
  test.each<[string, readonly Trade[], string, string, string]>([
    ["opens a long", [["10", "8000"]], "10", "-80", "0"],
    [
      "adds: the costs add up",
      [
        ["10", "8000"],
        ["10", "6000"],
      ],
      "20",
      "-140",
      "0",
    ],
    [
      "closes half at a loss",
      [
        ["10", "8000"],
        ["-5", "6000"],
      ],
      "5",
      "-40",
      "-10",
    ],
    [
      "closes whole at a profit",
      [
        ["10", "8000"],
        ["-10", "9000"],
      ],
      "0",
      "0",
      "10",
    ],
    [
      "closes at the entry price",
      [
        ["10", "8000"],
        ["-10", "8000"],
      ],
      "0",
      "0",
      "0",
    ],
    ["opens a short", [["-10", "8000"]], "-10", "80", "0"],
    [
      "buys back half a short lower",
      [
        ["-10", "8000"],
        ["5", "6000"],
      ],
      "-5",
      "40",
      "10",
    ],
    [
      "sells through zero: a close and an opening",
      [
        ["10", "8000"],
        ["-15", "9000"],
      ],
      "-5",
      "45",
      "10",
    ],
    [
      "buys through zero",
      [
        ["-4", "8000"],
        ["10", "7000"],
      ],
      "6",
      "-42",
      "4",
    ],
    [
      "closes against the average cost",
      [
        ["10", "8000"],
        ["10", "6000"],
        ["-5", "7000"],
      ],
      "15",
      "-105",
      "0",
    ],
    [
      "comes back to nothing by three ways",
      [
        ["3", "8000"],
        ["4", "9000"],
        ["-7", "8500"],
      ],
      "0",
      "0",
      "-0.5",
    ],
    [
      "opens again after closing",
      [
        ["10", "8000"],
        ["-10", "9000"],
        ["2", "7000"],
      ],
      "2",
      "-14",
      "10",
    ],
  ])("linear, 0.001 BTC a contract: %s", (_, trades, contracts, cost, realised) => {
    const { alice, bob } = after(BTC_USDC_PERPETUAL, ...trades);
    expect(contractsOf(alice, BTC_USDC_PERPETUAL).toFixed()).toBe(contracts);
    expect(costOf(alice, BTC_USDC_PERPETUAL).toFixed()).toBe(cost);
    expect(balanceOf(alice, USDC).toFixed()).toBe(realised);
    expect(contractsOf(bob, BTC_USDC_PERPETUAL).neg().eq(contracts)).toBe(true);
    expect(balanceOf(bob, USDC).add(costOf(bob, BTC_USDC_PERPETUAL)).neg().eq(amount(cost).add(realised))).toBe(true);
  });

  //  alice                                        trades                               contracts cost in BTC    realised BTC
  test.each<[string, readonly Trade[], string, string, string]>([
    ["a long has received coin on paper", [["800", "8000"]], "800", "1", "0"],
    [
      "a long closed lower has lost coin",
      [
        ["800", "8000"],
        ["-800", "5000"],
      ],
      "0",
      "0",
      "-0.6",
    ],
    [
      "a short closed lower has gained the same",
      [
        ["-800", "8000"],
        ["800", "5000"],
      ],
      "0",
      "0",
      "0.6",
    ],
    [
      "half a long closed higher",
      [
        ["800", "8000"],
        ["-400", "10000"],
      ],
      "400",
      "0.5",
      "0.1",
    ],
    [
      "turned from long to short",
      [
        ["800", "8000"],
        ["-1200", "10000"],
      ],
      "-400",
      "-0.4",
      "0.2",
    ],
    [
      "shares that do not come out even",
      [
        ["3", "9"],
        ["-1", "9"],
      ],
      "2",
      "2.222222222222222222",
      "0",
    ],
    [
      "shares rounded against a long",
      [
        ["3", "7"],
        ["-1", "7"],
      ],
      "2",
      "2.857142857142857143",
      "0",
    ],
    [
      "shares rounded against a short",
      [
        ["-3", "7"],
        ["1", "7"],
      ],
      "-2",
      "-2.857142857142857142",
      "-0.000000000000000001",
    ],
  ])("inverse, 10 dollars a contract: %s", (_, trades, contracts, cost, realised) => {
    const { alice } = after(BTC_PERPETUAL, ...trades);
    expect(contractsOf(alice, BTC_PERPETUAL).toFixed()).toBe(contracts);
    expect(costOf(alice, BTC_PERPETUAL).toFixed()).toBe(cost);
    expect(balanceOf(alice, BTC_PERPETUAL.settlementAsset).toFixed()).toBe(realised);
  });
});

describe("LEDGER-4: a fill", () => {
  const terms: FillTerms = {
    key: "fill-1",
    kind: "FILL",
    at: NOON,
    instrument: BTC_USDC_PERPETUAL,
    buyer: ALICE,
    seller: BOB,
    quantity: quantity("10"),
    price: price("8000"),
    buyerFee: amount("0.04"),
    sellerFee: amount("-0.008"),
  };
  const legsOf = (changed: Partial<FillTerms> = {}) =>
    fillJournal({ ...terms, ...changed }).postings.map(({ account, book, asset, amount: moved }) =>
      [account, book, asset, moved.toFixed()].join(" "),
    );

  test("moves contracts, cost and fees, the buyer's legs first", () => {
    expect(legsOf()).toEqual([
      "alice position/BTC_USDC-PERPETUAL BTC_USDC-PERPETUAL 10",
      "alice position/BTC_USDC-PERPETUAL USDC -80",
      "alice collateral USDC -0.04",
      "alice fees USDC 0.04",
      "bob position/BTC_USDC-PERPETUAL BTC_USDC-PERPETUAL -10",
      "bob position/BTC_USDC-PERPETUAL USDC 80",
      "bob collateral USDC 0.008",
      "bob fees USDC -0.008",
    ]);
  });

  test("has no leg of zero", () => {
    const free = { buyerFee: ZERO_AMOUNT, sellerFee: ZERO_AMOUNT };
    expect(legsOf(free)).toHaveLength(4);
    const long = accountOf("alice", { positions: [[BTC_USDC_PERPETUAL, "10", "8000"]] });
    expect(legsOf({ ...free, buyer: CAROL, seller: long })).toEqual([
      "carol position/BTC_USDC-PERPETUAL BTC_USDC-PERPETUAL 10",
      "carol position/BTC_USDC-PERPETUAL USDC -80",
      "alice position/BTC_USDC-PERPETUAL BTC_USDC-PERPETUAL -10",
      "alice position/BTC_USDC-PERPETUAL USDC 80",
    ]);
  });

  test("takes the fee from what it realises, and both reach the wallet in one leg", () => {
    const long = accountOf("alice", { positions: [[BTC_USDC_PERPETUAL, "10", "7000"]] });
    expect(legsOf({ buyer: BOB, seller: long, buyerFee: ZERO_AMOUNT, sellerFee: amount("0.04") })).toContain(
      "alice collateral USDC 9.96",
    );
  });

  test("does not know the accounts' other positions", () => {
    const long = accountOf("alice", { positions: [[BTC_PERPETUAL, "-10", "7000"]], balances: { USDC: "5" } });
    expect(legsOf({ buyer: long })).toEqual(legsOf());
  });

  test.each<FillKind>(["FILL", "LIQUIDATION_FILL", "TAKEOVER_FILL", "ADL_FILL", "DISPOSAL_FILL"])(
    "%s is called so, and moves the same",
    (kind) => {
      expect(fillJournal({ ...terms, kind }).kind).toBe(kind);
      expect(legsOf({ kind })).toEqual(legsOf());
    },
  );

  //  what is wrong                 changed
  test.each<[string, Partial<FillTerms>]>([
    ["an account with itself", { seller: ALICE }],
    ["an account with another state of itself", { seller: accountOf("alice", { balances: { USDC: "1" } }) }],
    ["no contracts", { quantity: quantity("0") }],
    ["contracts below zero", { quantity: quantity("-1") }],
    ["a price of zero", { price: price("0") }],
    ["a price below zero", { price: price("-37.63") }],
  ])("is never made of %s", (_, changed) => {
    expect(() => fillJournal({ ...terms, ...changed })).toThrow("LEDGER-4");
  });
});
