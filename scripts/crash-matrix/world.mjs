import { createHash } from "node:crypto";
import { built } from "./built.mjs";
import { randomFrom } from "./cells.mjs";

/*
 * The exchange that is disturbed: two or three accounts to reduce, one to take over while it has something left, one that
 * the fund pays for, one that winners pay for, and what the fund then has to sell. All of it is a function of the seed.
 */

const { openStore } = await built("packages/store/dist/index.js");
const { ledgerFingerprint, depositJournal, fillJournal } = await built("packages/ledger/dist/index.js");
const model = await built("packages/model/dist/index.js");
const money = await built("packages/money/dist/index.js");
const risk = await built("packages/risk-core/dist/index.js");

const { accountId, assetId, instrumentId, ok, toUtcMillis } = model;
const { amount, magnitude, price, quantity, usd, ZERO_AMOUNT } = money;

const OPENED_AT = 1_583_971_200_000;
const PERPETUAL = instrumentId("BTC_USDC-PERPETUAL");
const MAKER = accountId("maker-1");

/** A store of the parent's own, to set the stage and to see how it ends. */
export function openWorld(databaseUrl) {
  return openStore({
    databaseUrl,
    assess: risk.assessHealth,
    loadParameters: risk.loadRiskParameters,
    applicationName: "crash-matrix",
    poolMax: 2,
  });
}

let keys = 0;
const command = (action) => ({
  scope: "crash-matrix",
  key: `${action}-${(keys += 1)}`,
  fingerprint: "0".repeat(64),
  actor: "crash-matrix",
  action,
  at: toUtcMillis(OPENED_AT),
});

/** Opens the accounts of a seed at 8,000 dollars a bitcoin, and settles that snapshot by hand. */
export async function setTheStage(store, seed) {
  const random = randomFrom(seed);
  const between = (low, high) => low + Math.floor(random() * (high - low + 1));
  await store.saveRiskParameters(risk.printRiskParameters(risk.standardParameters()), 1, toUtcMillis(OPENED_AT));
  const actors = [
    ["house.insurance-fund", "INSURANCE_FUND", between(40, 120), 0],
    ["house.treasury", "HOUSE", 0, 0],
    ["maker-1", "MARKET_MAKER", 1_000_000, 0],
    // Margin a little below maintenance at 7,570: one bitcoin costs 430 and needs 76.
    ["alice", "USER", between(480, 500), 1_000],
    ["amy", "USER", between(960, 1_000), 2_000],
    ...(random() < 0.5 ? [["ada", "USER", between(482, 500), 1_000]] : []),
    // A little is left, less than a quarter of what is needed.
    ["bob", "USER", between(432, 446), 1_000],
    // Owes a little, which the fund has; owes more, which it has not.
    ["carol", "USER", between(395, 425), 1_000],
    ["dave", "USER", between(150, 250), 1_000],
    // Winners of the other side.
    ["wendy", "USER", 5_000, -between(1_500, 2_500)],
    ["will", "USER", 5_000, -between(1_000, 2_000)],
  ];
  const created = actors.map(([id, kind]) => ({ id: accountId(id), kind, parent: null, name: id }));
  await store.createAccounts(command("open"), created);
  await publish(store, 1, "8000");
  const ids = created.map(({ id }) => id);
  const done = await store.runCommand(command("set"), ids, async (transaction) => {
    for (const [id, , dollars] of actors) {
      if (dollars > 0) await transaction.post([deposit(accountId(id), String(dollars))]);
    }
    for (const [id, , , contracts] of actors) {
      if (contracts !== 0) await transaction.post([trade(transaction, accountId(id), String(contracts))]);
    }
    return ok(null);
  });
  if (!done.ok) throw new Error(`the stage could not be set: ${JSON.stringify(done.rejection)}`);
  await store.scanSnapshot(1);
  if (!(await store.settleSnapshot(1))) throw new Error("nobody should be in trouble at 8,000");
}

function deposit(account, dollars) {
  const terms = { at: toUtcMillis(OPENED_AT), asset: assetId("USDC"), amount: amount(dollars) };
  return depositJournal({ key: `stage.deposit.${account}`, account, ...terms });
}

function trade(transaction, account, contracts) {
  const signed = quantity(contracts);
  const [buyer, seller] = signed.gt(0) ? [account, MAKER] : [MAKER, account];
  return fillJournal({
    key: `stage.trade.${account}`,
    kind: "FILL",
    at: toUtcMillis(OPENED_AT),
    instrument: transaction.parameters.instruments.get(PERPETUAL),
    buyer: transaction.account(buyer),
    seller: transaction.account(seller),
    quantity: magnitude(signed),
    price: price("8000"),
    buyerFee: ZERO_AMOUNT,
    sellerFee: ZERO_AMOUNT,
  });
}

/** Publishes the prices at which everybody falls. */
export const publishTheFall = (store, sequence) => publish(store, sequence, "7570");

async function publish(store, sequence, dollars) {
  const markPrices = new Map();
  const depths = new Map();
  for (const { id, underlying } of risk.standardParameters().instruments.values()) {
    markPrices.set(id, price(underlying === "BTC" ? dollars : "200"));
    // Thin enough that the fund has something left to sell at the second snapshot.
    depths.set(id, usd("100000"));
  }
  const indexPrices = new Map([
    [assetId("BTC"), price(dollars)],
    [assetId("ETH"), price("200")],
    [assetId("USDC"), price("1")],
  ]);
  const at = toUtcMillis(OPENED_AT + sequence * 60_000);
  const published = await store.publishSnapshot(command("publish"), { sequence, at, indexPrices, markPrices, depths });
  if (!published.ok) throw new Error(`snapshot ${sequence} was refused`);
}

/** What a run came to: one hash of the ledger, how each case ended, and whatever is not in order. */
export async function endingOf(store) {
  const journals = [];
  for await (const journal of store.allJournals()) journals.push(journal);
  const check = await store.ledgerCheck();
  const cases = (await store.cases({ limit: 100 })).items;
  const wrong = [];
  if (!check.balanced) wrong.push("the ledger does not balance");
  for (const open of cases) if (open.stage !== "CLOSED") wrong.push(`the case of ${open.account} is open`);
  for (const step of await store.unfinishedSteps()) wrong.push(`step ${step.step} of ${step.account} is not finished`);
  for (const step of await store.quarantined()) wrong.push(`${step.account} waits for a person: ${step.fault.message}`);
  return {
    fingerprint: ledgerFingerprint(journals, (text) => createHash("sha256").update(text).digest("hex")),
    journals: journals.length,
    outcomes: cases.map(({ account, outcome, stepCount }) => `${account} ${outcome} ${stepCount}`).sort(),
    wrong,
  };
}
