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
