-- How many contracts of a market a backstop provider may hold, on either side. A provider without rows here has no caps; one with
-- rows may take nothing in a market that it has none for.

CREATE TABLE backstop_cap (
  account_id text COLLATE "C" NOT NULL,
  instrument_id text COLLATE "C" NOT NULL,
  contracts_max numeric(38,18) NOT NULL,
  CONSTRAINT backstop_cap_pkey PRIMARY KEY (account_id, instrument_id),
  CONSTRAINT backstop_cap_account_id_fkey FOREIGN KEY (account_id) REFERENCES backstop_provider (account_id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT backstop_cap_contracts_max_range CHECK (contracts_max > 0 AND contracts_max <= 1e20)
);
