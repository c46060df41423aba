import { checkColumns, checkParameter } from "../../estimate/checked-series.f64.js";
import { NoEstimate } from "../../estimate/no-estimate.js";
import { quantile } from "../../estimate/quantile.f64.js";
import { longRate, shortRate } from "../rate.f64.js";
import { type Proposal, proposalOf } from "./proposal.f64.js";

/*
 * A rate covers an ordinary bad day. What one name can do on its worst day no rate covers, and no correlation repairs:
 * XRP's shorts lost a quarter of gross beyond every margin. What is left must be small against the fund that pays it,
 * and a position must be small against the market that has to take it. Both bound the open interest.
 */

/** What a cap is made of; money in one unit. */
export interface OpenInterestRules {
  /** Of the insurance fund, what one name may cost on one day. */
  readonly fundAtRisk: number;
  /** Share of a day's volume that can be closed without moving the market, and how many days closing may take. */
  readonly volumeShare: number;
  readonly daysToClose: number;
  /** Share of the open interest that one side's worst account may hold. */
  readonly largestAccountShare: number;
}

/** What is known of one asset, day by day. */
export interface OpenInterestHistory {
  readonly asset: string;
  readonly days: readonly number[];
  /** Signed log moves, close to close. */
  readonly logMoves: readonly number[];
  /** Published log rate of each day. */
  readonly logRates: readonly number[];
  /** Traded in each day, in the unit of the fund. */
  readonly volumes: readonly number[];
}

export interface OpenInterestCap {
  readonly cap: number;
  readonly boundBy: "FUND" | "VOLUME";
  /** Largest loss beyond margin so far, as a share of notional; zero when there was none. */
  readonly worstBeyondMargin: number;
  /** The tenth quietest day in a hundred of the last 90. */
  readonly quietVolume: number;
}

const VOLUME_DAYS = 90;
const QUIET = 0.1;
const LEARNING_DAYS = 250;

/**
 * The cap on one side's open interest of one asset. By the fund: worst loss beyond margin ever seen × cap × share of the
 * largest account ≤ what the fund puts at risk. By volume: cap × share of the largest account ≤ what can be closed in
 * time on a quiet day. The backtest, after 250 days, sets the fund's loss at that day's cap against the fund at risk;
 * swings are those of the cap.
 *
 * @throws NoEstimate for 250 days or fewer, columns of different lengths, rules out of range.
 * @method ESTIMATE-22
 */
export function proposeOpenInterestCap(
  history: OpenInterestHistory,
  rules: OpenInterestRules,
  promised: number,
): Proposal<"OPEN_INTEREST_CAP", OpenInterestCap> {
  const { asset, days, logMoves, logRates, volumes } = history;
  checkColumns([days, logMoves, logRates, volumes], LEARNING_DAYS + 1);
  checkParameter("fundAtRisk", rules.fundAtRisk, Number.MIN_VALUE, Number.MAX_VALUE);
  checkParameter("volumeShare", rules.volumeShare, Number.MIN_VALUE, 1);
  checkParameter("daysToClose", rules.daysToClose, Number.MIN_VALUE, 365);
  checkParameter("largestAccountShare", rules.largestAccountShare, Number.MIN_VALUE, 1);

  const series = { days: [] as number[], happened: [] as number[], covered: [] as number[], margins: [] as number[] };
  let worst = 0;
  for (let at = 0; at < days.length; at += 1) {
    const beyond = lossBeyondMargin(logMoves[at] as number, logRates[at] as number);
    if (at >= LEARNING_DAYS) {
      const { cap } = capOf(worst, volumes.slice(Math.max(0, at - VOLUME_DAYS), at), rules);
      series.days.push(days[at] as number);
      series.happened.push(cap * rules.largestAccountShare * beyond);
      series.covered.push(rules.fundAtRisk);
      series.margins.push(cap);
    }
    worst = Math.max(worst, beyond);
  }
  return proposalOf("OPEN_INTEREST_CAP", asset, capOf(worst, volumes.slice(-VOLUME_DAYS), rules), series, promised);
}

function capOf(worstBeyondMargin: number, volumes: readonly number[], rules: OpenInterestRules): OpenInterestCap {
  const quietVolume = quantile(volumes, QUIET);
  if (!(quietVolume > 0)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "volume", found: quietVolume });
  const byVolume = (quietVolume * rules.volumeShare * rules.daysToClose) / rules.largestAccountShare;
  const byFund =
    worstBeyondMargin === 0
      ? Number.POSITIVE_INFINITY
      : rules.fundAtRisk / (worstBeyondMargin * rules.largestAccountShare);
  return {
    cap: Math.min(byVolume, byFund),
    boundBy: byFund < byVolume ? "FUND" : "VOLUME",
    worstBeyondMargin,
    quietVolume,
  };
}

/** What the losing side lost beyond its rate, as a share of notional; zero on an ordinary day. */
function lossBeyondMargin(logMove: number, logRate: number): number {
  return logMove < 0
    ? Math.max(0, longRate(-logMove) - longRate(logRate))
    : Math.max(0, shortRate(logMove) - shortRate(logRate));
}
