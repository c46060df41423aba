import { createHash } from "node:crypto";
import type { UtcMillis } from "@ballast/model";
import type { AuctionTerms, StageRule } from "@ballast/risk-core";
import type { Command, Store } from "@ballast/store";
import type { Events } from "./events.js";
import type { BookingDesk } from "./liquidate/booking-desk.js";
import type { Venue } from "./venue/venue.js";

/** What every step of the worker is given: memory, market, rules of the case, and somebody to tell. */
export interface Setting {
  readonly store: Store;
  readonly venue: Venue;
  readonly events: Events;
  readonly rules: CaseRules;
  /** Where what was found out meets to be booked together; without one, each step is booked by itself. */
  readonly desk?: BookingDesk;
}

/** The rules that a case follows and that are no risk parameters. */
export interface CaseRules {
  /** This worker's version of the engine; one that is older than the newest that has started decides nothing. */
  readonly engineVersion: number;
  readonly stages: readonly StageRule[];
  /** How a failing account is offered to backstop providers, where some are registered. */
  readonly auction: AuctionTerms;
  /** Milliseconds that a venue may take to accept an order. */
  readonly orderLifetimeMs: number;
  /** By how much our clock and the venue's may differ. */
  readonly clockSkewMs: number;
}

/**
 * Returns a command of the worker. The key says everything that the effect depends on, so key and fingerprint agree; the
 * time is the snapshot's, so that a late worker writes the same journal as a prompt one.
 */
export function liquidatorCommand(action: string, key: string, at: UtcMillis): Command {
  return {
    scope: "liquidator",
    key,
    fingerprint: createHash("sha256").update(`${action} ${key}`).digest("hex"),
    actor: "liquidator",
    action,
    at,
  };
}
