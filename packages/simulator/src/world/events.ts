import type { Random } from "../random.js";
import { crashWorkers, sweep, work } from "./liquidator.js";
import { crash, drift, slide } from "./market.js";
import { deposit, trade, transfer, withdraw } from "./users.js";
import type { World } from "./world.js";

/** What can happen, and how often: shares of the sum. */
const EVENTS: readonly (readonly [string, number, (world: World, random: Random) => void])[] = [
  ["work", 450, (world, random) => void work(world, random)],
  ["trade", 220, trade],
  ["slide", 40, (world, random) => void world.publish(slide(world.market, world.parameters, random), random)],
  ["drift", 70, (world, random) => void world.publish(drift(world.market, world.parameters, random), random)],
  ["deposit", 70, deposit],
  ["withdraw", 70, withdraw],
  ["sweep", 60, sweep],
  ["transfer", 30, transfer],
  ["crash", 8, (world, random) => void world.publish(crash(world.market, world.parameters, random), random)],
  ["workers die", 15, crashWorkers],
  ["old marks", 8, publishOldMarks],
  ["queue flushed", 5, (world) => world.queue.flush()],
];
const ALL = EVENTS.reduce((sum, [, share]) => sum + share, 0);

/** The names of the events, in the order of their table. */
export const EVENT_NAMES: readonly string[] = EVENTS.map(([name]) => name);

/** Lets one event happen, chosen and shaped by `random` alone. Returns its name. */
export function happen(world: World, random: Random): string {
  let drawn = random.below(ALL);
  for (const [name, share, play] of EVENTS) {
    drawn -= share;
    if (drawn >= 0) continue;
    play(world, random);
    return name;
  }
  return "nothing";
}

/** A late feed says again what was true before; the house must not listen. */
function publishOldMarks(world: World, random: Random): void {
  const old = [...world.snapshots.values()];
  world.publish(random.pick(old), random);
}
