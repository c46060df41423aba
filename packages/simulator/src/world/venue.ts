import { type AccountId, assertInvariant, type Instrument, type MarketSnapshot } from "@ballast/model";
import { randomOf } from "../random.js";
import type { VenueFill, VenueOrder, World } from "./world.js";

/**
 * Places an order at the market of a snapshot and answers with its fill. The answer is a function of the order and the
 * snapshot, and the venue keeps it: asked again with the same client order id, it answers the same.
 */
export function placeOrder(world: World, order: VenueOrder, snapshot: MarketSnapshot): VenueFill {
  const known = world.venueFills.get(order.clientOrderId);
  if (known !== undefined) return known;
  const instrument = world.parameters.instruments.get(order.instrument);
  const markPrice = snapshot.markPrices.get(order.instrument);
  const depth = snapshot.depths.get(order.instrument);
  assertInvariant(instrument !== undefined && markPrice !== undefined && depth !== undefined, "SIM orders are marked", {
    order: order.clientOrderId,
  });
  const { halfSpread } = world.parameters.liquidation;
  const fill: VenueFill = {
    order,
    maker: makerOf(world, order),
    price: world.rules.executionPrice({ instrument, quantity: order.quantity, markPrice, depth, halfSpread }),
  };
  world.venueFills.set(order.clientOrderId, fill);
  return fill;
}

/** The instrument of an order. */
export function instrumentOf(world: World, order: VenueOrder): Instrument {
  const instrument = world.parameters.instruments.get(order.instrument);
  assertInvariant(instrument !== undefined, "SIM orders are for listed instruments", { order: order.clientOrderId });
  return instrument;
}

function makerOf(world: World, order: VenueOrder): AccountId {
  const makers = world.idsOfKind("MARKET_MAKER").filter((maker) => maker !== order.account);
  return randomOf(order.clientOrderId).pick(makers);
}
