import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type AccountId, accountId } from "@ballast/model";
import { quantity } from "@ballast/money";
import { assertLedgerInOrder } from "@ballast/store";
import { lookAgain } from "../liquidate/look-again.js";
import type { Setting } from "../setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "../testing/house.js";
import { orderBookVenue, REHEARSAL } from "./order-book-venue.js";
import type { Venue } from "./venue.js";

let house: House;
let alice: AccountId;
/** The venue's clock: it stands still unless a test moves it. */
let clock: number;

/** Alice is long one bitcoin at 8,000 with 500 dollars, and short of margin at 7,570. */
beforeEach(async () => {
  house = await openHouse();
  clock = Date.now();
  await house.bitcoinAt("8000");
  alice = await house.account("alice", "USER", { USDC: "500" });
  await house.trade(alice, MAKER, BTC_LINEAR, "1000", "8000");
  await house.bitcoinAt("7570");
});

afterEach(async () => {
  assertLedgerInOrder(await house.store.ledgerCheck());
  await house.close();
});

const NOTHING = { ...REHEARSAL.conditions, rejected: 0, requestLost: 0, answerLost: 0, reportedLate: 0 };
const ALWAYS = 1_000_000;

const booksWith = (conditions: Partial<typeof NOTHING>): Venue => {
  const roster = { makers: async () => [MAKER], parameters: () => house.store.riskParameters() };
  const rules = { ...REHEARSAL, conditions: { ...NOTHING, ...conditions } };
  return orderBookVenue(roster, () => clock, { seed: "7", orderLifetimeMs: 5_000, rules });
};
const at = (venue: Venue): Setting => ({ ...house.setting, venue });
const steps = () => house.store.steps(alice, 1);
const orders = async () => house.store.ordersOf({ account: alice, epoch: 1, step: 1 });
const fills = async () => house.store.fillsOf({ account: alice, epoch: 1, step: 1 });

/** Looks until the step is done, as the sweeper would. */
async function finish(setting: Setting): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await lookAgain(setting, alice);
    if ((await steps())[0]?.status === "DONE") return;
    clock += 100;
  }
}

describe("VENUE-3: a liquidation at an order book", () => {
  test("travels, fills level by level below the mark, and is booked when it has arrived", async () => {
    const setting = at(booksWith({}));
    await lookAgain(setting, alice);
    expect((await steps())[0]?.status).toBe("INTENT");
    clock += 100;
    await finish(setting);
    expect(await orders()).toMatchObject([{ outcome: "FILLED" }]);
    const booked = await fills();
    expect(booked.length).toBeGreaterThan(0);
    for (const { price, markPrice } of booked) expect(price.lt(markPrice)).toBe(true);
    expect((await house.store.cases({ account: alice, limit: 1 })).items[0]).toMatchObject({ outcome: "REDUCED" });
  });

  //  what goes wrong                     conditions                     how the order ends
  test.each([
    ["every answer is lost", { answerLost: ALWAYS }, "FILLED"],
    ["every fill is reported late", { reportedLate: ALWAYS }, "FILLED"],
    ["the venue refuses", { rejected: ALWAYS }, "REJECTED"],
  ] as const)("%s: booked once, and what was ordered at most", async (_, conditions, outcome) => {
    await finish(at(booksWith(conditions)));
    const [order] = await orders();
    expect(order?.outcome).toBe(outcome);
    const filled = (await fills()).reduce((sum, { quantity }) => sum + Number(quantity), 0);
    expect(filled).toBe(outcome === "FILLED" ? Number(order?.quantity) : 0);
    const left = (await house.store.account(alice))?.positions.get(BTC_LINEAR)?.quantity;
    expect(Number(left)).toBe(1000 + filled);
  });

  test("a second venue, after the first one died, does not take what was written down before it", async () => {
    await lookAgain(at(booksWith({})), alice);
    // Within the deadline of the order, which is five seconds.
    clock += 4_900;
    const reborn = at(booksWith({}));
    await lookAgain(reborn, alice);
    clock += 60;
    await lookAgain(reborn, alice);
    expect((await steps())[0]?.status).toBe("INTENT");
    expect(await fills()).toEqual([]);
  });

  test("the second of two sellers trades where the first has left the price", async () => {
    const venue = booksWith({});
    const snapshot = await house.store.snapshot(2);
    if (snapshot === null) throw new Error("the snapshot is there");
    const order = (name: string) => ({
      clientOrderId: `${name}.1.1.1`,
      account: accountId(name),
      epoch: 1,
      step: 1,
      leg: 1,
      instrument: BTC_LINEAR,
      quantity: quantity("-300000"),
      deadline: (clock + 5_000) as typeof house.openedAt,
      outcome: null,
      reason: null,
    });
    await venue.place(order("carol"), snapshot);
    clock += 60;
    await venue.place(order("dave"), snapshot);
    clock += 60;
    const worst = async (name: string) => (await venue.report(order(name), snapshot)).fills.at(-1)?.price;
    const [first, second] = [await worst("carol"), await worst("dave")];
    expect(second?.lt(first ?? "0")).toBe(true);
  });
});
