import {
  type AccountId,
  ok,
  type PausableStage,
  type Rejection,
  type Result,
  reject,
  type UtcMillis,
} from "@ballast/model";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import type { Json } from "./json.js";
import type { Pause, StepFault, StepId, TroubledStep } from "./liquidation-records.js";
import {
  PAUSE_COLUMNS,
  type PauseRow,
  pauseOf,
  TROUBLED_COLUMNS,
  type TroubledRow,
  troubledStep,
} from "./rows/liquidation-row.js";
import { lockCommand, runOnce } from "./run-once.js";
import type { Session } from "./unit-of-work.js";

/*
 * What people, and newer engines, hold against a worker: pauses, quarantine, versions. All of it is rows that a decision
 * reads in its own transaction, so it works with the queue away and needs no message to arrive.
 *
 * A pause waits for the decisions that are under way and holds up those that come: they share a lock that it takes alone.
 * When it is answered, no decision that did not know of it can commit any more.
 */

/** Shared by every decision of a worker, taken alone by whoever pauses or resumes. */
export const DECISION_LOCK = 7_301_003;

/** Failures of one step after which it waits for a person. */
export const FAILURES_MAX = 3;

/** What people can do about liquidations. */
export interface LiquidationControl {
  /** Stops a stage; one person is enough. Rejects with STAGE_ALREADY_PAUSED. */
  pauseStage(
    command: Command,
    stage: PausableStage,
    reason: string,
  ): Promise<Result<CommandAnswer<PauseAnswer>, Rejection>>;
  /**
   * Signs for the end of a pause; the second signature, by another person, ends it.
   * Rejects with STAGE_NOT_PAUSED, SECOND_PERSON_NEEDED.
   */
  resumeStage(command: Command, stage: PausableStage): Promise<Result<CommandAnswer<PauseAnswer>, Rejection>>;
  /** Pauses that have not ended, the oldest first; with `all`, the ended ones too. */
  pauses(all?: boolean): Promise<readonly Pause[]>;
  /** Counts a failure of a step; after `FAILURES_MAX` of them it waits for a person. Answers whether it does now. */
  recordFailure(command: Command, step: StepId, fault: StepFault): Promise<boolean>;
  /** Lets a worker try the steps of a case again. Rejects with CASE_NOT_QUARANTINED. */
  releaseCase(command: Command, account: AccountId, epoch: number): Promise<Result<CommandAnswer<Json>, Rejection>>;
  /** Steps that wait for a person, the oldest first. */
  quarantined(): Promise<readonly TroubledStep[]>;
  /** Says that an engine of this version runs from now on; older ones stop deciding. */
  startEngine(version: number, at: UtcMillis): Promise<void>;
  newestEngine(): Promise<number | null>;
}

/** How a pause stands after somebody has spoken. */
export interface PauseAnswer {
  readonly [name: string]: Json;
  readonly stage: PausableStage;
  readonly state: "PAUSED" | "FIRST_SIGNATURE" | "RESUMED";
}

