/**
 * Accounts that no worker touches until a person has looked: their books are in doubt (frozen), or one of their steps has
 * failed too often (quarantined). A subquery for `IN`.
 *
 * @method CASE-8
 */
export const WAITING_FOR_A_PERSON = `
  SELECT id FROM account WHERE frozen
  UNION ALL
  SELECT account_id FROM liquidation_quarantine WHERE quarantined_at IS NOT NULL AND released_at IS NULL`;

/**
 * Accounts one of whose steps has failed just now: left alone for a second after the first failure, four after the second.
 * What makes a step fail may heal by itself, and a step that fails all the time must not keep a worker busy.
 *
 * @method CASE-8
 */
export const RESTING_AFTER_FAILURE = `
  SELECT account_id FROM liquidation_quarantine
   WHERE quarantined_at IS NULL AND last_at > clock_timestamp() - failures * failures * interval '1 second'`;
