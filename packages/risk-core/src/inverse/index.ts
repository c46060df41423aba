export {
  type BrokenCorrelation,
  brokenCorrelations,
  type CorrelationRegime,
  type ViewAmounts,
  viewsOf,
  viewsRuleOf,
} from "./broken-correlation.js";
