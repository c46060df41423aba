import { ledgerFingerprint, type Sha256 } from "@ballast/ledger";
import { InvariantViolation, type RiskParameters } from "@ballast/model";
import { standardParameters } from "@ballast/risk-core";
import { randomOf } from "./random.js";
import { EVENT_NAMES, happen } from "./world/events.js";
import { found } from "./world/founding.js";
import { checkDeeds, checkEverything } from "./world/invariants.js";
import { comeToRest } from "./world/rest.js";
import { HOUSE_RULES, type Rules } from "./world/rules.js";
import type { World } from "./world/world.js";

/*
 * A run is a function of its seed: a small exchange is founded, events happen to it one after the other, and what must be
 * true is checked after each. Event number n is drawn from a stream of its own ("7/event/12"), so that leaving events out
 * does not change the others: that is what shrinking a failure to few events rests on.
 */

export interface RunOptions {
  readonly seed: string;
  /** Events 1 to this one happen. */
  readonly events: number;
  /** When given, only these of them. */
  readonly only?: ReadonlySet<number>;
  readonly rules?: Rules;
  readonly parameters?: RiskParameters;
}

/** What broke, and where. Event 0 is the founding; `events` + 1 is the end, when everything has come to rest. */
export interface Violation {
  readonly event: number;
  readonly name: string;
  readonly invariant: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Run {
  readonly options: RunOptions;
  readonly world: World;
  readonly happened: ReadonlyMap<string, number>;
  readonly violation: Violation | null;
}

/** The dear checks run after every so many events, and at the end. */
const EVERYTHING_EVERY = 50;

/**
 * Plays a run to its end or to the first violation. A bug that throws something else than a violation is one too: the
 * house must never fall over what users do.
 */
export function run(options: RunOptions): Run {
  const world = found({
    seed: options.seed,
    parameters: options.parameters ?? standardParameters(),
    rules: options.rules ?? HOUSE_RULES,
  });
  const happened = new Map<string, number>(EVENT_NAMES.map((name) => [name, 0]));
  let event = 0;
  let name = "founding";
  try {
    checkDeeds(world);
    for (event = 1; event <= options.events; event += 1) {
      if (options.only !== undefined && !options.only.has(event)) continue;
      name = "an event";
      name = happen(world, randomOf(`${options.seed}/event/${event}`));
      happened.set(name, (happened.get(name) ?? 0) + 1);
      checkDeeds(world);
      if (event % EVERYTHING_EVERY === 0) checkEverything(world);
    }
    name = "coming to rest";
    comeToRest(world, randomOf(`${options.seed}/rest`));
    checkEverything(world);
    return { options, world, happened, violation: null };
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    const facts = fault instanceof InvariantViolation ? fault.facts : {};
    const invariant = fault instanceof InvariantViolation ? fault.invariant : `${fault.name}: ${fault.message}`;
    return { options, world, happened, violation: { event, name, invariant, facts } };
  }
}

/** Returns the report of a run: the same bytes for the same seed, whatever machine and whatever speed. */
export function reportOf({ options, world, happened, violation }: Run, sha256: Sha256): string {
  const { tally } = world;
  const counted = (counts: ReadonlyMap<string, number>): string =>
    [...counts].map(([name, count]) => `${name} ${count}`).join(", ") || "none";
  return [
    `seed ${options.seed}, ${options.events} events: ${violation === null ? "no violation" : "VIOLATION"}`,
    `  events        ${counted(happened)}`,
    `  ledger        ${world.journals.length} journals, fingerprint ${ledgerFingerprint(world.journals, sha256)}`,
    `  market        ${world.snapshots.size} snapshots, the last one ${world.statuses.get(world.market.sequence) ?? "?"}`,
    `  own actions   ${tally.rejected} refused, ${tally.replayed} journals replayed without effect`,
    `  workers       died ${tally.crashes} times`,
    `  liquidations  ${tally.casesOpened} opened; ${counted(tally.outcomes)}`,
    "",
  ].join("\n");
}
