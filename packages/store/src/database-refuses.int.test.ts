import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { Client } from "pg";
import type { Store } from "./store.js";
import { deposit } from "./testing/moves.js";
import { open, openTestStore } from "./testing/world.js";

/*
 * What the database itself refuses, whoever asks: here somebody with a SQL prompt and every right to the tables.
 */

let database: TestDatabase;
let store: Store;
let intruder: Client;

const GENESIS = "0".repeat(64);
const HASH = (digit: string) => digit.repeat(64);

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
  await open(store, ["alice", "bob"]);
  await deposit(store, (await open(store, ["carol"]))[0]!, "100");
  intruder = new Client({ connectionString: database.url });
  await intruder.connect();
}, 60_000);

afterAll(async () => {
  await intruder.end();
  const check = await store.ledgerCheck();
  expect(check).toMatchObject({ balanced: true, journals: 1, postings: 2 });
  await store.close();
  await database.drop();
});

beforeEach(() => intruder.query("BEGIN"));
afterEach(() => intruder.query("ROLLBACK"));

let keys = 0;

async function insertJournal(legs: number, extra = ""): Promise<string> {
  keys += 1;
  const [column, value] = extra.split("=");
  const { rows } = await intruder.query<{ id: string }>(
    `INSERT INTO journal (key, kind, at, command_key, leg_count${column ? `, ${column}` : ""})
     VALUES ($1, 'DEPOSIT', now(), 'by hand', $2${value ? `, ${value}` : ""}) RETURNING id`,
    [`by-hand-${keys}`, legs],
  );
  return rows[0]!.id;
}

interface Leg {
  readonly leg: number;
  readonly account: string;
  readonly amount: string;
  readonly asset?: string;
  readonly seq?: number;
  readonly previous?: string;
  readonly hash?: string;
  readonly book?: string;
}

function insertPosting(journal: string, { leg, account, amount, asset, seq, previous, hash, book }: Leg) {
  return intruder.query(
    `INSERT INTO posting (journal_id, leg, account_id, book, asset, amount, account_seq, previous_hash, hash)
     VALUES ($1, $2, $3, $8, $4, $5, $6, $7, $9)`,
    [
      journal,
      leg,
      account,
      asset ?? "USDC",
      amount,
      seq ?? 1,
      previous ?? GENESIS,
      book ?? "collateral",
      hash ?? HASH("a"),
    ],
  );
}

/** Two legs that balance: alice gives one, bob gets it. */
async function insertBalancedPair(journal: string): Promise<void> {
  await insertPosting(journal, { leg: 1, account: "alice", amount: "-1" });
  await insertPosting(journal, { leg: 2, account: "bob", amount: "1" });
}

const commit = () => intruder.query("COMMIT");
const refusal = (constraint: string) => expect.objectContaining({ constraint });

describe("a journal that does not balance", () => {
  test("STORE-2: one sided, two legs: refused at commit", async () => {
    const journal = await insertJournal(2);
    await insertPosting(journal, { leg: 1, account: "alice", amount: "-1" });
    await insertPosting(journal, { leg: 2, account: "bob", amount: "2" });
    await expect(commit()).rejects.toEqual(refusal("journal_balanced"));
  });

  test("STORE-2: balanced in sum but not in each asset: refused at commit", async () => {
    const journal = await insertJournal(2);
    await insertPosting(journal, { leg: 1, account: "alice", amount: "-1", asset: "USDC" });
    await insertPosting(journal, { leg: 2, account: "bob", amount: "1", asset: "BTC" });
    await expect(commit()).rejects.toEqual(refusal("journal_balanced"));
  });

  test("STORE-2: off by the last digit that a column holds: refused at commit", async () => {
    const journal = await insertJournal(2);
    await insertPosting(journal, { leg: 1, account: "alice", amount: "-1" });
    await insertPosting(journal, { leg: 2, account: "bob", amount: "1.000000000000000001" });
    await expect(commit()).rejects.toEqual(refusal("journal_balanced"));
  });

  test("STORE-2: without legs: refused at commit", async () => {
    await insertJournal(2);
    await expect(commit()).rejects.toEqual(refusal("journal_complete"));
  });

  test("STORE-2: with a leg missing of those it announced, though the rest balances: refused at commit", async () => {
    const journal = await insertJournal(3);
    await insertBalancedPair(journal);
    await expect(commit()).rejects.toEqual(refusal("journal_complete"));
  });

  test("STORE-2: announcing no leg, or one: refused at once", async () => {
    await expect(insertJournal(1)).rejects.toEqual(refusal("journal_leg_count_range"));
  });
});

