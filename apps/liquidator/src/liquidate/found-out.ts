import type { MarketSnapshot } from "@ballast/model";
import type { ClaimedStep, EndedOrder, VenueFill } from "@ballast/store";

/** What a visit to the venue has found out about a step in our hands. */
export interface FoundOut {
  readonly claim: ClaimedStep;
  /** The snapshot of the step. */
  readonly snapshot: MarketSnapshot;
  readonly fills: readonly VenueFill[];
  readonly ended: readonly EndedOrder[];
  /** Nothing more can come of any order of the step. */
  readonly final: boolean;
}
