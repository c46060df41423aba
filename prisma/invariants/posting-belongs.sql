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
