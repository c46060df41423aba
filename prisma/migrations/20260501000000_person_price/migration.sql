-- A price that people say: one proposes it, another one confirms it, and both are named for ever.

CREATE TABLE person_price (
  id bigint GENERATED ALWAYS AS IDENTITY,
  asset text COLLATE "C" NOT NULL,
  price numeric(38,18) NOT NULL,
  reason text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at timestamptz(3) NOT NULL,
  -- A newer proposal has taken its place.
  replaced_at timestamptz(3),
  confirmed_by text,
  confirmed_at timestamptz(3),
  CONSTRAINT person_price_pkey PRIMARY KEY (id),
  CONSTRAINT person_price_price_range CHECK (price BETWEEN 1e-18 AND 1e20),
  CONSTRAINT person_price_reason_length CHECK (length(reason) BETWEEN 1 AND 500),
  CONSTRAINT person_price_confirmation_dated CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CONSTRAINT person_price_ends_once CHECK (confirmed_at IS NULL OR replaced_at IS NULL),
  CONSTRAINT person_price_two_people CHECK (confirmed_by <> proposed_by)
);

CREATE UNIQUE INDEX person_price_one_open ON person_price (asset) WHERE confirmed_at IS NULL AND replaced_at IS NULL;

-- prisma/invariants/person-price.sql

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
