-- The shape of memory. What the tables mean is told in prisma/README.md, why the guards are as they are in
-- prisma/invariants. Identifiers sort by code point (COLLATE "C"), so that locks are taken in the same order by every
-- process on every server. Every numeric is bounded with BETWEEN: NaN sorts above all numbers, so `>= 0` would let it in.

-- Accounts ------------------------------------------------------------------------------------------------------------

CREATE TABLE account (
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  parent_id text COLLATE "C",
  name text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_posting_seq bigint NOT NULL DEFAULT 0,
  last_posting_hash text NOT NULL DEFAULT repeat('0', 64),
  case_epoch integer NOT NULL DEFAULT 0,
  frozen boolean NOT NULL DEFAULT false,
  CONSTRAINT account_pkey PRIMARY KEY (id),
  CONSTRAINT account_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT account_id_form CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  CONSTRAINT account_kind_known CHECK (kind IN ('USER', 'MARKET_MAKER', 'INSURANCE_FUND', 'HOUSE')),
  CONSTRAINT account_parent_is_another CHECK (parent_id <> id),
  CONSTRAINT account_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT account_last_posting_seq_range CHECK (last_posting_seq BETWEEN 0 AND 9007199254740991),
  CONSTRAINT account_last_posting_hash_form CHECK (last_posting_hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT account_case_epoch_range CHECK (case_epoch >= 0)
) WITH (fillfactor = 70);

CREATE INDEX account_parent_id_idx ON account (parent_id);
CREATE INDEX account_kind_idx ON account (kind);

-- What can be held ----------------------------------------------------------------------------------------------------

CREATE TABLE asset (
  id text COLLATE "C" NOT NULL,
  scale integer NOT NULL,
  CONSTRAINT asset_pkey PRIMARY KEY (id),
  CONSTRAINT asset_scale_range CHECK (scale BETWEEN 0 AND 18)
);

CREATE TABLE instrument (
  id text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  payoff text NOT NULL,
  settlement_asset text COLLATE "C" NOT NULL,
  definition jsonb NOT NULL,
  CONSTRAINT instrument_pkey PRIMARY KEY (id),
  CONSTRAINT instrument_settlement_asset_fkey FOREIGN KEY (settlement_asset) REFERENCES asset (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE risk_parameters (
  version integer NOT NULL,
  content jsonb NOT NULL,
  active_from timestamptz(3) NOT NULL,
  CONSTRAINT risk_parameters_pkey PRIMARY KEY (version),
  CONSTRAINT risk_parameters_version_range CHECK (version >= 1)
);

-- The ledger: journals and postings are the truth ---------------------------------------------------------------------

CREATE TABLE journal (
  id bigint GENERATED ALWAYS AS IDENTITY,
  key text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  at timestamptz(3) NOT NULL,
  command_key text NOT NULL,
  leg_count integer NOT NULL,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Written with all its legs in one statement, and checked at the end of it; else checked at commit.
  written_whole boolean NOT NULL DEFAULT false,
  CONSTRAINT journal_pkey PRIMARY KEY (id),
  CONSTRAINT journal_key_key UNIQUE (key),
  -- No bar: it parts the fields of the text that is hashed.
  CONSTRAINT journal_key_form CHECK (length(key) BETWEEN 1 AND 400 AND strpos(key, '|') = 0),
  CONSTRAINT journal_kind_known CHECK (kind IN (
    'DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'FILL', 'LIQUIDATION_FILL', 'LIQUIDATION_FEE', 'TAKEOVER_FILL', 'TAKEOVER_FEE',
    'CONVERSION', 'DEFICIT', 'ADL_FILL', 'SOCIALISED_LOSS', 'DISPOSAL_FILL')),
  CONSTRAINT journal_leg_count_range CHECK (leg_count BETWEEN 2 AND 10000)
);

CREATE TABLE posting (
  journal_id bigint NOT NULL,
  leg integer NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  book text COLLATE "C" NOT NULL,
  asset text COLLATE "C" NOT NULL,
  amount numeric(38,18) NOT NULL,
  account_seq bigint NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  CONSTRAINT posting_pkey PRIMARY KEY (journal_id, leg),
  CONSTRAINT posting_account_id_account_seq_key UNIQUE (account_id, account_seq),
  CONSTRAINT posting_amount_range CHECK (amount BETWEEN -1e20 AND 1e20),
  CONSTRAINT posting_leg_range CHECK (leg >= 1),
  CONSTRAINT posting_account_seq_range CHECK (account_seq >= 1),
  CONSTRAINT posting_hash_length CHECK (length(hash) = 64 AND length(previous_hash) = 64)
);

-- Projections: what the postings add up to ----------------------------------------------------------------------------

CREATE TABLE collateral_balance (
  account_id text COLLATE "C" NOT NULL,
  asset text COLLATE "C" NOT NULL,
  amount numeric(38,18) NOT NULL,
  CONSTRAINT collateral_balance_pkey PRIMARY KEY (account_id, asset),
  CONSTRAINT collateral_balance_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT collateral_balance_asset_fkey FOREIGN KEY (asset) REFERENCES asset (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT collateral_balance_amount_range CHECK (amount BETWEEN -1e20 AND 1e20)
) WITH (fillfactor = 70);

CREATE TABLE position (
  account_id text COLLATE "C" NOT NULL,
  instrument_id text COLLATE "C" NOT NULL,
  quantity numeric(38,18) NOT NULL,
  entry_cash numeric(38,18) NOT NULL,
  CONSTRAINT position_pkey PRIMARY KEY (account_id, instrument_id),
  CONSTRAINT position_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT position_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT position_quantity_range CHECK (quantity BETWEEN -1e20 AND 1e20),
  CONSTRAINT position_entry_cash_range CHECK (entry_cash BETWEEN -1e20 AND 1e20),
  CONSTRAINT position_closed_has_no_cost CHECK (quantity <> 0 OR entry_cash = 0)
) WITH (fillfactor = 70);

-- The market as decisions used it -------------------------------------------------------------------------------------

CREATE TABLE market_snapshot (
  sequence bigint NOT NULL,
  at timestamptz(3) NOT NULL,
  status text NOT NULL DEFAULT 'NEW',
  journal_watermark bigint NOT NULL,
  CONSTRAINT market_snapshot_pkey PRIMARY KEY (sequence),
  CONSTRAINT market_snapshot_sequence_range CHECK (sequence BETWEEN 0 AND 9007199254740991),
  CONSTRAINT market_snapshot_status_known CHECK (status IN ('NEW', 'SCANNED', 'SETTLED'))
);

CREATE INDEX market_snapshot_status_sequence_idx ON market_snapshot (status, sequence);

CREATE TABLE market_price (
  sequence bigint NOT NULL,
  kind text NOT NULL,
  of text COLLATE "C" NOT NULL,
  price numeric(38,18) NOT NULL,
  CONSTRAINT market_price_pkey PRIMARY KEY (sequence, kind, of),
  CONSTRAINT market_price_sequence_fkey FOREIGN KEY (sequence) REFERENCES market_snapshot (sequence) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT market_price_kind_known CHECK (kind IN ('INDEX', 'MARK', 'DEPTH')),
  CONSTRAINT market_price_price_range CHECK (price BETWEEN 1e-18 AND 1e20)
);

-- Verdicts and liquidations -------------------------------------------------------------------------------------------

CREATE TABLE account_health (
  account_id text COLLATE "C" NOT NULL,
  sequence bigint NOT NULL,
  posting_seq bigint NOT NULL,
  parameters_version integer NOT NULL,
  state text NOT NULL,
  equity numeric(38,18) NOT NULL,
  net_value numeric(38,18) NOT NULL,
  equity_without_profit numeric(38,18) NOT NULL,
  initial_margin numeric(38,18) NOT NULL,
  maintenance_margin numeric(38,18) NOT NULL,
  margin_usage numeric(38,18) NOT NULL,
  assessments bigint NOT NULL DEFAULT 1,
  assessed_at timestamptz(3) NOT NULL,
  CONSTRAINT account_health_pkey PRIMARY KEY (account_id),
  CONSTRAINT account_health_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT account_health_state_known CHECK (state IN ('HEALTHY', 'MARGIN_CALL', 'LIQUIDATABLE', 'BANKRUPT')),
  CONSTRAINT account_health_equity_range CHECK (equity BETWEEN -1e20 AND 1e20),
  CONSTRAINT account_health_net_value_range CHECK (net_value BETWEEN -1e20 AND 1e20),
  CONSTRAINT account_health_equity_without_profit_range CHECK (equity_without_profit BETWEEN -1e20 AND 1e20),
  CONSTRAINT account_health_initial_margin_range CHECK (initial_margin BETWEEN 0 AND 1e20),
  CONSTRAINT account_health_maintenance_margin_range CHECK (maintenance_margin BETWEEN 0 AND 1e20),
  CONSTRAINT account_health_margin_usage_range CHECK (margin_usage BETWEEN 0 AND 1e6)
) WITH (fillfactor = 70);

CREATE INDEX account_health_margin_usage_account_id_idx ON account_health (margin_usage DESC, account_id);

CREATE TABLE liquidation_case (
  account_id text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  stage text NOT NULL,
  outcome text,
  opened_sequence bigint NOT NULL,
  worked_sequence bigint NOT NULL,
  closed_sequence bigint,
  step_count integer NOT NULL DEFAULT 0,
  opened_at timestamptz(3) NOT NULL,
  closed_at timestamptz(3),
  CONSTRAINT liquidation_case_pkey PRIMARY KEY (account_id, epoch),
  CONSTRAINT liquidation_case_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT liquidation_case_stage_known CHECK (stage IN ('REDUCE', 'TAKEOVER', 'CLOSED')),
  CONSTRAINT liquidation_case_outcome_known CHECK (outcome IN (
    'RECOVERED', 'REDUCED', 'TAKEN_OVER', 'BANKRUPT_FUND', 'BANKRUPT_ADL', 'BANKRUPT_SOCIALISED')),
  CONSTRAINT liquidation_case_closed_has_outcome CHECK (
    (stage = 'CLOSED') = (outcome IS NOT NULL)
    AND (stage = 'CLOSED') = (closed_sequence IS NOT NULL)
    AND (stage = 'CLOSED') = (closed_at IS NOT NULL)),
  CONSTRAINT liquidation_case_epoch_range CHECK (epoch >= 1)
);

CREATE UNIQUE INDEX liquidation_case_one_open ON liquidation_case (account_id) WHERE stage <> 'CLOSED';

CREATE TABLE liquidation_step (
  account_id text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  step_no integer NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  sequence bigint NOT NULL,
  plan jsonb NOT NULL,
  result jsonb,
  CONSTRAINT liquidation_step_pkey PRIMARY KEY (account_id, epoch, step_no),
  CONSTRAINT liquidation_step_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT liquidation_step_kind_known CHECK (kind IN ('REDUCE', 'TAKEOVER', 'DISPOSE')),
  CONSTRAINT liquidation_step_status_known CHECK (status IN ('INTENT', 'DONE')),
  CONSTRAINT liquidation_step_epoch_range CHECK (epoch >= 0 AND (epoch > 0 OR kind = 'DISPOSE')),
  CONSTRAINT liquidation_step_step_no_range CHECK (step_no >= 1)
);

CREATE INDEX liquidation_step_unfinished ON liquidation_step (account_id) WHERE status = 'INTENT';

CREATE TABLE venue_order (
  client_order_id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C" NOT NULL,
  epoch integer NOT NULL,
  step_no integer NOT NULL,
  leg integer NOT NULL,
  instrument_id text COLLATE "C" NOT NULL,
  quantity numeric(38,18) NOT NULL,
  CONSTRAINT venue_order_pkey PRIMARY KEY (client_order_id),
  CONSTRAINT venue_order_account_id_epoch_step_no_leg_key UNIQUE (account_id, epoch, step_no, leg),
  CONSTRAINT venue_order_step_fkey FOREIGN KEY (account_id, epoch, step_no)
    REFERENCES liquidation_step (account_id, epoch, step_no) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT venue_order_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT venue_order_quantity_range CHECK (quantity BETWEEN -1e20 AND 1e20 AND quantity <> 0)
);

CREATE TABLE venue_fill (
  venue_fill_id text COLLATE "C" NOT NULL,
  client_order_id text COLLATE "C" NOT NULL,
  maker_account_id text COLLATE "C" NOT NULL,
  quantity numeric(38,18) NOT NULL,
  price numeric(38,18) NOT NULL,
  mark_price numeric(38,18) NOT NULL,
  CONSTRAINT venue_fill_pkey PRIMARY KEY (venue_fill_id),
  CONSTRAINT venue_fill_client_order_id_fkey FOREIGN KEY (client_order_id) REFERENCES venue_order (client_order_id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT venue_fill_maker_account_id_fkey FOREIGN KEY (maker_account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT venue_fill_quantity_range CHECK (quantity BETWEEN -1e20 AND 1e20 AND quantity <> 0),
  CONSTRAINT venue_fill_price_range CHECK (price BETWEEN 1e-18 AND 1e20),
  CONSTRAINT venue_fill_mark_price_range CHECK (mark_price BETWEEN 1e-18 AND 1e20)
);

CREATE INDEX venue_fill_client_order_id_idx ON venue_fill (client_order_id);

-- Once, told to others, and remembered --------------------------------------------------------------------------------

CREATE TABLE idempotency_key (
  scope text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint text NOT NULL,
  response json NOT NULL, -- as text, so that a replay answers the same bytes
  at timestamptz(3) NOT NULL,
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (scope, key),
  CONSTRAINT idempotency_key_length CHECK (length(scope) BETWEEN 1 AND 100 AND length(key) BETWEEN 1 AND 255)
);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY,
  topic text NOT NULL,
  payload jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL,
  published_at timestamptz(3),
  CONSTRAINT outbox_pkey PRIMARY KEY (id)
) WITH (fillfactor = 70);

CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;

CREATE TABLE audit_record (
  id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz(3) NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  account_id text COLLATE "C",
  command_key text NOT NULL,
  facts jsonb NOT NULL,
  CONSTRAINT audit_record_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_record_account_id_id_idx ON audit_record (account_id, id);

-- Who may ask ---------------------------------------------------------------------------------------------------------

CREATE TABLE api_key (
  id text COLLATE "C" NOT NULL,
  account_id text COLLATE "C",
  scopes text[] NOT NULL,
  secret_encrypted text NOT NULL,
  disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT api_key_pkey PRIMARY KEY (id),
  CONSTRAINT api_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE INDEX api_key_account_id_idx ON api_key (account_id);

-- Unlogged: a crash of the server forgets the nonces of the last seconds, and the timestamp window still holds.
CREATE UNLOGGED TABLE api_nonce (
  key_id text COLLATE "C" NOT NULL,
  nonce text COLLATE "C" NOT NULL,
  at timestamptz(3) NOT NULL,
  CONSTRAINT api_nonce_pkey PRIMARY KEY (key_id, nonce)
);

CREATE INDEX api_nonce_at_idx ON api_nonce (at);

CREATE TABLE admin_user (
  id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  password_hash text NOT NULL,
  role text NOT NULL,
  created_at timestamptz(3) NOT NULL,
  CONSTRAINT admin_user_pkey PRIMARY KEY (id),
  CONSTRAINT admin_user_name_key UNIQUE (name)
);

CREATE TABLE admin_session (
  token_hash text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  CONSTRAINT admin_session_pkey PRIMARY KEY (token_hash),
  CONSTRAINT admin_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES admin_user (id) ON DELETE CASCADE ON UPDATE RESTRICT
);

CREATE INDEX admin_session_user_id_idx ON admin_session (user_id);
