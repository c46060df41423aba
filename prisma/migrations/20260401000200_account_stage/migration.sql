-- The early stages: an account that is near a liquidation, and since when. An account that is in none has no row.

CREATE TABLE account_stage (
  account_id text COLLATE "C" NOT NULL,
  stage text NOT NULL,
  since_sequence bigint NOT NULL,
  since_at timestamptz(3) NOT NULL,
  CONSTRAINT account_stage_pkey PRIMARY KEY (account_id),
  CONSTRAINT account_stage_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT account_stage_known CHECK (stage IN ('WARNING', 'MARGIN_CALL', 'CANCEL_ORDERS'))
);
