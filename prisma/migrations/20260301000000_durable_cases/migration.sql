-- Liquidation that survives its workers: fences, order deadlines, pauses, quarantine, and which engine may act.

-- Steps: who holds one ------------------------------------------------------------------------------------------------

ALTER TABLE liquidation_step
  ADD COLUMN fence integer NOT NULL DEFAULT 1,
  ADD COLUMN worked_fence integer NOT NULL DEFAULT 1,
  -- Since when somebody is at it: a courtesy among workers, so that they do not fence each other off for nothing.
  ADD COLUMN held_since timestamptz(3),
  ADD CONSTRAINT liquidation_step_fence_range CHECK (fence >= 1),
  -- Every writing names the fence it was made under; one made under an older fence is refused here.
  ADD CONSTRAINT liquidation_step_worked_by_its_holder CHECK (worked_fence = fence);

-- A case plans one step at a time; the fund disposes of one bundle at a time.
CREATE UNIQUE INDEX liquidation_step_one_open ON liquidation_step (account_id, epoch) WHERE status = 'INTENT';

-- Orders: until when the venue may take one, and how it ended ---------------------------------------------------------

ALTER TABLE venue_order
  ADD COLUMN deadline timestamptz(3),
  ADD COLUMN outcome text,
  ADD COLUMN reason text,
  ADD CONSTRAINT venue_order_outcome_known CHECK (outcome IN ('FILLED', 'PARTIAL', 'UNFILLED', 'REJECTED', 'NEVER_ARRIVED'));
UPDATE venue_order SET deadline = now();
ALTER TABLE venue_order ALTER COLUMN deadline SET NOT NULL;

-- Pauses: one row from the first word to the second signature ---------------------------------------------------------

CREATE TABLE liquidation_pause (
  id bigint GENERATED ALWAYS AS IDENTITY,
  stage text NOT NULL,
  reason text NOT NULL,
  paused_by text NOT NULL,
  paused_at timestamptz(3) NOT NULL,
  first_resume_by text,
  first_resume_at timestamptz(3),
  second_resume_by text,
  second_resume_at timestamptz(3),
  CONSTRAINT liquidation_pause_pkey PRIMARY KEY (id),
  CONSTRAINT liquidation_pause_stage_known CHECK (stage IN (
    'ALL', 'REDUCE', 'TAKEOVER', 'INSURANCE_FUND', 'ADL', 'SOCIALISED_LOSS', 'DISPOSAL', 'DEBT_RECOVERY')),
  CONSTRAINT liquidation_pause_reason_length CHECK (length(reason) BETWEEN 1 AND 500),
  CONSTRAINT liquidation_pause_signatures_dated CHECK (
    (first_resume_by IS NULL) = (first_resume_at IS NULL) AND (second_resume_by IS NULL) = (second_resume_at IS NULL)),
  CONSTRAINT liquidation_pause_two_people CHECK (second_resume_by <> first_resume_by)
);

CREATE UNIQUE INDEX liquidation_pause_one_open ON liquidation_pause (stage) WHERE second_resume_by IS NULL;

-- Quarantine: steps that failed, and those that wait for a person -----------------------------------------------------

CREATE TABLE liquidation_quarantine (
  account_id text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  step_no integer NOT NULL,
  failures integer NOT NULL,
  fault jsonb NOT NULL,
  first_at timestamptz(3) NOT NULL,
  last_at timestamptz(3) NOT NULL,
  quarantined_at timestamptz(3),
  released_by text,
  released_at timestamptz(3),
  CONSTRAINT liquidation_quarantine_pkey PRIMARY KEY (account_id, epoch, step_no),
  CONSTRAINT liquidation_quarantine_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT liquidation_quarantine_failures_range CHECK (failures >= 0),
  CONSTRAINT liquidation_quarantine_release_dated CHECK ((released_by IS NULL) = (released_at IS NULL))
);

CREATE INDEX liquidation_quarantine_held ON liquidation_quarantine (account_id) WHERE quarantined_at IS NOT NULL;

-- Engines: the newest that has started; older ones stop deciding ------------------------------------------------------

CREATE TABLE liquidation_engine (
  version integer NOT NULL,
  started_at timestamptz(3) NOT NULL,
  CONSTRAINT liquidation_engine_pkey PRIMARY KEY (version),
  CONSTRAINT liquidation_engine_version_range CHECK (version >= 1)
);

-- prisma/invariants/liquidation-guards.sql

-- What the database itself refuses in a liquidation, whatever a worker believes.
--
-- A step belongs to the open case of its account and has the next number; it is begun once, done once, and never undone.
-- Its fence only grows: whoever takes a step over raises it, and CHECK (worked_fence = fence) refuses the writing of
-- whoever held it before. A closed case is never opened again. A pause is filled in from left to right and never erased.

CREATE FUNCTION guard_liquidation_step() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a liquidation step is never deleted'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'liquidation_step_permanent', TABLE = 'liquidation_step';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.epoch > 0 AND NOT EXISTS (
      SELECT FROM public.liquidation_case
       WHERE account_id = NEW.account_id AND epoch = NEW.epoch AND stage <> 'CLOSED' AND step_count = NEW.step_no - 1)
    THEN
      RAISE EXCEPTION 'step % is not the next one of an open case % of %', NEW.step_no, NEW.epoch, NEW.account_id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'liquidation_step_is_next', TABLE = 'liquidation_step';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.status = 'DONE' THEN
    RAISE EXCEPTION 'step % of case % of % is done', OLD.step_no, OLD.epoch, OLD.account_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'liquidation_step_done_once', TABLE = 'liquidation_step';
  END IF;
  IF NEW.fence < OLD.fence OR (NEW.account_id, NEW.epoch, NEW.step_no) <> (OLD.account_id, OLD.epoch, OLD.step_no) THEN
    RAISE EXCEPTION 'the fence of step % of case % of % does not go back', OLD.step_no, OLD.epoch, OLD.account_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'liquidation_step_fence_grows', TABLE = 'liquidation_step';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER liquidation_step_guarded BEFORE INSERT OR UPDATE OR DELETE ON liquidation_step
  FOR EACH ROW EXECUTE FUNCTION guard_liquidation_step();

CREATE FUNCTION guard_liquidation_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'case % of % is closed', OLD.epoch, OLD.account_id
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'liquidation_case_closed_for_good', TABLE = 'liquidation_case';
END $$;

CREATE TRIGGER liquidation_case_guarded BEFORE UPDATE OR DELETE ON liquidation_case
  FOR EACH ROW WHEN (OLD.stage = 'CLOSED') EXECUTE FUNCTION guard_liquidation_case();

CREATE FUNCTION guard_liquidation_pause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.stage, NEW.reason, NEW.paused_by, NEW.paused_at)
        IS DISTINCT FROM (OLD.id, OLD.stage, OLD.reason, OLD.paused_by, OLD.paused_at)
     OR (OLD.first_resume_by IS NOT NULL
         AND (NEW.first_resume_by, NEW.first_resume_at) IS DISTINCT FROM (OLD.first_resume_by, OLD.first_resume_at))
     OR OLD.second_resume_by IS NOT NULL
     OR (OLD.first_resume_by IS NULL AND NEW.second_resume_by IS NOT NULL)
  THEN
    RAISE EXCEPTION 'a pause is filled in from left to right and never erased'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'liquidation_pause_kept', TABLE = 'liquidation_pause';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER liquidation_pause_guarded BEFORE UPDATE OR DELETE ON liquidation_pause
  FOR EACH ROW EXECUTE FUNCTION guard_liquidation_pause();