describe("legs that come later", () => {
  test("STORE-2: a balanced journal is accepted, and this is the way it is written", async () => {
    const journal = await insertJournal(2);
    await insertBalancedPair(journal);
    await expect(intruder.query("SET CONSTRAINTS ALL IMMEDIATE")).resolves.toBeDefined();
  });

  test("STORE-2: a leg for a journal of an earlier transaction: refused", async () => {
    const { rows } = await intruder.query<{ id: string }>("SELECT id FROM journal LIMIT 1");
    const late = insertPosting(rows[0]!.id, { leg: 3, account: "alice", amount: "5" });
    await expect(late).rejects.toEqual(refusal("posting_of_its_journal"));
  });

  test("STORE-2: a leg that takes the number of an existing one: refused", async () => {
    const { rows } = await intruder.query<{ id: string }>("SELECT id FROM journal LIMIT 1");
    const twin = insertPosting(rows[0]!.id, { leg: 1, account: "alice", amount: "5" });
    await expect(twin).rejects.toEqual(refusal("posting_pkey"));
  });

  test("STORE-2: checked early with SET CONSTRAINTS, then one leg more: refused", async () => {
    const journal = await insertJournal(2);
    await insertBalancedPair(journal);
    await intruder.query("SET CONSTRAINTS ALL IMMEDIATE");
    await intruder.query("SET CONSTRAINTS ALL DEFERRED");
    const extra = insertPosting(journal, { leg: 3, account: "alice", amount: "5", seq: 2, previous: HASH("a") });
    await expect(extra).rejects.toEqual(refusal("posting_of_its_journal"));
  });

  test("STORE-2: checked early with SET CONSTRAINTS while legs are missing: refused there and then", async () => {
    const journal = await insertJournal(2);
    await insertPosting(journal, { leg: 1, account: "alice", amount: "-1" });
    await expect(intruder.query("SET CONSTRAINTS ALL IMMEDIATE")).rejects.toEqual(refusal("journal_complete"));
  });

  test("STORE-2: constraints immediate from the start, so that the journal comes before its legs: refused", async () => {
    await intruder.query("SET CONSTRAINTS ALL IMMEDIATE");
    await expect(insertJournal(2)).rejects.toEqual(refusal("journal_complete"));
  });

  test("STORE-2: a leg beyond the announced count, in one statement with the others: refused", async () => {
    const journal = await insertJournal(2);
    const three = intruder.query(
      `INSERT INTO posting (journal_id, leg, account_id, book, asset, amount, account_seq, previous_hash, hash)
       VALUES ($1, 1, 'alice', 'collateral', 'USDC', -1, 1, $2, $2), ($1, 2, 'bob', 'collateral', 'USDC', 1, 1, $2, $2),
              ($1, 3, 'bob', 'fees', 'USDC', 0, 2, $2, $2)`,
      [journal, GENESIS],
    );
    await expect(three).rejects.toEqual(refusal("posting_of_its_journal"));
  });

  test("STORE-2: a leg of a journal that does not exist: refused", async () => {
    const orphan = insertPosting("999999999", { leg: 1, account: "alice", amount: "1" });
    await expect(orphan).rejects.toEqual(refusal("posting_of_its_journal"));
  });

  test("STORE-2: a journal handed in under the id of a transaction to come: refused", async () => {
    const forged = insertJournal(2, "txid=(pg_current_xact_id()::text::bigint + 1)::text::xid8");
    await expect(forged).rejects.toEqual(refusal("journal_of_this_transaction"));
  });

  test("STORE-2: a savepoint is still the same transaction", async () => {
    const journal = await insertJournal(2);
    await intruder.query("SAVEPOINT later");
    await insertBalancedPair(journal);
    await expect(intruder.query("SET CONSTRAINTS ALL IMMEDIATE")).resolves.toBeDefined();
  });

  test("STORE-2: temporary tables of the same names do not answer for the real ones", async () => {
    await intruder.query("CREATE TEMPORARY TABLE posting (journal_id bigint, asset text, amount numeric)");
    const journal = await insertJournal(2);
    await intruder.query("INSERT INTO pg_temp.posting VALUES ($1, 'USDC', 1), ($1, 'USDC', -1)", [journal]);
    await expect(commit()).rejects.toEqual(refusal("journal_complete"));
  });

  test("STORE-2: somebody's own function called sum does not answer for the real one", async () => {
    await intruder.query("CREATE SCHEMA lies");
    await intruder.query(
      "CREATE FUNCTION lies.nothing(numeric, numeric) RETURNS numeric LANGUAGE sql AS 'SELECT 0::numeric'",
    );
    await intruder.query("CREATE AGGREGATE lies.sum(numeric) (SFUNC = lies.nothing, STYPE = numeric, INITCOND = '0')");
    await intruder.query("SET LOCAL search_path = lies, pg_catalog, public");
    const journal = await insertJournal(2);
    await insertPosting(journal, { leg: 1, account: "alice", amount: "-1" });
    await insertPosting(journal, { leg: 2, account: "bob", amount: "2" });
    await expect(intruder.query("SET CONSTRAINTS ALL IMMEDIATE")).rejects.toEqual(refusal("journal_balanced"));
  });
});