export function liquidationControl({ pool, sql }: Database): LiquidationControl {
  return {
    pauseStage: (command, stage, reason) =>
      runOnce<PauseAnswer>(pool, command, lockDecisions, async (session) => {
        if ((await openPause(session, stage)) !== null)
          return reject<Rejection>({ code: "STAGE_ALREADY_PAUSED", stage });
        await session.query(
          "INSERT INTO liquidation_pause (stage, reason, paused_by, paused_at) VALUES ($1, $2, $3, $4)",
          [stage, reason, command.actor, new Date(command.at).toISOString()],
        );
        return ok(spoken(stage, "PAUSED", { reason }));
      }),

    resumeStage: (command, stage) =>
      runOnce<PauseAnswer>(pool, command, lockDecisions, async (session) => {
        const pause = await openPause(session, stage);
        if (pause === null) return reject<Rejection>({ code: "STAGE_NOT_PAUSED", stage });
        const first = pause.firstResume;
        if (first?.by === command.actor) {
          return reject<Rejection>({ code: "SECOND_PERSON_NEEDED", of: stage, firstBy: first.by });
        }
        const columns =
          first === null
            ? "first_resume_by = $2, first_resume_at = $3"
            : "second_resume_by = $2, second_resume_at = $3";
        await session.query(`UPDATE liquidation_pause SET ${columns} WHERE id = $1`, [
          pause.id,
          command.actor,
          new Date(command.at).toISOString(),
        ]);
        return ok(spoken(stage, first === null ? "FIRST_SIGNATURE" : "RESUMED", { pause: pause.id }));
      }),

    async pauses(all = false) {
      const { rows } = await sql.query<PauseRow>(
        `SELECT ${PAUSE_COLUMNS} FROM liquidation_pause WHERE $1 OR second_resume_by IS NULL ORDER BY id`,
        [all],
      );
      return rows.map(pauseOf);
    },

    recordFailure: (command, step, fault) => recordFailure(pool, command, step, fault),

    releaseCase: (command, account, epoch) =>
      runOnce<Json>(
        pool,
        command,
        (session) => lockCommand(session, command),
        async (session) => {
          const { rowCount } = await session.query(
            `UPDATE liquidation_quarantine SET failures = 0, released_by = $3, released_at = $4
            WHERE account_id = $1 AND epoch = $2 AND quarantined_at IS NOT NULL AND released_at IS NULL`,
            [account, epoch, command.actor, new Date(command.at).toISOString()],
          );
          if (rowCount === 0) return reject<Rejection>({ code: "CASE_NOT_QUARANTINED", account, epoch });
          return ok({
            response: { account, epoch, released: true },
            changes: [{ topic: "liquidation.released", account, facts: { epoch } }],
          });
        },
      ),

    async quarantined() {
      const { rows } = await sql.query<TroubledRow>(
        `SELECT ${TROUBLED_COLUMNS} FROM liquidation_quarantine
          WHERE quarantined_at IS NOT NULL AND released_at IS NULL ORDER BY quarantined_at, account_id`,
      );
      return rows.map(troubledStep);
    },

    async startEngine(version, at) {
      await sql.query("INSERT INTO liquidation_engine (version, started_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
        version,
        new Date(at).toISOString(),
      ]);
    },

    async newestEngine() {
      const { rows } = await sql.query<{ newest: number | null }>(
        "SELECT max(version) AS newest FROM liquidation_engine",
      );
      return rows[0]?.newest ?? null;
    },
  };
}

async function lockDecisions(session: Session): Promise<null> {
  await session.query("SELECT pg_advisory_xact_lock($1)", [DECISION_LOCK]);
  return null;
}

async function openPause(session: Session, stage: PausableStage): Promise<Pause | null> {
  const { rows } = await session.query<PauseRow>(
    `SELECT ${PAUSE_COLUMNS} FROM liquidation_pause WHERE stage = $1 AND second_resume_by IS NULL`,
    [stage],
  );
  return rows[0] === undefined ? null : pauseOf(rows[0]);
}

function spoken(stage: PausableStage, state: PauseAnswer["state"], facts: { readonly [name: string]: Json }) {
  return {
    response: { stage, state },
    changes: [{ topic: "liquidation.pause", account: null, facts: { stage, state, ...facts } }],
  };
}

const COUNT_FAILURE = `
  INSERT INTO liquidation_quarantine AS known (account_id, epoch, step_no, failures, fault, first_at, last_at)
  VALUES ($1, $2, $3, 1, $4, clock_timestamp(), clock_timestamp())
  ON CONFLICT (account_id, epoch, step_no) DO UPDATE SET
    failures = known.failures + 1, fault = excluded.fault, last_at = excluded.last_at,
    quarantined_at = CASE WHEN known.failures + 1 >= $5 THEN excluded.last_at END, released_by = NULL, released_at = NULL
  RETURNING quarantined_at IS NOT NULL AS quarantined`;

async function recordFailure(
  pool: Database["pool"],
  command: Command,
  { account, epoch, step }: StepId,
  fault: StepFault,
): Promise<boolean> {
  const answer = await runOnce<boolean>(
    pool,
    command,
    (session) => lockCommand(session, command),
    async (session) => {
      const { rows } = await session.query<{ quarantined: boolean }>(COUNT_FAILURE, [
        account,
        epoch,
        step,
        JSON.stringify(fault),
        FAILURES_MAX,
      ]);
      const quarantined = rows[0]?.quarantined === true;
      const topic = quarantined ? "liquidation.quarantined" : "liquidation.failed";
      return ok({ response: quarantined, changes: [{ topic, account, facts: { epoch, step, ...fault } }] });
    },
  );
  return answer.ok && answer.value.response;
}
