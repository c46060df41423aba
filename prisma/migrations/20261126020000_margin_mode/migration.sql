-- By which model an account is margined, and by which one it was judged last. A verdict of the other model is stale.

ALTER TABLE account
  ADD COLUMN margin_mode text NOT NULL DEFAULT 'STANDARD',
  ADD CONSTRAINT account_margin_mode_known CHECK (margin_mode IN ('STANDARD', 'PORTFOLIO')),
  ADD CONSTRAINT account_margin_mode_of_the_house CHECK (margin_mode = 'STANDARD' OR kind IN ('USER', 'MARKET_MAKER'));

ALTER TABLE account_health
  ADD COLUMN margin_mode text NOT NULL DEFAULT 'STANDARD',
  ADD CONSTRAINT account_health_margin_mode_known CHECK (margin_mode IN ('STANDARD', 'PORTFOLIO'));
