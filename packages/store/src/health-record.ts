import type { AccountHealth, UtcMillis } from "@ballast/model";
import type { Ratio } from "@ballast/money";

/** The stored verdict on an account, and what it was reached on. */
export interface HealthRecord extends AccountHealth {
  readonly sequence: number;
  readonly postingSequence: number;
  readonly parametersVersion: number;
  /** Maintenance margin ÷ equity, at most 1,000,000; for ordering and showing, never for deciding. */
  readonly marginUsage: Ratio;
  readonly assessedAt: UtcMillis;
}
