export {
  type Book,
  type BookFill,
  type BookRules,
  dollarsWithin,
  freshBook,
  laterBook,
  type Sweep,
  sweep,
} from "./book.js";
export { type Luck, seededLuck } from "./luck.js";
export {
  letTimePass,
  moveMarket,
  type OrderReport,
  type PlacedOrder,
  type PlacementAnswer,
  placeOrder,
  queryOrder,
  type ReportedFill,
  type VenueConditions,
  type VenueState,
} from "./venue.js";
