import { afterEach, describe, expect, test } from "@jest/globals";
import { type AccountId, accountId, assetId, INSURANCE_FUND, TREASURY } from "@ballast/model";
import { assertLedgerInOrder, DatabaseUnavailable } from "@ballast/store";
import { lookAgain } from "../liquidate/look-again.js";
import type { Setting } from "../setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";
import { runWaterfall } from "./run-waterfall.js";

let house: House;

afterEach(async () => {
  assertLedgerInOrder(await house.store.ledgerCheck());
  await house.close();
});

/** Alice is long ten bitcoin at 8,000 with 5,000 dollars; Bob is short five of them, well funded. */
async function opened(fund: string): Promise<AccountId> {
  house = await openHouse(fund);
  await house.bitcoinAt("8000");
  const alice = await house.account("alice", "USER", { USDC: "5000" });
  const bob = await house.account("bob", "USER", { USDC: "20000" });
  await house.trade(alice, MAKER, BTC_LINEAR, "10000", "8000");
  await house.trade(bob, MAKER, BTC_LINEAR, "-5000", "8000");
  return alice;
}

async function outcome(account: AccountId): Promise<string | null | undefined> {
  return (await house.store.cases({ account, limit: 1 })).items[0]?.outcome;
}

describe("LIQUIDATION-7: the waterfall", () => {
  //  what bitcoin does, and the fund                       fund       bitcoin  outcome
  test.each([
    ["a little is left: taken over at the mark", "1000000", "7505", "TAKEN_OVER"],
    ["less than nothing is left and the fund pays", "1000000", "7000", "BANKRUPT_FUND"],
    ["the fund is short and winners are deleveraged", "1000", "7000", "BANKRUPT_ADL"],
    ["there is no fund at all", "0", "7000", "BANKRUPT_ADL"],
  ])("%s", async (_, fund, bitcoin, expected) => {
    const alice = await opened(fund);
    const sequence = await house.bitcoinAt(bitcoin);
    await house.settle();
    expect(await outcome(alice)).toBe(expected);
    expect(await house.store.snapshotStatus(sequence)).toBe("SETTLED");
    const account = await house.store.account(alice);
    expect(account?.positions.size).toBe(0);
    for (const balance of account?.balances.values() ?? []) expect(balance.gte(0)).toBe(true);
    const paid = await house.store.account(INSURANCE_FUND);
    for (const balance of paid?.balances.values() ?? []) {
      if (paid?.positions.size === 0) expect(balance.gte(0)).toBe(true);
    }
  });

  test("LIQUIDATION-12: the fund sells what it took over, a bounded share a snapshot, until it holds nothing", async () => {
    await opened("1000000");
    await house.bitcoinAt("7000");
    await house.settle();
    const after = async () => (await house.store.account(INSURANCE_FUND))?.positions.get(BTC_LINEAR)?.quantity;
    for (let round = 0; round < 20 && (await after()) !== undefined; round += 1) {
      await house.bitcoinAt("7000");
      await house.settle();
    }
    expect(await after()).toBeUndefined();
  });

  test("nobody is on the other side but the house, which pays what the fund cannot", async () => {
    house = await openHouse("0");
    await house.bitcoinAt("8000");
    const alice = await house.account("alice", "USER", { USDC: "5000" });
    await house.trade(alice, TREASURY, BTC_LINEAR, "10000", "8000");
    await house.bitcoinAt("7000");
    await house.settle();
    expect(await outcome(alice)).toBe("BANKRUPT_SOCIALISED");
    const treasury = await house.store.account(TREASURY);
    expect(treasury?.balances.get(assetId("USDC"))?.toFixed()).toBe("-5000");
  });

  test("what a takeover brings about comes before the next takeover, and so it does when the worker dies in between", async () => {
    /** Two traders go bankrupt; the loss of the first leaves a holder of the other side below maintenance margin. */
    const opening = async (): Promise<House> => {
      const exchange = await openHouse("0");
      await exchange.bitcoinAt("8000");
      await exchange.trade(MAKER, TREASURY, BTC_LINEAR, "20000", "8000");
      for (const trader of ["trader-1", "trader-2"]) {
        const account = await exchange.account(trader, "USER", { USDC: "600" });
        await exchange.trade(account, MAKER, BTC_LINEAR, "1000", "8000");
      }
      const holder = await exchange.account("holder", "USER", { USDC: "585" });
      await exchange.trade(holder, MAKER, BTC_LINEAR, "-200", "6500");
      await exchange.bitcoinAt("6900");
      return exchange;
    };
    const quiet = await opening();
    await quiet.settle();
    const undisturbed = await quiet.fingerprint();
    await quiet.close();
    house = await opening();
    const dying: Setting = {
      ...house.setting,
      events: {
        ...house.setting.events,
        takenOver: () => {
          throw new DatabaseUnavailable(null, "killed");
        },
      },
    };
    for (const account of (await house.store.dueWork()).lookAgain) await lookAgain(house.setting, account);
    await expect(runWaterfall(dying, 2)).rejects.toThrow("killed");
    await house.settle();
    expect(await outcome(accountId("holder"))).toBe("TAKEN_OVER");
    expect(await house.fingerprint()).toBe(undisturbed);
  });

  test("settling twice changes nothing", async () => {
    await opened("1000000");
    await house.bitcoinAt("7000");
    await house.settle();
    const fingerprint = await house.fingerprint();
    expect(await house.store.dueWork()).toMatchObject({ scan: null, lookAgain: [], waterfall: null });
    expect(await house.fingerprint()).toBe(fingerprint);
  });
});
