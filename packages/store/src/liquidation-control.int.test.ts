import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type AccountId, ok } from "@ballast/model";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { Client } from "pg";
import type { StepId } from "./liquidation-records.js";
import type { Store } from "./store.js";
import { command, marketAt, open, openTestStore } from "./testing/world.js";

let database: TestDatabase;
let store: Store;
let intruder: Client;
let weak: AccountId;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
  intruder = new Client({ connectionString: database.url });
  await intruder.connect();
  await store.publishSnapshot(command("marks"), marketAt(1, "10000"));
}, 60_000);

let accounts = 0;

/** An account with an open case and, when asked for, a step in somebody's hands. */
beforeEach(async () => {
  accounts += 1;
  const opened = await open(store, [`weak-${accounts}`]);
  weak = opened[0]!;
  await intruder.query("UPDATE account SET case_epoch = 1 WHERE id = $1", [weak]);
  await intruder.query(
    `INSERT INTO liquidation_case (account_id, epoch, stage, opened_sequence, worked_sequence, opened_at)
     VALUES ($1, 1, 'REDUCE', 1, 0, now())`,
    [weak],
  );
});

afterAll(async () => {
  await intruder.end();
  await store.close();
  await database.drop();
});

const by = (actor: string) => ({ ...command("control"), actor });
const refusal = (constraint: string) => expect.objectContaining({ constraint });
const insertStep = (epoch: number, step: number) =>
  intruder.query(
    `INSERT INTO liquidation_step (account_id, epoch, step_no, kind, status, sequence, plan)
     VALUES ($1, $2, $3, 'REDUCE', 'INTENT', 1, '{}')`,
    [weak, epoch, step],
  );

async function intend(): Promise<StepId> {
  const step = { account: weak, epoch: 1, step: 1 };
  await store.runCommand(command("intend"), [weak], async ({ cases }) => {
    const intent = { ...step, kind: "REDUCE", status: "INTENT", sequence: 1, plan: {}, result: null } as const;
    const ground = { engineVersion: 1, inputs: {} };
    await cases.intend({ ...intent, ...ground }, [], 5_000);
    return ok(null);
  });
  return step;
}

const complete = (fence: number) =>
  store.runCommand(command("complete"), [weak], async ({ cases }) => {
    await cases.complete({ account: weak, epoch: 1, step: 1, fence }, {});
    return ok(null);
  });

describe("CASE-3 CASE-4: a step is in one pair of hands", () => {
  test("while it is held nobody takes it; let go, it is taken, and the fence grows", async () => {
    const step = await intend();
    expect(await store.claimStep(step)).toBeNull();
    await store.letGo({ ...step, fence: 1 });
    expect(await store.claimStep(step)).toMatchObject({ hold: { ...step, fence: 2 } });
  });

  test("a hold ends by itself, for whoever held it may have died", async () => {
    const step = await intend();
    await intruder.query("UPDATE liquidation_step SET held_since = now() - interval '1 minute' WHERE account_id = $1", [
      weak,
    ]);
    expect(await store.freeSteps(weak)).toEqual([step]);
    const [one, other] = await Promise.all([store.claimStep(step), store.claimStep(step)]);
    expect([one, other].filter((claim) => claim !== null)).toHaveLength(1);
  });

  test("whoever held it before is refused by the database, and leaves nothing behind", async () => {
    const step = await intend();
    await store.letGo({ ...step, fence: 1 });
    await store.claimStep(step);
    await expect(complete(1)).rejects.toMatchObject({ constraint: "liquidation_step_worked_by_its_holder" });
    expect((await store.steps(weak, 1))[0]?.status).toBe("INTENT");
    expect(await complete(2)).toMatchObject({ ok: true });
    await expect(complete(2)).rejects.toMatchObject({ constraint: "liquidation_step_done_once" });
  });

  //  what an old worker tries                           statement                                            refused by
  test.each<[string, () => Promise<unknown>, string]>([
    ["a step of an epoch that never was", () => insertStep(2, 1), "liquidation_step_is_next"],
    ["a step after the next one", () => insertStep(1, 2), "liquidation_step_is_next"],
  ])("%s is refused by the database", async (_, attempt, constraint) => {
    await expect(attempt()).rejects.toEqual(refusal(constraint));
  });

  test("a second step beside an open one is refused by the database", async () => {
    await intend();
    await expect(insertStep(1, 2)).rejects.toEqual(refusal("liquidation_step_one_open"));
  });

  test("a closed case takes no step and is not opened again", async () => {
    await store.runCommand(command("close"), [weak], async ({ cases }) => {
      await cases.advance(weak, 1, { stage: "CLOSED", worked: 1, outcome: "RECOVERED" });
      return ok(null);
    });
    await expect(insertStep(1, 1)).rejects.toEqual(refusal("liquidation_step_is_next"));
    const reopened = intruder.query("UPDATE liquidation_case SET stage = 'REDUCE' WHERE account_id = $1", [weak]);
    await expect(reopened).rejects.toEqual(refusal("liquidation_case_closed_for_good"));
  });

  test("a step is never deleted, and its fence never falls", async () => {
    await intend();
    const deleted = intruder.query("DELETE FROM liquidation_step WHERE account_id = $1", [weak]);
    await expect(deleted).rejects.toEqual(refusal("liquidation_step_permanent"));
    const fallen = intruder.query("UPDATE liquidation_step SET fence = 0, worked_fence = 0 WHERE account_id = $1", [
      weak,
    ]);
    await expect(fallen).rejects.toEqual(refusal("liquidation_step_fence_grows"));
  });
});