describe("a second effect under the same key", () => {
  test("STORE-5: a second journal under the same key: refused", async () => {
    const again = intruder.query(
      `INSERT INTO journal (key, kind, at, command_key, leg_count) SELECT key, kind, at, command_key, leg_count FROM journal`,
    );
    await expect(again).rejects.toEqual(refusal("journal_key_key"));
  });

  test("STORE-5: a second row for the same idempotency key: refused", async () => {
    const again = intruder.query("INSERT INTO idempotency_key SELECT * FROM idempotency_key LIMIT 1");
    await expect(again).rejects.toEqual(refusal("idempotency_key_pkey"));
  });

  const openCase = (epoch: number) =>
    intruder.query(
      `INSERT INTO liquidation_case (account_id, epoch, stage, opened_sequence, worked_sequence, opened_at)
       VALUES ('alice', $1, 'REDUCE', 1, 0, now())`,
      [epoch],
    );
  const beginStep = (step: number) =>
    intruder.query(
      `INSERT INTO liquidation_step (account_id, epoch, step_no, kind, status, sequence, plan)
       VALUES ('alice', 1, $1, 'REDUCE', 'INTENT', 1, '{}')`,
      [step],
    );

  test("STORE-9: two open cases of one account: refused; a second one after the first has closed: accepted", async () => {
    await openCase(1);
    await intruder.query(
      `UPDATE liquidation_case SET stage = 'CLOSED', outcome = 'RECOVERED', closed_sequence = 1, closed_at = now()`,
    );
    await openCase(2);
    await expect(openCase(3)).rejects.toEqual(refusal("liquidation_case_one_open"));
  });

  test("STORE-9: a case that is closed without an outcome: refused", async () => {
    const closed = intruder.query(
      `INSERT INTO liquidation_case (account_id, epoch, stage, opened_sequence, worked_sequence, opened_at)
       VALUES ('alice', 1, 'CLOSED', 1, 0, now())`,
    );
    await expect(closed).rejects.toEqual(refusal("liquidation_case_closed_has_outcome"));
  });

  test("STORE-9: a step of no open case, or out of its turn: refused", async () => {
    await intruder.query("SAVEPOINT nothing_open");
    await expect(beginStep(1)).rejects.toEqual(refusal("liquidation_step_is_next"));
    await intruder.query("ROLLBACK TO nothing_open");
    await openCase(1);
    await expect(beginStep(2)).rejects.toEqual(refusal("liquidation_step_is_next"));
  });

  test("STORE-9: a second fill with the same venue id: refused", async () => {
    await openCase(1);
    await beginStep(1);
    await intruder.query(
      "INSERT INTO venue_order VALUES ('alice.1.1.1', 'alice', 1, 1, 1, 'BTC-PERPETUAL', 5, now() + interval '1 minute')",
    );
    const fill = () => intruder.query("INSERT INTO venue_fill VALUES ('fill-1', 'alice.1.1.1', 'bob', 5, 100, 100)");
    await fill();
    await expect(fill()).rejects.toEqual(refusal("venue_fill_pkey"));
  });
});

