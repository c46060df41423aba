import type { AssetId, PausableStage } from "@ballast/model";
import type { CaseTransaction } from "@ballast/store";
import type { CaseRules } from "./setting.js";

/** Why a worker decides nothing at the moment. */
export type Hindrance =
  | { readonly paused: PausableStage }
  | { readonly newerEngine: number }
  | { readonly frozen: AssetId };

/** A person, a newer engine or a frozen price says that this is not to be decided now. Undoes the command, and its key. */
export class NotNow extends Error {
  override readonly name = "NotNow";
  constructor(readonly hindrance: Hindrance) {
    super(`not now: ${JSON.stringify(hindrance)}`);
  }
}

/**
 * Asks, inside the transaction of a decision, whether these stages may be decided now by this engine. A pause that is
 * answered while we are in here waits for us; one that was answered before is seen.
 *
 * @throws NotNow
 * @method CASE-7 CASE-9
 */
export async function refuseUnlessPermitted(
  cases: CaseTransaction,
  { engineVersion }: CaseRules,
  stages: readonly PausableStage[],
): Promise<void> {
  const { paused, newestEngine } = await cases.permission();
  if (newestEngine !== null && newestEngine > engineVersion) throw new NotNow({ newerEngine: newestEngine });
  const stopped = stopping(paused, stages);
  if (stopped !== null) throw new NotNow({ paused: stopped });
}

/** The first pause that stops one of these stages, the kill switch before all; null when none does. */
export function stopping(paused: ReadonlySet<PausableStage>, stages: readonly PausableStage[]): PausableStage | null {
  return (["ALL", ...stages] as const).find((stage) => paused.has(stage)) ?? null;
}
