export {
  type BrokenCorrelation,
  brokenCorrelations,
  type CorrelationRegime,
  type ViewAmounts,
  viewsOf,
  viewsRuleOf,
} from "./broken-correlation.js";
export { type Boundary, boundaryOf, jointBoundary } from "./boundary.js";
export { cheapestHedge, type Hedge, type HedgeAnswer } from "./cheapest-hedge.js";
export { type HedgeSaving, type SavingOfPool, savingOfPool } from "./hedge-saving.js";
export { inquire, type Inquiry, UnanswerableQuestion } from "./inquiry.js";
export { type LargestOrder, largestOrder, type OrderQuestion } from "./largest-order.js";
export { type DepositQuestion, type SmallestDeposit, smallestDeposit } from "./smallest-deposit.js";
