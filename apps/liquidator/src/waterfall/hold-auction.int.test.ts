import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type AccountId, accountId } from "@ballast/model";
import { assertLedgerInOrder, type Command, DatabaseUnavailable } from "@ballast/store";
import { lookAgain } from "../liquidate/look-again.js";
import { liquidatorCommand, type Setting } from "../setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";
import { runWaterfall } from "./run-waterfall.js";

let house: House;
let provider: AccountId;
let words = 0;

/** Alice is long ten bitcoin at 8,000 with 5,000 dollars; at 7,505 fifty dollars are left, too little to reduce. */
async function opened(): Promise<House> {
  const exchange = await openHouse();
  await exchange.bitcoinAt("8000");
  const alice = await exchange.account("alice", "USER", { USDC: "5000" });
  await exchange.account("provider", "MARKET_MAKER", { USDC: "1000000" });
  await exchange.trade(alice, MAKER, BTC_LINEAR, "10000", "8000");
  return exchange;
}

beforeEach(async () => {
  house = await opened();
  provider = accountId("provider");
});

afterEach(async () => {
  assertLedgerInOrder(await house.store.ledgerCheck());
  await house.close();
});

function by(actor: string): Command {
  words += 1;
  return { ...liquidatorCommand("control", `word-${words}`, house.openedAt), actor };
}

const alice = accountId("alice");
const newestCase = async () => (await house.store.cases({ account: alice, limit: 1 })).items[0];

describe("CASE-16: a takeover waits for bids", () => {
  test("is offered for five minutes of market time, each snapshot is settled meanwhile, and then the fund takes it", async () => {
    await house.store.registerProvider(by("ann"), provider, null);
    for (let minute = 0; minute < 5; minute += 1) {
      const sequence = await house.bitcoinAt("7505");
      await house.settle();
      expect(await house.store.snapshotStatus(sequence)).toBe("SETTLED");
      expect(await house.store.auction(alice, 1)).toMatchObject({ outcome: null, bids: 0, workedSequence: sequence });
      expect(await newestCase()).toMatchObject({ stage: "TAKEOVER", stepCount: 0 });
    }
    const last = await house.bitcoinAt("7505");
    await house.settle();
    expect(await house.store.auction(alice, 1)).toMatchObject({ outcome: "TIME_OVER", closedSequence: last });
    expect(await newestCase()).toMatchObject({ stage: "CLOSED", outcome: "TAKEN_OVER" });
    expect((await house.store.account(alice))?.positions.size).toBe(0);
  });

  //  what happens meanwhile                                     then                            auction          case
  test.each([
    ["the market comes back", () => house.bitcoinAt("8000"), "RESTORED", "RECOVERED"],
    ["the account is worth nothing any more", () => house.bitcoinAt("7450"), "NOTHING_LEFT", "BANKRUPT_FUND"],
    [
      "the last provider is retired",
      async () => {
        await house.store.retireProvider(by("ann"), provider);
        return house.bitcoinAt("7505");
      },
      "NO_PROVIDERS",
      "TAKEN_OVER",
    ],
  ])("ends when %s", async (_, happens, auction, outcome) => {
    await house.store.registerProvider(by("ann"), provider, null);
    await house.bitcoinAt("7505");
    await house.settle();
    await happens();
    await house.settle();
    expect(await house.store.auction(alice, 1)).toMatchObject({ outcome: auction });
    expect(await newestCase()).toMatchObject({ stage: "CLOSED", outcome });
  });

  test("waits out a frozen price without a sale, and without holding up the snapshot", async () => {
    await house.store.registerProvider(by("ann"), provider, null);
    await house.bitcoinAt("7505");
    await house.settle();
    const frozen = await house.bitcoinAt("7505", "BTC");
    await house.settle();
    expect(await house.store.snapshotStatus(frozen)).toBe("SETTLED");
    expect(await house.store.auction(alice, 1)).toMatchObject({ outcome: null, workedSequence: frozen });
  });

  test("with nobody registered, or only the account itself, there is no auction", async () => {
    await house.store.registerProvider(by("ann"), alice, null);
    await house.store.registerProvider(by("ann"), provider, null);
    await house.store.retireProvider(by("bob"), provider);
    await house.bitcoinAt("7505");
    await house.settle();
    expect(await house.store.auction(alice, 1)).toBeNull();
    expect(await newestCase()).toMatchObject({ outcome: "TAKEN_OVER" });
  });

  test("CASE-7: a pause of auctions holds up the cases that have one", async () => {
    await house.store.registerProvider(by("ann"), provider, null);
    const sequence = await house.bitcoinAt("7505");
    await house.store.pauseStage(by("ann"), "AUCTION", "a provider complains");
    await lookAgain(house.setting, alice);
    expect(await runWaterfall(house.setting, sequence)).toBe(false);
    expect(await house.store.auction(alice, 1)).toBeNull();
    await house.store.resumeStage(by("ann"), "AUCTION");
    await house.store.resumeStage(by("bob"), "AUCTION");
    await house.settle();
    expect(await house.store.auction(alice, 1)).toMatchObject({ outcome: null });
  });

  test("a worker that dies between the end of an auction and the takeover changes nothing", async () => {
    const play = async (die: boolean): Promise<string> => {
      await house.store.registerProvider(by("ann"), provider, null);
      await house.bitcoinAt("7505");
      await house.settle();
      const sequence = await house.bitcoinAt("7450");
      if (die) {
        const dying: Setting = {
          ...house.setting,
          events: {
            ...house.setting.events,
            auctioned: () => {
              throw new DatabaseUnavailable(null, "killed");
            },
          },
        };
        await expect(runWaterfall(dying, sequence)).rejects.toThrow("killed");
        expect(await house.store.auction(alice, 1)).toMatchObject({ outcome: "NOTHING_LEFT" });
        expect(await newestCase()).toMatchObject({ stage: "TAKEOVER" });
      }
      await house.settle();
      return house.fingerprint();
    };
    const undisturbed = await play(false);
    await house.close();
    house = await opened();
    expect(await play(true)).toBe(undisturbed);
  });
});
