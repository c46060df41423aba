import type { Store } from "@ballast/store";
import type { Config } from "../config.js";
import { openHttpVenue } from "./http-venue.js";
import { simulatedVenue } from "./simulated-venue.js";
import type { Venue } from "./venue.js";

/** The venue of the configuration: a matching engine over HTTP, or the simulated one. @throws VenueUnfit */
export async function openVenue({ venue }: Pick<Config, "venue">, store: Store): Promise<Venue> {
  const opened = await store.now();
  const since = performance.now();
  // The database's clock, carried on by one that only goes forward.
  const now = (): number => opened + (performance.now() - since);
  if (venue !== null) return openHttpVenue(venue, now);
  const roster = {
    makers: () => store.accountIdsOfKind("MARKET_MAKER"),
    parameters: () => store.riskParameters(),
  };
  return simulatedVenue(roster, now);
}
