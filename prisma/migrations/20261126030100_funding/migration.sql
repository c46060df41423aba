-- What every interval of a perpetual has become: its rate, and whether it has been paid.

CREATE TABLE funding (
  instrument_id text COLLATE "C" NOT NULL,
  paid_at timestamptz(3) NOT NULL,
  sequence bigint NOT NULL,
  -- Null: too few samples.
  rate numeric(38,18),
  price numeric(38,18) NOT NULL,
  status text NOT NULL,
  asset text COLLATE "C",
  paid numeric(38,18) NOT NULL DEFAULT 0,
  accounts integer NOT NULL DEFAULT 0,
  CONSTRAINT funding_pkey PRIMARY KEY (instrument_id, paid_at),
  CONSTRAINT funding_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT funding_status_known CHECK (status IN ('DUE', 'POSTED', 'NO_RATE')),
  CONSTRAINT funding_rate_range CHECK (rate BETWEEN -1 AND 1),
  CONSTRAINT funding_rate_paid_by CHECK ((status = 'NO_RATE') = (rate IS NULL)),
  CONSTRAINT funding_price_range CHECK (price BETWEEN 1e-18 AND 1e20),
  CONSTRAINT funding_paid_range CHECK (paid BETWEEN 0 AND 1e20)
);

-- prisma/invariants/funding.sql

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
