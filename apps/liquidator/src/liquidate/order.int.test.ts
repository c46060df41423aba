import { expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import { BTC_LINEAR, MAKER, openHouse } from "../testing/house.js";
import { lookAgain } from "./look-again.js";

async function play(order: readonly string[]): Promise<string> {
  const house = await openHouse();
  await house.bitcoinAt("8000");
  for (const [name, collateral, contracts, at] of [
    ["alice", "500", "1000", "8000.5"],
    ["bob", "350", "700", "8003"],
    ["carol", "200", "400", "8001"],
  ] as const) {
    const id = await house.account(name, "USER", { USDC: collateral });
    await house.trade(id, MAKER, BTC_LINEAR, contracts, at);
  }
  const zoe = await house.account("zoe", "USER", { USDC: "100000" });
  await house.trade(zoe, MAKER, BTC_LINEAR, "-1900", "8000");
  await house.bitcoinAt("7570");
  for (const name of order) await lookAgain(house.setting, accountId(name));
  await house.settle();
  const fingerprint = await house.fingerprint();
  await house.close();
  return fingerprint;
}

test("the order in which accounts are looked at leaves no trace in the ledger", async () => {
  expect(await play(["alice", "bob", "carol"])).toBe(await play(["carol", "bob", "alice"]));
});
