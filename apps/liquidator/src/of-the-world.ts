import { ConstraintRefused, DatabaseFault, ValueOutOfRange } from "@ballast/store";
import { VenueUnreachable } from "./venue/venue.js";

/** Database or venue away, a lock not had in time: nobody's fault in this house, and gone when the world is back. */
export function isOfTheWorld(cause: unknown): boolean {
  if (cause instanceof ConstraintRefused || cause instanceof ValueOutOfRange) return false;
  return cause instanceof DatabaseFault || cause instanceof VenueUnreachable;
}
