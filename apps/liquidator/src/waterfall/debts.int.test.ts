import { afterEach, describe, expect, test } from "@jest/globals";
import { type AccountId, type AssetId, assetId, INSURANCE_FUND } from "@ballast/model";
import { assertLedgerInOrder } from "@ballast/store";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";

let house: House;
const USDC = assetId("USDC");

afterEach(async () => {
  assertLedgerInOrder(await house.store.ledgerCheck());
  await house.close();
});

/** Alice is long ten bitcoin at 8,000 with 5,000 dollars; at 7,000 she owes 5,000 that she has not. */
async function bankrupt(fund: string): Promise<AccountId> {
  house = await openHouse(fund);
  await house.bitcoinAt("8000");
  const alice = await house.account("alice", "USER", { USDC: "5000" });
  const bob = await house.account("bob", "USER", { USDC: "20000" });
  await house.trade(alice, MAKER, BTC_LINEAR, "10000", "8000");
  await house.trade(bob, MAKER, BTC_LINEAR, "-5000", "8000");
  await house.bitcoinAt("7000");
  await house.settle();
  return alice;
}

const owed = async () =>
  (await house.store.debts()).map(
    ({ debtor, creditor, asset, amount }) => `${debtor} owes ${creditor} ${amount.toFixed()} ${asset}`,
  );

async function balance(account: AccountId, asset: AssetId = USDC): Promise<string> {
  return (await house.store.account(account))?.balances.get(asset)?.toFixed() ?? "0";
}

describe("CASE-12: what the fund pays for a bankrupt account", () => {
  test("is kept as that account's debt to the fund, and as nothing else", async () => {
    const alice = await bankrupt("1000000");
    expect(await owed()).toEqual([`alice owes ${INSURANCE_FUND} 5000 USDC`]);
    expect(await balance(alice)).toBe("0");
  });
});

describe("CASE-13: whoever owes and has something again", () => {
  test("repays at the next snapshot, once, and no more than it owes", async () => {
    const alice = await bankrupt("1000000");
    await house.deposit(alice, { USDC: "1200" });
    await house.bitcoinAt("7000");
    await house.settle();
    expect(await owed()).toEqual([`alice owes ${INSURANCE_FUND} 3800 USDC`]);
    expect(await balance(alice)).toBe("0");

    await house.deposit(alice, { USDC: "10000" });
    await house.bitcoinAt("7001");
    await house.settle();
    expect(await owed()).toEqual([]);
    expect(await balance(alice)).toBe("6200");
    expect(house.told.filter((line) => line.startsWith("alice recovered"))).toHaveLength(2);
  });

  test("repays from another asset, exchanged with the fund at the index", async () => {
    const alice = await bankrupt("1000000");
    await house.deposit(alice, { BTC: "1" });
    await house.bitcoinAt("7000");
    await house.settle();
    expect(await owed()).toEqual([]);
    expect(await balance(alice, assetId("BTC"))).toMatch(/^0\.2857142857/);
  });

  test("is left alone while a person has stopped recoveries", async () => {
    const alice = await bankrupt("1000000");
    await house.store.pauseStage(house.command(), "DEBT_RECOVERY", "the debt is disputed");
    await house.deposit(alice, { USDC: "1200" });
    await house.bitcoinAt("7000");
    await house.settle();
    expect(await balance(alice)).toBe("1200");
  });
});
