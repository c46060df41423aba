import { createHash } from "node:crypto";
import { type AccountId, assertInvariant, compareIds, type MarketSnapshot, type RiskParameters } from "@ballast/model";
import { executionPrice } from "@ballast/risk-core";
import type { NewVenueOrder, VenueFill } from "@ballast/store";
import { type OrderReport, UNKNOWN_ORDER, type Venue } from "./venue.js";

/*
 * A venue inside this process. What an order trades at is a function of the order and of the snapshot it was planned at:
 * the mark, made worse by half the spread and by the order's own impact on the stated depth. It remembers the ids it has
 * seen as long as the process lives; after a crash it knows none, is sent the order again, and gives the same answer as
 * before. Orders of one snapshot do not feel each other's impact; that makes slippage smaller than on a real book when many
 * accounts fall at once. `order-book-venue.ts` has that, and everything that goes wrong at a venue; this one has no clock in it.
 */

/** Who is on the other side, and under which rules; asked anew for every order, so that the listing may grow. */
export interface Roster {
  makers(): Promise<readonly AccountId[]>;
  parameters(): Promise<RiskParameters | null>;
}

/** Orders that the venue remembers; older ones it answers as if it saw them for the first time. */
const REMEMBERED_MAX = 10_000;

/**
 * Returns the venue in which the market makers of the roster take the other side of every liquidation order that comes
 * before its deadline by the venue's clock.
 */
export function simulatedVenue(roster: Roster, now: () => number): Venue {
  const known = new Map<string, OrderReport>();
  return {
    name: "simulated",
    promises: { refusesRepeatedIds: true, honoursDeadlines: true },
    async place(order, snapshot) {
      const before = known.get(order.clientOrderId);
      if (before !== undefined) return before;
      if (now() > order.deadline) return UNKNOWN_ORDER;
      const parameters = await roster.parameters();
      assertInvariant(parameters !== null, "VENUE-1 orders are for listed, marked instruments", {
        instrument: order.instrument,
      });
      const makers = [...(await roster.makers())].sort(compareIds);
      const fills = [fillOrder(order, snapshot, makers, parameters)];
      const report: OrderReport = { knowledge: "ENDED", fills, outcome: "FILLED", reason: null };
      known.set(order.clientOrderId, report);
      const oldest = known.keys().next().value;
      if (known.size > REMEMBERED_MAX && oldest !== undefined) known.delete(oldest);
      return report;
    },
    report: async ({ clientOrderId }) => known.get(clientOrderId) ?? UNKNOWN_ORDER,
  };
}

/**
 * Returns the one fill of an order, complete. The maker is chosen by a hash of the client order id among `makers`, which are
 * in ascending order; an order of a maker itself goes to the next one.
 *
 * @throws InvariantViolation when there is nobody to trade with, or the snapshot knows no mark or depth of the instrument.
 * @method LIQUIDATION-2
 */
export function fillOrder(
  order: NewVenueOrder,
  snapshot: MarketSnapshot,
  makers: readonly AccountId[],
  parameters: RiskParameters,
): VenueFill {
  const instrument = parameters.instruments.get(order.instrument);
  const markPrice = snapshot.markPrices.get(order.instrument);
  const depth = snapshot.depths.get(order.instrument);
  assertInvariant(
    instrument !== undefined && markPrice !== undefined && depth !== undefined,
    "VENUE-1 orders are for listed, marked instruments",
    {
      order: order.clientOrderId,
      instrument: order.instrument,
    },
  );
  return {
    venueFillId: `${order.clientOrderId}.1`,
    clientOrderId: order.clientOrderId,
    maker: makerOf(order, makers),
    quantity: order.quantity,
    price: executionPrice({
      instrument,
      quantity: order.quantity,
      markPrice,
      depth,
      halfSpread: parameters.liquidation.halfSpread,
    }),
    markPrice,
  };
}

/** Who is on the other side of an order: always the same of `makers`, which are in ascending order. @method VENUE-2 */
export function makerOf(order: NewVenueOrder, makers: readonly AccountId[]): AccountId {
  const others = makers.filter((maker) => maker !== order.account);
  assertInvariant(others.length > 0, "VENUE-2 somebody makes the market", { order: order.clientOrderId });
  const digest = createHash("sha256").update(order.clientOrderId).digest();
  const maker = others[digest.readUInt32BE(0) % others.length];
  assertInvariant(maker !== undefined, "VENUE-2 somebody makes the market", { order: order.clientOrderId });
  return maker;
}
