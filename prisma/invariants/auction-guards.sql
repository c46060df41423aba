-- What the database itself refuses in an auction, whatever a process believes.
--
-- What an auction was opened with stays; the cash that bidders have paid in only grows; an auction that is closed is closed for
-- good, and none is ever deleted.

CREATE FUNCTION guard_takeover_auction() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.outcome IS NOT NULL
     OR (NEW.account_id, NEW.epoch, NEW.started_sequence, NEW.started_at, NEW.start_factor, NEW.fast_end_factor, NEW.fast_ms,
         NEW.slow_ms, NEW.buffer, NEW.payment_asset)
        IS DISTINCT FROM
        (OLD.account_id, OLD.epoch, OLD.started_sequence, OLD.started_at, OLD.start_factor, OLD.fast_end_factor, OLD.fast_ms,
         OLD.slow_ms, OLD.buffer, OLD.payment_asset)
     OR NEW.reserved < OLD.reserved OR NEW.bids < OLD.bids OR NEW.worked_sequence < OLD.worked_sequence
  THEN
    RAISE EXCEPTION 'the auction of case % of % only goes forward', OLD.epoch, OLD.account_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'takeover_auction_goes_forward', TABLE = 'takeover_auction';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER takeover_auction_guarded BEFORE UPDATE OR DELETE ON takeover_auction
  FOR EACH ROW EXECUTE FUNCTION guard_takeover_auction();
