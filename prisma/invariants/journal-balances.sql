-- LEDGER-1: a journal has exactly the legs it announced, and they sum to zero in every asset.
--
-- Legs may arrive after their journal, so the rule is checked when the transaction commits, by a deferred constraint.
-- Setting the constraint to immediate only makes the check come earlier, when legs are still missing; legs added after a
-- check that passed are refused by posting-belongs.sql and the primary key, since every number from 1 to leg_count is
-- then taken.
--
-- A journal that is written whole, with all its legs in the same statement, says so. It is checked at the end of that
-- statement, all journals of the statement together, which costs a tenth of checking them one by one. Saying so wrongly
-- is refused there and then.
--
-- The search path is fixed, with pg_temp last: a temporary table called "posting", or somebody's own function called
-- "sum", must not answer for the real one. Plans are kept from the first statement of a session on, when the tables may
-- have been empty, so the ones that would read a whole table are switched off.

CREATE FUNCTION journal_must_balance() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  legs bigint;
  balanced boolean;
BEGIN
  SELECT sum(per_asset.legs), bool_and(per_asset.total = 0) INTO legs, balanced
    FROM (SELECT count(*) AS legs, sum(amount) AS total FROM public.posting WHERE journal_id = NEW.id GROUP BY asset) AS per_asset;
  IF legs IS DISTINCT FROM NEW.leg_count THEN
    RAISE EXCEPTION 'journal % announced % legs and has %', NEW.key, NEW.leg_count, coalesce(legs, 0)
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_complete', TABLE = 'journal';
  END IF;
  IF NOT balanced THEN
    RAISE EXCEPTION 'journal % does not sum to zero in every asset', NEW.key
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_balanced', TABLE = 'journal';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NOT NEW.written_whole) EXECUTE FUNCTION journal_must_balance();

CREATE FUNCTION whole_journals_must_balance() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  wrong record;
BEGIN
  -- A journal belongs to the transaction that wrote it; nobody may hand one in for another transaction to fill.
  IF EXISTS (SELECT FROM inserted WHERE txid <> pg_current_xact_id()) THEN
    RAISE EXCEPTION 'a journal carries the id of another transaction'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_of_this_transaction', TABLE = 'journal';
  END IF;

  SELECT per_asset.id, per_asset.leg_count, sum(per_asset.legs) AS legs INTO wrong
    FROM (SELECT inserted.id, inserted.leg_count, count(posting.leg) AS legs, sum(posting.amount) AS total
            FROM inserted LEFT JOIN public.posting ON posting.journal_id = inserted.id
           WHERE inserted.written_whole GROUP BY inserted.id, inserted.leg_count, posting.asset) AS per_asset
   GROUP BY per_asset.id, per_asset.leg_count
  HAVING sum(per_asset.legs) <> per_asset.leg_count OR bool_or(per_asset.total <> 0)
   LIMIT 1;
  IF FOUND AND wrong.legs <> wrong.leg_count THEN
    RAISE EXCEPTION 'journal % announced % legs in its statement and has %', wrong.id, wrong.leg_count, wrong.legs
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_complete', TABLE = 'journal';
  END IF;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not sum to zero in every asset', wrong.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'journal_balanced', TABLE = 'journal';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER whole_journals_balance AFTER INSERT ON journal
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION whole_journals_must_balance();
