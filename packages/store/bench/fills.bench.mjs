import { randomUUID } from "node:crypto";
import { fillFee, fillJournal, depositJournal } from "@ballast/ledger";
import { accountId, assetId, instrumentId, ok, toUtcMillis } from "@ballast/model";
import { amount, contractSize, price, quantity, ratio, usd, ZERO_USD } from "@ballast/money";
import { applyMigrations, openStore } from "@ballast/store";
import pg from "pg";

/*
 * Fills posted through the store, a thousand in a command, between 200 accounts: journals with fees and realised profit,
 * folded, hashed and chained, with their projections, verdicts (by a judge that costs nothing), outbox and audit rows and
 * the idempotency key, in one transaction under the row locks. All of it is in the time.
 *
 * The baseline is the same journal and posting rows, put by two bare `unnest` inserts in one transaction into tables with
 * the same columns, checks and indexes and without triggers. The two take turns, so that a noisy moment meets both.
 */

export const needs = ["postgres"];

const ACCOUNTS = 200;
const FILLS = 1000;
const ROUNDS = 15;
const WARM_UP = 3;

export async function run({ progress }) {
  const server = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });
  await server.connect();
  const name = `ballast_bench_${randomUUID().replaceAll("-", "")}`;
  await server.query(`CREATE DATABASE ${name}`);
  const address = new URL(process.env.TEST_DATABASE_URL);
  address.pathname = `/${name}`;
  try {
    await applyMigrations(address.href);
    return await measure(address.href, progress);
  } finally {
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
  }
}

async function measure(databaseUrl, progress) {
  const store = await openStore({ databaseUrl, assess: () => verdict, loadParameters: () => parameters });
  const bare = new pg.Client({ connectionString: databaseUrl });
  await bare.connect();
  await bare.query(`
    CREATE TABLE bare_journal (LIKE journal INCLUDING ALL);
    CREATE TABLE bare_posting (LIKE posting INCLUDING ALL)`);
  const accounts = await prepare(store);

  const through = [];
  const direct = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const posted = await timed(() => postFills(store, accounts, round + WARM_UP));
    const rows = await rowsOfLastBatch(bare);
    const inserted = await timed(() => insertBare(bare, rows));
    progress(`round ${round + 1}: ${perSecond(posted)} fills/s, bare ${perSecond(inserted)} fills/s`);
    if (round < 0) continue;
    through.push(posted);
    direct.push(inserted);
  }
  const check = await store.ledgerCheck();
  if (!check.balanced) throw new Error("the ledger is not in order after the benchmark");
  await bare.end();
  await store.close();

  const value = perSecond(median(through));
  const baseline = perSecond(median(direct));
  return { name: "ledger.fills_per_s", value, unit: "fills/s", baseline, ratio: round3(value / baseline) };
}

async function prepare(store) {
  await store.saveRiskParameters({}, 1, NOON);
  const ids = Array.from({ length: ACCOUNTS }, (_, index) => accountId(`trader-${String(index).padStart(3, "0")}`));
  await store.createAccounts(
    command("open"),
    ids.map((id) => ({ id, kind: "USER", parent: null, name: id })),
  );
  await store.publishSnapshot(command("marks"), market);
  await store.runCommand(command("deposits"), ids, async (transaction) => {
    const funds = amount("1000000");
    await transaction.post(
      ids.map((account) =>
        depositJournal({ key: `deposit-${account}`, at: NOON, account, asset: USDC, amount: funds }),
      ),
    );
    return ok(null);
  });
  return ids;
}

/** A thousand fills between changing pairs, at changing prices, long and short in turn: most of them realise profit. */
async function postFills(store, accounts, round) {
  const answer = await store.runCommand(command("fills"), accounts, async (transaction) => {
    for (let index = 0; index < FILLS; index++) {
      const number = round * FILLS + index;
      const buyer = accounts[(number * 7) % ACCOUNTS];
      const seller = accounts[(number * 7 + 1 + ((number * 31) % (ACCOUNTS - 1))) % ACCOUNTS];
      const size = quantity(String(1 + ((number * 13) % 40)));
      const at = price(String(8000 + ((number * 17) % 4000) / 2));
      const fee = fillFee(linear, size, at, FEE_RATE);
      const sides = { buyer: transaction.account(buyer), seller: transaction.account(seller) };
      const terms = { key: `fill.${number}`, kind: "FILL", at: NOON, instrument: linear };
      await transaction.post([
        fillJournal({ ...terms, ...sides, quantity: size, price: at, buyerFee: fee, sellerFee: fee }),
      ]);
    }
    return ok({ posted: FILLS });
  });
  if (!answer.ok) throw new Error(`expected the fills to be posted; found ${JSON.stringify(answer.rejection)}`);
}