describe("a chain", () => {
  test("STORE-6: forked: a second posting with the same number in one account: refused", async () => {
    const journal = await insertJournal(2);
    const fork = insertPosting(journal, { leg: 1, account: "carol", amount: "1", seq: 2 });
    await expect(fork).rejects.toEqual(refusal("posting_account_id_account_seq_key"));
  });

  test("STORE-6: continued from another posting than the last: refused", async () => {
    const journal = await insertJournal(2);
    const { rows } = await intruder.query<{ hash: string }>(
      "SELECT hash FROM posting WHERE account_id = 'carol' AND account_seq = 1",
    );
    const branch = insertPosting(journal, { leg: 1, account: "carol", amount: "1", seq: 3, previous: rows[0]!.hash });
    await expect(branch).rejects.toEqual(refusal("posting_continues_chain"));
  });

  test("STORE-6: with a number left out: refused", async () => {
    const journal = await insertJournal(2);
    const gap = insertPosting(journal, { leg: 1, account: "alice", amount: "1", seq: 2 });
    await expect(gap).rejects.toEqual(refusal("posting_continues_chain"));
  });

  test("STORE-6: forked inside one statement: refused", async () => {
    const journal = await insertJournal(2);
    const fork = intruder.query(
      `INSERT INTO posting (journal_id, leg, account_id, book, asset, amount, account_seq, previous_hash, hash)
       VALUES ($1, 1, 'alice', 'collateral', 'USDC', -1, 1, $2, $3), ($1, 2, 'alice', 'external', 'USDC', 1, 2, $2, $3)`,
      [journal, GENESIS, HASH("b")],
    );
    await expect(fork).rejects.toEqual(refusal("posting_continues_chain"));
  });

  test("STORE-6: of an account that does not exist: refused", async () => {
    const journal = await insertJournal(2);
    const nobody = insertPosting(journal, { leg: 1, account: "nobody", amount: "1" });
    await expect(nobody).rejects.toEqual(refusal("posting_continues_chain"));
  });
});

describe("rewriting", () => {
  const everywhere = "WHERE true";
  test.each([
    ["journal", `UPDATE journal SET kind = 'FILL' ${everywhere}`],
    ["journal", "DELETE FROM journal"],
    ["journal", "TRUNCATE journal CASCADE"],
    [
      "journal",
      `INSERT INTO journal (key, kind, at, command_key, leg_count) SELECT key, kind, at, command_key, leg_count
                 FROM journal ON CONFLICT (key) DO UPDATE SET kind = 'FILL'`,
    ],
    ["posting", `UPDATE posting SET amount = amount + 1 ${everywhere}`],
    ["posting", "UPDATE posting SET amount = 0 WHERE false"],
    ["posting", "DELETE FROM posting"],
    ["posting", "TRUNCATE posting"],
    ["posting", `MERGE INTO posting USING (VALUES (1)) AS one (n) ON true WHEN MATCHED THEN UPDATE SET amount = 0`],
    ["audit_record", `UPDATE audit_record SET actor = 'somebody else' ${everywhere}`],
    ["audit_record", "DELETE FROM audit_record"],
    ["audit_record", "TRUNCATE audit_record"],
    ["market_price", "UPDATE market_price SET price = 1"],
    ["risk_parameters", "DELETE FROM risk_parameters"],
    ["venue_fill", "DELETE FROM venue_fill"],
  ])("STORE-3: %s: %s", async (table, statement) => {
    await expect(intruder.query(statement)).rejects.toEqual(refusal(`${table}_append_only`));
  });

  test.each([
    ["DELETE FROM account WHERE id = 'bob'"],
    ["TRUNCATE account CASCADE"],
    ["UPDATE account SET id = 'eve' WHERE id = 'bob'"],
    ["UPDATE account SET kind = 'HOUSE' WHERE id = 'bob'"],
  ])("STORE-3: an account stays, under its name and kind: %s", async (statement) => {
    await expect(intruder.query(statement)).rejects.toEqual(refusal("account_append_only"));
  });
});
