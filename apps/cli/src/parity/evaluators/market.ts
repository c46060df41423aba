import { contractSize, Decimal, price, quantity, rate, ratio, usd } from "@ballast/money";
import {
  accruedFunding,
  cappedMedian,
  damped,
  fundingOf,
  fundingRate,
  fundingSince,
  impactNotional,
  NO_SAMPLES,
  openShare,
  premiumOf,
  samplePremium,
  settlementBlend,
  settlingDelta,
  toMonotonicMillis,
} from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, decimalIfAt, numberAt, objectsAt, textAt, UnreadableInput } from "../inputs.js";
import { type Answered, computed, type Evaluators, type ParityContext } from "../parity-case.js";

const ZERO = new Decimal(0);
const ONE_COIN = { payoff: "linear", contractSize: contractSize("1") } as const;
const MINUTE = 60_000;

/** Index, settlement and funding. */
export const MARKET: Evaluators = {
  "deribit.index.capped-median": ({ inputs }) => {
    const constituents = objectsAt(inputs, "constituents");
    const prices = constituents.map((row) => ({
      price: price(decimalAt(row, "price")),
      weight: ratio(decimalAt(row, "weight")),
    }));
    const { median, capped, average } = cappedMedian(prices, ratio(decimalAt(inputs, "capPct")));
    return computed({
      median: answered(median),
      cappedPrices: Object.fromEntries(
        constituents.map((row, at) => [textAt(row, "source"), answered(capped[at])] as const),
      ),
      weightedIndex: answered(average),
    });
  },

  "deribit.settlement.delta-decay": ({ inputs }) => {
    const window = numberAt(inputs, "settlementWindowMinutes");
    const open = openShare((window - numberAt(inputs, "minutesElapsed")) * MINUTE, window * MINUTE);
    const coinPrice = decimalAt(inputs, "markPriceBtc").mul(decimalAt(inputs, "position"));
    const { delta, netTransactionDelta } = settlingDelta(decimalAt(inputs, "bookDelta"), coinPrice, open);
    return computed({ decayedDelta: answered(delta), netTransactionDelta: answered(netTransactionDelta) });
  },

  "derive.settlement.twap-blend": ({ inputs }) => {
    const open = openShare(numberAt(inputs, "minutesToExpiry") * MINUTE, numberAt(inputs, "twapMinutes") * MINUTE);
    const average = price(decimalIfAt(inputs, "averageSpot") ?? ZERO);
    const blend = settlementBlend(average, price(decimalAt(inputs, "forward")), open);
    return computed({ markUnderlying: answered(blend), deltaScale: answered(open) });
  },

  "dydx.v3.impact-notional": ({ inputs }) => {
    const notional = impactNotional(
      usd(decimalAt(inputs, "numeratorUsdc")),
      ratio(decimalAt(inputs, "initialMarginFraction")),
    );
    return computed({ impactNotionalUsdc: answered(notional) });
  },

  "hyperliquid.funding": ({ inputs }) => {
    const premium = premiumOf(price(decimalAt(inputs, "spot")), {
      bid: priceIfAt(inputs, "impactBid"),
      ask: priceIfAt(inputs, "impactAsk"),
    });
    const whole = damped(premium, decimalAt(inputs, "interestRate8h"), decimalAt(inputs, "clamp"));
    return computed({
      premium: answered(premium),
      clampedDifference: answered(whole.sub(premium)),
      fundingRate8h: answered(whole),
    });
  },

  "paradex.continuous-funding": ({ inputs }) => {
    const period = decimalAt(inputs, "fundingPeriodHours");
    const held = quantity(decimalAt(inputs, "positionSize"));
    const start = decimalAt(inputs, "indexStart");
    const answers: Record<string, Answered> = {};
    let [hours, fundingIndex] = [ZERO, start];
    for (const row of objectsAt(inputs, "segments")) {
      const elapsed = decimalAt(row, "hours");
      const stretch = { mark: price(decimalAt(row, "mark")), index: price(decimalAt(row, "oracle")), elapsed };
      fundingIndex = accruedFunding(fundingIndex, stretch, period);
      hours = hours.add(elapsed);
      answers[`indexAfter${hours.toFixed()}h`] = answered(fundingIndex);
      answers[`lossAfter${hours.toFixed()}h`] = answered(fundingSince(held, start, fundingIndex).neg());
    }
    return computed(answers);
  },

  FUNDING: ({ inputs }) => {
    const index = price(decimalAt(inputs, "indexPrice"));
    const rules = {
      windowMs: 1,
      sampleEveryMs: 1,
      samplesShareMin: ratio("1"),
      interestRate: rate("0"),
      dampener: rate("0"),
      intervalShare: ratio(new Decimal(1).div(decimalAt(inputs, "convergencePeriodHours"))),
      staticRate: rate(decimalAt(inputs, "staticHourlyRate")),
      rateMax: rate(decimalAt(inputs, "maxAbsHourlyRate")),
    };
    const premium = premiumOf(index, { bid: priceIfAt(inputs, "impactBid"), ask: priceIfAt(inputs, "impactAsk") });
    const hourly = fundingRate(rules, samplePremium(rules, NO_SAMPLES, premium, toMonotonicMillis(0)));
    if (!hourly.ok) return computed({ hourlyFundingRate: null });
    return computed({
      hourlyFundingRate: answered(hourly.value),
      fundingCashPerHourLong1: answered(fundingOf(ONE_COIN, quantity("1"), hourly.value, index)),
    });
  },

  "funding-accrual": ({ inputs }, context) => {
    const [asset, held] = [textAt(inputs, "asset"), quantity(decimalAt(inputs, "qty"))];
    const [first, last] = [numberAt(inputs, "firstTs"), numberAt(inputs, "lastTs")];
    const marks = columnByTime(context, "hourly-closes.csv", `${asset}_mark`, () => true);
    const rates = columnByTime(context, "funding-rates-binance.csv", "rate", (row) => row["asset"] === asset);
    let total = ZERO;
    for (const [ts, paid] of rates) {
      if (ts < first || ts > last) continue;
      // Funding is valued at the close of the hour before it.
      const mark = marks.get(Math.floor(ts / 3_600) * 3_600 - 3_600);
      if (mark === undefined) throw new UnreadableInput(`${asset}_mark`, `a mark before ${ts}`, null);
      total = total.add(fundingOf(ONE_COIN, held, rate(paid), price(mark)));
    }
    return computed({ fundingUsd: answered(total) });
  },
};

const priceIfAt = (inputs: Parameters<typeof decimalIfAt>[0], key: string) => {
  const found = decimalIfAt(inputs, key);
  return found === undefined ? null : price(found);
};

/** One column of a market data file by its `ts`, without the rows that have no value there. */
function columnByTime(
  { data }: ParityContext,
  file: string,
  column: string,
  takes: (row: Readonly<Record<string, string>>) => boolean,
): ReadonlyMap<number, Decimal> {
  const text = data(file);
  if (text === undefined) throw new UnreadableInput(file, "a market data file", null);
  const [header = "", ...lines] = text.trim().split("\n");
  const names = header.split(",");
  const found = new Map<number, Decimal>();
  for (const line of lines) {
    const cells = line.split(",");
    const row = Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""]));
    const value = row[column] ?? "";
    if (value !== "" && takes(row)) found.set(JSON.parse(row["ts"] ?? "") as number, new Decimal(value));
  }
  return found;
}
