-- A person's price waits until a second person confirms it or another one takes its place, and is never rewritten.
CREATE FUNCTION guard_person_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     OR (NEW.id, NEW.asset, NEW.price, NEW.reason, NEW.proposed_by, NEW.proposed_at)
        IS DISTINCT FROM (OLD.id, OLD.asset, OLD.price, OLD.reason, OLD.proposed_by, OLD.proposed_at)
     OR OLD.confirmed_by IS NOT NULL
     OR OLD.replaced_at IS NOT NULL
  THEN
    RAISE EXCEPTION 'a person''s price is confirmed or replaced once, and never rewritten'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'person_price_kept', TABLE = 'person_price';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER person_price_guarded BEFORE UPDATE OR DELETE ON person_price
  FOR EACH ROW EXECUTE FUNCTION guard_person_price();