const JOURNAL_COLUMNS = { key: "text", kind: "text", at: "timestamptz", command_key: "text", leg_count: "int" };
const POSTING_COLUMNS = {
  journal_id: "bigint",
  leg: "int",
  account_id: "text",
  book: "text",
  asset: "text",
  amount: "numeric",
  account_seq: "bigint",
  previous_hash: "text",
  hash: "text",
};

async function rowsOfLastBatch(client) {
  const last = "(SELECT id FROM journal ORDER BY id DESC LIMIT 1)";
  const command = `(SELECT command_key FROM journal WHERE id = ${last})`;
  const journals = await client.query(
    `SELECT key, kind, at::text, command_key, leg_count FROM journal WHERE command_key = ${command} ORDER BY id`,
  );
  const postings = await client.query(
    `SELECT posting.* FROM posting JOIN journal ON journal.id = journal_id WHERE command_key = ${command} ORDER BY journal_id, leg`,
  );
  return { journals: journals.rows, postings: postings.rows };
}

async function insertBare(client, { journals, postings }) {
  await client.query("BEGIN");
  await insertColumns(client, "bare_journal", JOURNAL_COLUMNS, journals);
  await insertColumns(client, "bare_posting", POSTING_COLUMNS, postings);
  await client.query("COMMIT");
}

function insertColumns(client, table, columns, rows) {
  const names = Object.keys(columns);
  const arrays = names.map((column, index) => `$${index + 1}::${columns[column]}[]`).join(", ");
  return client.query({
    name: table,
    text: `INSERT INTO ${table} (${names.join(", ")}) SELECT * FROM unnest(${arrays})`,
    values: names.map((column) => arrayText(rows.map((row) => row[column]))),
  });
}

/** The quickest way to hand an array over: as one text. The driver's own way costs the baseline a third of its time. */
const arrayText = (values) => `{${values.join(",")}}`;

async function timed(work) {
  const begin = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - begin) / 1e9;
}

const perSecond = (seconds) => Math.round(FILLS / seconds);
const round3 = (value) => Math.round(value * 1000) / 1000;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const NOON = toUtcMillis(1_584_014_400_000);
const USDC = assetId("USDC");
const BTC = assetId("BTC");
const FEE_RATE = ratio("0.0005");

const linear = {
  id: instrumentId("BTC_USDC-PERPETUAL"),
  kind: "perpetual",
  payoff: "linear",
  underlying: BTC,
  settlementAsset: USDC,
  contractSize: contractSize("0.001"),
  lotSize: quantity("1"),
  tickSize: price("0.5"),
};

const parameters = {
  version: 1,
  assets: new Map([
    [USDC, { id: USDC, scale: 6 }],
    [BTC, { id: BTC, scale: 8 }],
  ]),
  instruments: new Map([[linear.id, linear]]),
};

const market = {
  sequence: 1,
  at: NOON,
  indexPrices: new Map([[BTC, price("9000")]]),
  markPrices: new Map([[linear.id, price("9000")]]),
  depths: new Map([[linear.id, usd("1000000")]]),
};

const verdict = {
  state: "HEALTHY",
  summary: {
    equity: usd("1000000"),
    netValue: usd("1000000"),
    equityWithoutProfit: usd("1000000"),
    initialMargin: ZERO_USD,
    maintenanceMargin: ZERO_USD,
  },
};

let commands = 0;

function command(action) {
  commands += 1;
  return { scope: "bench", key: `${action}-${commands}`, fingerprint: "bench", actor: "bench", action, at: NOON };
}
