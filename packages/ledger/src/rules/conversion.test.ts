import { describe, expect, test } from "@jest/globals";
import { accountOf, holdingsOf, NOON } from "@ballast/model/testing";
import { amount } from "@ballast/money";
import { applyJournal } from "../balances.js";
import { assertBalanced } from "../invariants.js";
import { type Conversion, conversionJournal } from "./conversion.js";

const alice = accountOf("alice", { balances: { USDC: "-500", BTC: "0.1" } });
const fund = accountOf("house.insurance-fund", { kind: "INSURANCE_FUND", balances: { USDC: "100000" } });
const terms: Conversion = {
  key: "conversion-1",
  at: NOON,
  account: alice.id,
  counterparty: fund.id,
  gives: { asset: "BTC", amount: amount("0.1") },
  receives: { asset: "USDC", amount: amount("500") },
};

describe("LEDGER-3: a conversion", () => {
  test("buys a debt back with coin: each asset balances on its own, so no rate is part of the ledger", () => {
    const journal = conversionJournal(terms);
    assertBalanced(journal);
    expect(holdingsOf(applyJournal(alice, journal))).toEqual({});
    expect(holdingsOf(applyJournal(fund, journal))).toEqual({ USDC: "99500", BTC: "0.1" });
  });

  //  what is wrong                  changed                                             the ledger says
  test.each<[string, Partial<Conversion>, string]>([
    ["gives nothing", { gives: { asset: "BTC", amount: amount("0") } }, "in amounts above zero"],
    ["receives nothing", { receives: { asset: "USDC", amount: amount("0") } }, "in amounts above zero"],
    ["receives a debt", { receives: { asset: "USDC", amount: amount("-1") } }, "in amounts above zero"],
    ["is with oneself", { counterparty: alice.id }, "between two accounts"],
    ["is of one asset", { receives: { asset: "BTC", amount: amount("0.1") } }, "of two assets"],
  ])("that %s is a bug", (_, changed, says) => {
    expect(() => conversionJournal({ ...terms, ...changed })).toThrow(says);
  });
});
