-- A funding is due, is posted once, and is never rewritten.
CREATE FUNCTION guard_funding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR OLD.status <> 'DUE'
     OR (NEW.instrument_id, NEW.paid_at, NEW.sequence, NEW.rate, NEW.price)
        IS DISTINCT FROM (OLD.instrument_id, OLD.paid_at, OLD.sequence, OLD.rate, OLD.price)
  THEN
    RAISE EXCEPTION 'a funding is posted once, and never rewritten'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'funding_posted_once', TABLE = 'funding';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER funding_guarded BEFORE UPDATE OR DELETE ON funding
  FOR EACH ROW EXECUTE FUNCTION guard_funding();
