import { CORRELATION_AGGREGATE } from "./evaluators/correlation-aggregate.js";
import { DERIVE } from "./evaluators/derive.js";
import { DERIVE_AUCTION } from "./evaluators/derive-auction.js";
import { DERIVE_PUBLISHED } from "./evaluators/derive-published.js";
import { DERIVE_RULES } from "./evaluators/derive-rules.js";
import { DRIFT } from "./evaluators/drift.js";
import { DYDX } from "./evaluators/dydx.js";
import { ESTIMATORS } from "./evaluators/estimators.js";
import { FREQTRADE } from "./evaluators/freqtrade.js";
import { HYBRID } from "./evaluators/hybrid.js";
import { INCIDENTS } from "./evaluators/incidents.js";
import { LIQUIDATION_RULES } from "./evaluators/liquidation-rules.js";
import { MANGO } from "./evaluators/mango.js";
import { MARKET } from "./evaluators/market.js";
import { NUMERIC_MONEY } from "./evaluators/numeric-money.js";
import { OPTION_MAX_LOSS } from "./evaluators/option-max-loss.js";
import { PLANNER } from "./evaluators/planner.js";
import { PORTFOLIO_MARGIN } from "./evaluators/portfolio-margin.js";
import { PRICING } from "./evaluators/pricing.js";
import { SCANS } from "./evaluators/scans.js";
import { SIMULATION } from "./evaluators/simulation.js";
import { SYNTHETIX } from "./evaluators/synthetix.js";
import { VEGA } from "./evaluators/vega.js";
import { VENUE_RULES } from "./evaluators/venue-rules.js";
import type { Evaluators } from "./parity-case.js";

/** Every family that can be computed. One import and one line for each file of `evaluators/`, in order of the alphabet. */
export const EVALUATORS: Evaluators = {
  ...CORRELATION_AGGREGATE,
  ...DERIVE,
  ...DERIVE_AUCTION,
  ...DERIVE_PUBLISHED,
  ...DERIVE_RULES,
  ...DRIFT,
  ...DYDX,
  ...ESTIMATORS,
  ...FREQTRADE,
  ...HYBRID,
  ...INCIDENTS,
  ...LIQUIDATION_RULES,
  ...MANGO,
  ...MARKET,
  ...NUMERIC_MONEY,
  ...OPTION_MAX_LOSS,
  ...PLANNER,
  ...PORTFOLIO_MARGIN,
  ...PRICING,
  ...SCANS,
  ...SIMULATION,
  ...SYNTHETIX,
  ...VEGA,
  ...VENUE_RULES,
};
