-- What happened is never rewritten. UPDATE, DELETE and TRUNCATE of these tables are refused, whatever the WHERE clause
-- finds: the trigger runs once a statement, also for INSERT … ON CONFLICT DO UPDATE and MERGE.
--
-- An owner can disable a trigger; the hash chain and the rebuild of every balance (`ledgerCheck`) are there to see that.

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER market_price_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON market_price
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER risk_parameters_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON risk_parameters
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER venue_fill_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_fill
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- An account may change, but it stays, under its name: postings point at it without a foreign key.
CREATE TRIGGER account_permanent BEFORE DELETE OR TRUNCATE OR UPDATE OF id, kind ON account
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
