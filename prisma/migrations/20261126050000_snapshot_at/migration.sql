-- How fast a market moves is asked of the snapshot of a quarter of an hour before (LIQUIDATION-20).
CREATE INDEX market_snapshot_at_sequence_idx ON market_snapshot (at, sequence);