describe("CASE-7: one person pauses, two resume", () => {
  test("a pause is seen by the next decision, and by what is due", async () => {
    expect(await store.pauseStage(by("ann"), "REDUCE", "the index is wrong")).toMatchObject({ ok: true });
    expect(await store.pauses()).toMatchObject([{ stage: "REDUCE", reason: "the index is wrong", pausedBy: "ann" }]);
    expect((await store.dueWork()).paused).toEqual(["REDUCE"]);
    await store.runCommand(command("ask"), [weak], async ({ cases }) => {
      expect([...(await cases.permission()).paused]).toEqual(["REDUCE"]);
      return ok(null);
    });
    expect(await store.pauseStage(by("bob"), "REDUCE", "again")).toMatchObject({
      rejection: { code: "STAGE_ALREADY_PAUSED" },
    });

    expect(await store.resumeStage(by("ann"), "REDUCE")).toMatchObject({
      value: { response: { state: "FIRST_SIGNATURE" } },
    });
    expect(await store.resumeStage(by("ann"), "REDUCE")).toMatchObject({ rejection: { code: "SECOND_PERSON_NEEDED" } });
    expect((await store.dueWork()).paused).toEqual(["REDUCE"]);
    expect(await store.resumeStage(by("bob"), "REDUCE")).toMatchObject({ value: { response: { state: "RESUMED" } } });
    expect((await store.dueWork()).paused).toEqual([]);
    expect(await store.resumeStage(by("bob"), "REDUCE")).toMatchObject({ rejection: { code: "STAGE_NOT_PAUSED" } });

    const said = (await store.audit({ limit: 3 })).items.map(({ actor, facts }) => [
      actor,
      (facts as { state: string }).state,
    ]);
    expect(said).toEqual([
      ["bob", "RESUMED"],
      ["ann", "FIRST_SIGNATURE"],
      ["ann", "PAUSED"],
    ]);
  });

  test("a pause waits for a decision under way, and none that did not know of it commits after it", async () => {
    const order: string[] = [];
    let goOn: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      void store.runCommand(command("decide"), [weak], async ({ cases }) => {
        expect((await cases.permission()).paused.size).toBe(0);
        resolve();
        await new Promise<void>((release) => {
          goOn = release;
        });
        order.push("decided");
        return ok(null);
      });
    });
    await asked;
    const pausing = store.pauseStage(by("ann"), "ALL", "kill switch").then(() => order.push("paused"));
    await waitUntilSomebodyWaits();
    goOn();
    await pausing;
    expect(order).toEqual(["decided", "paused"]);
    await store.resumeStage(by("ann"), "ALL");
    await store.resumeStage(by("bob"), "ALL");
  });

  test("the database keeps both names apart, and the record as it was", async () => {
    await store.pauseStage(by("ann"), "ADL", "a hedge would break");
    const sign = (text: string) => intruder.query(`UPDATE liquidation_pause SET ${text} WHERE stage = 'ADL'`);
    await expect(sign("second_resume_by = 'bob', second_resume_at = now()")).rejects.toEqual(
      refusal("liquidation_pause_kept"),
    );
    await sign("first_resume_by = 'ann', first_resume_at = now()");
    await expect(sign("second_resume_by = 'ann', second_resume_at = now()")).rejects.toEqual(
      refusal("liquidation_pause_two_people"),
    );
    await expect(sign("first_resume_by = 'eve'")).rejects.toEqual(refusal("liquidation_pause_kept"));
    await expect(intruder.query("DELETE FROM liquidation_pause")).rejects.toEqual(refusal("liquidation_pause_kept"));
    await store.resumeStage(by("bob"), "ADL");
  });
});

/** Answers when some session waits for an advisory lock. */
async function waitUntilSomebodyWaits(): Promise<void> {
  for (let look = 0; look < 1_000; look += 1) {
    const { rowCount } = await intruder.query("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
    if (rowCount !== 0) return;
  }
  throw new Error("nobody waited in 1,000 looks");
}

describe("CASE-8: a step that fails again and again", () => {
  test("rests after a failure, waits for a person after the third, and is due again when released", async () => {
    const due = async () => (await store.dueWork()).lookAgain.includes(weak);
    await store.scanSnapshot(1);
    await intruder.query("UPDATE liquidation_case SET worked_sequence = 0 WHERE stage = 'REDUCE'");
    expect(await due()).toBe(true);
    const step = { account: weak, epoch: 1, step: 1 };
    const fault = { code: "INVARIANT_VIOLATED", message: "CASE-6 a venue fills no more than was ordered" };
    expect(await store.recordFailure(command("failure"), step, fault)).toBe(false);
    expect(await due()).toBe(false);
    await intruder.query("UPDATE liquidation_quarantine SET last_at = last_at - interval '1 minute'");
    expect(await due()).toBe(true);
    expect(await store.recordFailure(command("failure"), step, fault)).toBe(false);
    expect(await store.recordFailure(command("failure"), step, fault)).toBe(true);
    await intruder.query("UPDATE liquidation_quarantine SET last_at = last_at - interval '1 minute'");
    expect(await due()).toBe(false);
    expect(await store.quarantined()).toMatchObject([{ ...step, failures: 3, fault }]);

    expect(await store.releaseCase(by("ann"), weak, 1)).toMatchObject({ ok: true });
    expect(await store.quarantined()).toEqual([]);
    expect(await due()).toBe(true);
    expect(await store.releaseCase(by("ann"), weak, 1)).toMatchObject({ rejection: { code: "CASE_NOT_QUARANTINED" } });
  });
});

describe("CASE-9: versions", () => {
  test("the newest engine that has started is what a decision is told", async () => {
    await store.startEngine(2, await store.now());
    await store.startEngine(1, await store.now());
    expect(await store.newestEngine()).toBe(2);
    await store.runCommand(command("ask"), [weak], async ({ cases }) => {
      expect((await cases.permission()).newestEngine).toBe(2);
      return ok(null);
    });
  });
});
