-- The guards that the database itself keeps; prisma/invariants has the same text, one file an idea.

-- prisma/invariants/append-only.sql

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

-- prisma/invariants/journal-balances.sql

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

-- prisma/invariants/posting-belongs.sql

-- A posting is a leg of a journal of its own transaction, numbered within the count that the journal announced, of an
-- account that exists, and it continues that account's chain: number and hash follow the posting before it.
--
-- One check a statement over all its rows, instead of foreign keys, which would look up every row on its own. Journals
-- and accounts can neither be deleted nor renamed, so what held at insertion holds for ever. Two postings with the same
-- number in one account, a fork, are refused by the unique key even before this runs.
--
-- The plans are kept for the session, whatever the number of rows next time: so the join is forced to be a hash join, and
-- what is looked up is looked up by its index.

CREATE FUNCTION posting_must_belong() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off AS $$
DECLARE
  stray record;
BEGIN
  SELECT legs.journal_id, legs.last INTO stray
    FROM (SELECT journal_id, max(leg) AS last FROM inserted GROUP BY journal_id) AS legs
   WHERE NOT coalesce((SELECT journal.txid = pg_current_xact_id() AND legs.last <= journal.leg_count
                         FROM public.journal WHERE journal.id = legs.journal_id), false)
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'leg % is not a leg that journal % of this transaction announced', stray.last, stray.journal_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'posting_of_its_journal', TABLE = 'posting';
  END IF;

  -- The posting before is nearly always in the same statement; where it is not, it is looked up.
  SELECT link.account_id, link.account_seq INTO stray
    FROM inserted AS link
    LEFT JOIN inserted AS beside ON beside.account_id = link.account_id AND beside.account_seq = link.account_seq - 1
   WHERE link.previous_hash IS DISTINCT FROM CASE
           WHEN link.account_seq = 1 THEN (SELECT repeat('0', 64) FROM public.account WHERE account.id = link.account_id)
           WHEN beside.hash IS NOT NULL THEN beside.hash
           ELSE (SELECT prior.hash FROM public.posting AS prior
                  WHERE prior.account_id = link.account_id AND prior.account_seq = link.account_seq - 1) END
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'posting % of account % does not continue its chain', stray.account_seq, stray.account_id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'posting_continues_chain', TABLE = 'posting';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER posting_belongs AFTER INSERT ON posting
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION posting_must_belong();
