import type { Store } from "@ballast/store";
import type { Config } from "../config.js";
import { openHttpVenue } from "./http-venue.js";
import { simulatedVenue } from "./simulated-venue.js";
import type { Venue } from "./venue.js";

/** The venue of the configuration: a matching engine over HTTP, or the simulated one. @throws VenueUnfit */
export async function openVenue({ venue }: Pick<Config, "venue">, store: Store): Promise<Venue> {
  if (venue !== null) {
    const opened = await store.now();
    const since = performance.now();
    return openHttpVenue(venue, () => opened + (performance.now() - since));
  }
  return simulatedVenue({
    makers: () => store.accountIdsOfKind("MARKET_MAKER"),
    parameters: () => store.riskParameters(),
  });
}
