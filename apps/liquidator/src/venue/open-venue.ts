import type { Store } from "@ballast/store";
import type { Config } from "../config.js";
import { openHttpVenue } from "./http-venue.js";
import { orderBookVenue } from "./order-book-venue.js";
import { simulatedVenue } from "./simulated-venue.js";
import type { Venue } from "./venue.js";

/**
 * The venue of the configuration: a matching engine over HTTP, order books of a seed, or the simulated one without a clock.
 *
 * @throws VenueUnfit
 */
export async function openVenue(
  { venue, bookSeed, orderLifetimeMs }: Pick<Config, "venue" | "bookSeed" | "orderLifetimeMs">,
  store: Store,
): Promise<Venue> {
  const opened = await store.now();
  const since = performance.now();
  // The database's clock, carried on by one that only goes forward.
  const now = (): number => opened + (performance.now() - since);
  if (venue !== null) return openHttpVenue(venue, now);
  const roster = {
    makers: () => store.accountIdsOfKind("MARKET_MAKER"),
    parameters: () => store.riskParameters(),
  };
  if (bookSeed !== null) return orderBookVenue(roster, now, { seed: bookSeed, orderLifetimeMs });
  return simulatedVenue(roster, now);
}
