import { assertInvariant } from "@ballast/model";
import type { Random } from "../random.js";
import { checkDeeds } from "./invariants.js";
import { dueAccounts, sweep, work } from "./liquidator.js";
import { PERFECT_QUEUE } from "./queue.js";
import type { World } from "./world.js";

/** Far more work than any small exchange can have left. */
const MOMENTS_MAX = 20_000;

/**
 * Lets everything finish: no more faults, no more events, workers and sweeper until nothing is due and the latest
 * snapshot is settled.
 *
 * @throws InvariantViolation when that does not come to an end (SIM-12: every breach ends), or on the way.
 */
export function comeToRest(world: World, random: Random): void {
  world.faults = PERFECT_QUEUE;
  for (let moment = 0; moment < MOMENTS_MAX; moment += 1) {
    if (work(world, random)) {
      checkDeeds(world);
      continue;
    }
    if (isAtRest(world)) return;
    sweep(world, random);
  }
  assertInvariant(false, "SIM-12 every breach comes to an end", {
    status: world.statuses.get(world.market.sequence),
    due: dueAccounts(world),
    waiting: [...world.openCases.values()].map(({ account, stage }) => `${account} ${stage}`),
  });
}

function isAtRest(world: World): boolean {
  const waiting = [...world.openCases.values()].some(({ stage }) => stage === "TAKEOVER");
  return world.statuses.get(world.market.sequence) === "SETTLED" && dueAccounts(world).length === 0 && !waiting;
}
