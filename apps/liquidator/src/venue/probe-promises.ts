import { randomUUID } from "node:crypto";
import type { VenuePromises } from "@ballast/risk-core";
import type { HttpVenueConfig } from "../config.js";
import { VenueUnfit } from "./venue.js";
import type { SentOrder, VenueCalls } from "./venue-calls.js";

/*
 * What a venue promises is tried before it is trusted: two orders that cannot trade (bids of the smallest size at the
 * smallest price, immediate or cancelled), one sent twice, one sent after its deadline.
 */

const MINUTE = 60_000;

/**
 * Tries both promises. @throws VenueUnfit naming every one that is not kept and what the venue did instead.
 *
 * @method CASE-6
 */
export async function probePromises(
  calls: VenueCalls,
  { probeInstrument }: HttpVenueConfig,
  now: () => number,
): Promise<VenuePromises> {
  const probe = (deadline: number): SentOrder => ({
    clientOrderId: `probe.${randomUUID()}`,
    instrument: probeInstrument,
    side: "BUY",
    quantity: "1",
    limitPrice: "0.00000001",
    deadline: new Date(deadline).toISOString(),
  });
  const broken: string[] = [];

  const repeated = probe(now() + MINUTE);
  const first = await calls.send(repeated);
  if (first.kind !== "REPORT") {
    throw new VenueUnfit(
      `the venue answered ${first.kind} to a probe in ${probeInstrument}: its promises cannot be tried`,
    );
  }
  const second = await calls.send(repeated);
  if (second.kind !== "DUPLICATE")
    broken.push(`it took the client order id ${repeated.clientOrderId} twice (${second.kind})`);

  const late = await calls.send(probe(now() - MINUTE));
  if (late.kind !== "TOO_LATE") broken.push(`it took an order a minute after its deadline (${late.kind})`);

  if (broken.length > 0) throw new VenueUnfit(`the venue cannot be liquidated at exactly once: ${broken.join("; ")}`);
  return { refusesRepeatedIds: true, honoursDeadlines: true };
}
