-- Takeover auctions: a failing account is offered to registered backstop providers before the insurance fund takes it over.

-- Providers: who may bid, and who said so --------------------------------------------------------------------------------

CREATE TABLE backstop_provider (
  account_id text COLLATE "C" NOT NULL,
  registered_by text NOT NULL,
  registered_at timestamptz(3) NOT NULL,
  retired_by text,
  retired_at timestamptz(3),
  CONSTRAINT backstop_provider_pkey PRIMARY KEY (account_id),
  CONSTRAINT backstop_provider_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT backstop_provider_retirement_dated CHECK ((retired_by IS NULL) = (retired_at IS NULL))
);

-- Auctions: one a case at most -------------------------------------------------------------------------------------------

CREATE TABLE takeover_auction (
  account_id text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  started_sequence bigint NOT NULL,
  started_at timestamptz(3) NOT NULL,
  start_factor numeric(38,18) NOT NULL,
  fast_end_factor numeric(38,18) NOT NULL,
  fast_ms integer NOT NULL,
  slow_ms integer NOT NULL,
  buffer numeric(38,18) NOT NULL,
  payment_asset text COLLATE "C" NOT NULL,
  -- Cash that bidders have paid in; it is not for sale again.
  reserved numeric(38,18) NOT NULL DEFAULT 0,
  bids integer NOT NULL DEFAULT 0,
  -- The newest snapshot at which nothing but bids is waited for.
  worked_sequence bigint NOT NULL,
  outcome text,
  closed_sequence bigint,
  closed_at timestamptz(3),
  CONSTRAINT takeover_auction_pkey PRIMARY KEY (account_id, epoch),
  CONSTRAINT takeover_auction_case_fkey FOREIGN KEY (account_id, epoch)
    REFERENCES liquidation_case (account_id, epoch) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT takeover_auction_start_factor_range CHECK (start_factor BETWEEN 0 AND 1),
  CONSTRAINT takeover_auction_fast_end_factor_range CHECK (fast_end_factor BETWEEN 0 AND 1),
  CONSTRAINT takeover_auction_price_falls CHECK (fast_end_factor <= start_factor),
  CONSTRAINT takeover_auction_times_range CHECK (fast_ms >= 1 AND slow_ms >= 1),
  CONSTRAINT takeover_auction_buffer_range CHECK (buffer BETWEEN 0 AND 10),
  CONSTRAINT takeover_auction_reserved_range CHECK (reserved BETWEEN 0 AND 1e20),
  CONSTRAINT takeover_auction_bids_range CHECK (bids >= 0),
  CONSTRAINT takeover_auction_outcome_known CHECK (outcome IN ('RESTORED', 'TIME_OVER', 'NOTHING_LEFT', 'NO_PROVIDERS')),
  CONSTRAINT takeover_auction_closed_dated CHECK (
    (outcome IS NULL) = (closed_sequence IS NULL) AND (outcome IS NULL) = (closed_at IS NULL))
);

CREATE INDEX takeover_auction_open ON takeover_auction (account_id) WHERE outcome IS NULL;

-- Words that grow --------------------------------------------------------------------------------------------------------

ALTER TABLE liquidation_case DROP CONSTRAINT liquidation_case_outcome_known;
ALTER TABLE liquidation_case ADD CONSTRAINT liquidation_case_outcome_known CHECK (outcome IN (
  'RECOVERED', 'REDUCED', 'AUCTIONED', 'TAKEN_OVER', 'BANKRUPT_FUND', 'BANKRUPT_ADL', 'BANKRUPT_SOCIALISED'));

ALTER TABLE liquidation_step DROP CONSTRAINT liquidation_step_kind_known;
ALTER TABLE liquidation_step ADD CONSTRAINT liquidation_step_kind_known CHECK (kind IN ('REDUCE', 'AUCTION', 'TAKEOVER', 'DISPOSE'));

ALTER TABLE liquidation_pause DROP CONSTRAINT liquidation_pause_stage_known;
ALTER TABLE liquidation_pause ADD CONSTRAINT liquidation_pause_stage_known CHECK (stage IN (
  'ALL', 'REDUCE', 'AUCTION', 'TAKEOVER', 'INSURANCE_FUND', 'ADL', 'SOCIALISED_LOSS', 'DISPOSAL', 'DEBT_RECOVERY'));

ALTER TABLE journal DROP CONSTRAINT journal_kind_known;
ALTER TABLE journal ADD CONSTRAINT journal_kind_known CHECK (kind IN (
  'DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'FILL', 'LIQUIDATION_FILL', 'LIQUIDATION_FEE', 'AUCTION_FILL', 'AUCTION_PAYMENT',
  'TAKEOVER_FILL', 'TAKEOVER_FEE', 'CONVERSION', 'DEFICIT', 'ADL_FILL', 'SOCIALISED_LOSS', 'DISPOSAL_FILL', 'FUNDING',
  'DEBT_REPAYMENT'));

-- prisma/invariants/auction-guards.sql

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
