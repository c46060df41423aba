-- A snapshot keeps the stable marks that new risk is judged at, where they are not the marks.

ALTER TABLE market_price DROP CONSTRAINT market_price_kind_known;
ALTER TABLE market_price ADD CONSTRAINT market_price_kind_known CHECK (kind IN ('INDEX', 'MARK', 'STABLE', 'DEPTH'));
