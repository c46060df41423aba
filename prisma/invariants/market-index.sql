-- What an index said when something was decided is never rewritten.
CREATE TRIGGER market_index_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON market_index
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
