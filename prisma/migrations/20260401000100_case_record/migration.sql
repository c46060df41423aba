-- What a person needs who argues about a liquidation, and who owes what after it.

-- Steps: what was decided on ------------------------------------------------------------------------------------------

ALTER TABLE liquidation_step
  ADD COLUMN decided_at timestamptz(3),
  ADD COLUMN parameters_version integer,
  ADD COLUMN engine_version integer,
  ADD COLUMN inputs jsonb;

-- Debts: claims between two accounts, kept in books of their own -------------------------------------------------------

ALTER TABLE journal DROP CONSTRAINT journal_kind_known;
ALTER TABLE journal ADD CONSTRAINT journal_kind_known CHECK (kind IN (
  'DEPOSIT', 'WITHDRAWAL', 'TRANSFER', 'FILL', 'LIQUIDATION_FILL', 'LIQUIDATION_FEE', 'TAKEOVER_FILL', 'TAKEOVER_FEE',
  'CONVERSION', 'DEFICIT', 'ADL_FILL', 'SOCIALISED_LOSS', 'DISPOSAL_FILL', 'FUNDING', 'DEBT_REPAYMENT'));

-- Few postings are of debts, and these are found by this alone.
CREATE INDEX posting_of_debts ON posting (account_id, book, asset) WHERE book LIKE 'debt/%';
