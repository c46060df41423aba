-- The live market: which prices of a snapshot are frozen, what every index said, and where the market goes on.

ALTER TABLE market_snapshot
  -- Assets whose price is the last good one: no new risk, no liquidation.
  ADD COLUMN frozen text[] NOT NULL DEFAULT '{}';

-- What every index said at a snapshot, for the record of a decision -----------------------------------------------------

CREATE TABLE market_index (
  sequence bigint NOT NULL,
  asset text COLLATE "C" NOT NULL,
  condition text NOT NULL,
  reason text,
  confidence numeric(38,18) NOT NULL,
  credit_price numeric(38,18) NOT NULL,
  candidate numeric(38,18),
  excluded jsonb NOT NULL,
  CONSTRAINT market_index_pkey PRIMARY KEY (sequence, asset),
  CONSTRAINT market_index_sequence_fkey FOREIGN KEY (sequence) REFERENCES market_snapshot (sequence) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT market_index_condition_known CHECK (condition IN ('LIVE', 'DEGRADED', 'FROZEN', 'NEEDS_PERSON')),
  CONSTRAINT market_index_reason_known CHECK (reason IN ('TOO_FEW_SOURCES', 'SOURCES_DISAGREE', 'JUMP')),
  CONSTRAINT market_index_confidence_range CHECK (confidence BETWEEN 0 AND 1),
  CONSTRAINT market_index_credit_price_range CHECK (credit_price BETWEEN 1e-18 AND 1e20),
  CONSTRAINT market_index_candidate_range CHECK (candidate BETWEEN 1e-18 AND 1e20)
);

-- prisma/invariants/market-index.sql

-- What an index said when something was decided is never rewritten.
CREATE TRIGGER market_index_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON market_index
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Where the market goes on: one row, under the lock of whoever publishes ------------------------------------------------

CREATE TABLE live_market (
  one boolean NOT NULL DEFAULT true,
  clock text NOT NULL,
  record jsonb NOT NULL,
  updated_at timestamptz(3) NOT NULL,
  CONSTRAINT live_market_pkey PRIMARY KEY (one),
  CONSTRAINT live_market_one CHECK (one)
);

-- Funding is a kind of journal ------------------------------------------------------------------------------------------

ALTER TABLE journal DROP CONSTRAINT journal_kind_known;
ALTER TABLE journal ADD CONSTRAINT journal_kind_known CHECK (kind IN (
  'DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'FILL', 'LIQUIDATION_FILL', 'LIQUIDATION_FEE', 'TAKEOVER_FILL', 'TAKEOVER_FEE',
  'CONVERSION', 'DEFICIT', 'ADL_FILL', 'SOCIALISED_LOSS', 'DISPOSAL_FILL', 'FUNDING'));
