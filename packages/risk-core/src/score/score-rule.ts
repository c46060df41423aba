/** What a score is computed with beside prices and estimates. It is told with every score. */
export interface ScoreRule {
  /** Days within which maintenance margin or zero may be reached. */
  readonly horizonDays: number;
  /** What a published rate promises: the share of days on which a move stays within it, both sides counted. */
  readonly ratePromise: number;
  /** Joint days of a stretch over which a pair's correlation is looked at, and how far apart stretches begin. */
  readonly stretchDays: number;
  readonly stepDays: number;
  /** Hours after which a book that was taken from counts as full again. */
  readonly refillHours: number;
}

/** The rule of the house. @method SCORE-9 SCORE-10 */
export const STANDARD_SCORE_RULE: ScoreRule = {
  horizonDays: 1,
  ratePromise: 0.995,
  stretchDays: 60,
  stepDays: 20,
  refillHours: 1,
};
