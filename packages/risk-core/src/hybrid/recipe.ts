/*
 * The constants of the hybrid method, as data: a recipe is published beside the rates that it made. Whoever changes one
 * publishes another recipe under another name; docs/method/hybrid.md says what each constant was measured to do.
 */

/** How a rate comes from daily history (HYBRID-1 to HYBRID-10). */
export interface RateRecipe {
  readonly id: string;
  /** Share of the squared close-to-close move in the variance of a day; the rest is the squared range (HYBRID-2). */
  readonly closeShare: number;
  /** The filter starts at `startMultiple` × the median of the first `startDays` variances (HYBRID-3). */
  readonly startMultiple: number;
  readonly startDays: number;
  /** What the filter keeps of yesterday (HYBRID-3). */
  readonly memory: number;
  /** A day counts for at most so many sigma (HYBRID-3). */
  readonly cap: number;
  /** Days of the stressed window, from when it counts, and its weight in the rate (HYBRID-4, HYBRID-6). */
  readonly stressedWindow: number;
  readonly stressedFrom: number;
  readonly stressedWeight: number;
  /** Quantile of the shared tail, and how many standardised moves it needs (HYBRID-5). */
  readonly tail: number;
  readonly tailFrom: number;
  /** A published rate is at most so many times yesterday's (HYBRID-7). */
  readonly speedLimit: number;
  /** What a young asset borrows (HYBRID-10); undefined: nothing, it has no rate before its own history gives one. */
  readonly young: YoungRule | undefined;
}

/** Until when an asset is young, and how many grown peers it needs to borrow from. */
export interface YoungRule {
  readonly grownDays: number;
  readonly peersMin: number;
  /** From this day on its own sigma counts, at least the peers'; from `ownSigmaDays` on its own alone. */
  readonly blendedFrom: number;
  readonly ownSigmaDays: number;
}

/** How the legs of a book are put together (HYBRID-12 to HYBRID-17). */
export interface BookRecipe {
  /** Calm correlation: window of days, where standardised moves are clipped, and how many days it needs (HYBRID-12). */
  readonly calmWindow: number;
  readonly calmClip: number;
  readonly calmFrom: number;
  /** Share of the matched amount that may be forgiven (HYBRID-15). */
  readonly creditCap: number;
  /** Joint history: level of the shortfall, and how many days it needs (HYBRID-16). */
  readonly shortfallLevel: number;
  readonly jointFrom: number;
}

/** The first recipe. */
export const BALLAST_HYBRID: RateRecipe = {
  id: "ballast-hybrid",
  closeShare: 0.5,
  startMultiple: 2.2,
  startDays: 30,
  memory: 0.97,
  cap: 4,
  stressedWindow: 250,
  stressedFrom: 100,
  stressedWeight: 0.25,
  tail: 0.995,
  tailFrom: 600,
  speedLimit: 1.1,
  young: undefined,
};

/**
 * The second recipe: three quarters of a day's variance from its range, and a little more of the stressed year against
 * a little less of the tail (HYBRID-11, with what was tried and what it changes).
 */
export const BALLAST_HYBRID_2: RateRecipe = {
  ...BALLAST_HYBRID,
  id: "ballast-hybrid-2",
  closeShare: 0.25,
  stressedWeight: 0.3,
  tail: 0.994,
};

/** HYBRID-10. */
export const YOUNG_RULE: YoungRule = { grownDays: 500, peersMin: 3, blendedFrom: 30, ownSigmaDays: 100 };

/** The constants of HYBRID-12 to HYBRID-17. */
export const BALLAST_BOOKS: BookRecipe = {
  calmWindow: 250,
  calmClip: 4,
  calmFrom: 60,
  creditCap: 0.8,
  shortfallLevel: 0.975,
  jointFrom: 150,
};
