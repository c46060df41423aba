import { parseArgs } from "node:util";
import {
  COLLATERAL_CLASSES,
  InvalidEvent,
  type MarginEvent,
  NoEstimate,
  type OpenInterestRules,
  readEventCalendar,
} from "@ballast/risk-core";
import { readHourlyCloses } from "../market-history/closes.f64.js";
import { dateOf, dayFrom, MalformedHistory } from "../market-history/csv-table.f64.js";
import { DAY_S, readDailyCandles } from "../market-history/daily-candles.f64.js";
import { readDailyVolumes } from "../market-history/daily-volumes.f64.js";
import { volatilityBefore } from "../market-history/hours-before.f64.js";
import { readTokenLosses } from "../market-history/loss-history.f64.js";
import { readVolatilityChanges } from "../market-history/surface-history.f64.js";
import { BadUse, type Command, type Surroundings } from "./command.js";
import { proposalDocument } from "./propose-document.js";
import { printProposals } from "./propose-report.js";
import { RECIPES, runProposals } from "./propose-run.js";
import { readJsonFile, readText } from "./read-file.js";
import { numberOption } from "./whole-option.f64.js";

const FROM = "2021-06-01";

const USAGE = `npm run -s ballast -- propose --daily FILE [options] [--json]

Proposes risk parameters for one day from history, each with its evidence: what the rule that makes it would have given on
every day before, how often that was not enough (exceptions, Kupiec's test, independence, stretches of 250 days, worst year)
and how far it swung. A proposal is a document and nothing else: this command publishes nothing.

  --daily FILE       candles: asset,date,open,high,low,close: scan ranges, haircuts of coins, correlation regimes
  --hourly FILE      closes: ts (Unix seconds) and one column per asset: coverage of each range from every
                     hour, and the daily volatility by which liquidations tell a storm from a calm sky
  --surfaces FILE    ts,currency,expiry_ts,forward,atm_iv: volatility shocks by days to expiry
  --collateral FILE  date, and for each token its close under its name and its low under NAME_low: haircuts of tokens
  --fund AMOUNT      what the insurance fund puts at risk for one name, in the money of the closes: caps on open interest,
                     from the column \`volume\` of --daily (in units of the asset)
  --volume-until DAY last day whose volumes are in units of the asset; all unless said
  --volume-share S   share of a day's volume that can be closed (0.02), --days-to-close D (1),
  --largest-account S share of the open interest that the largest account may have (0.2)
  --events FILE      a calendar of announced events
  --day DAY          the day that is covered, as 2026-03-04; the day after the last one unless said
  --from DATE        first judged day (${FROM})
  --assets A,B       those that have a candle on the day before unless said
  --recipe ID        ballast-hybrid (unless said) or ballast-hybrid-2
  --json             the document, with every stretch and year
  --help             this text

Exit code: 0 done, 2 a file or an option is refused.
`;

export const propose: Command = { usage: USAGE, run };

function run(args: readonly string[], { stdout, stderr }: Surroundings): number {
  const asked = readArguments(args);
  try {
    const daily = readText(asked.daily);
    const candles = readDailyCandles(daily);
    const lastDay = Math.max(...[...candles.values()].map((series) => (series.at(-1)?.openedAtS ?? 0) / DAY_S));
    const day = asked.day ?? lastDay + 1;
    const { surfaces, collateral, fund } = asked;
    const tokens = collateral === undefined ? "" : readText(collateral);
    const quotes = surfaces === undefined ? "" : readText(surfaces);
    const hourly = asked.hourly === undefined ? null : readHourlyCloses(readText(asked.hourly));
    const proposals = runProposals(
      {
        candles,
        hourly,
        tokens: new Map(
          Object.keys(COLLATERAL_CLASSES).flatMap((token) => {
            const losses = collateral === undefined ? null : readTokenLosses(tokens, token);
            return losses === null ? [] : [[token, losses] as const];
          }),
        ),
        volatility: surfaces === undefined ? null : (logRateOn) => readVolatilityChanges(quotes, logRateOn),
        openInterest:
          fund === null ? null : { volumes: readDailyVolumes(daily, asked.volumeUntil ?? day - 1), rules: fund },
      },
      { recipe: asked.recipe, day, from: asked.from, assets: asked.assets },
      progressOn(stderr),
    );
    const document = proposalDocument(proposals, {
      day,
      from: asked.from,
      recipe: asked.recipe.id,
      files: asked.files,
      events: asked.events,
      fund,
      skies: hourly === null ? [] : volatilityBefore(hourly, proposals.assets, day),
    });
    stdout.write(asked.isJson ? `${JSON.stringify(document, null, 2)}\n` : printProposals(document));
    return 0;
  } catch (fault) {
    if (fault instanceof MalformedHistory || fault instanceof NoEstimate) {
      throw new BadUse("FILE_MALFORMED", `${fault.message} (${fault.code})`);
    }
    throw fault;
  }
}

function readArguments(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      assets: { type: "string" },
      collateral: { type: "string" },
      daily: { type: "string" },
      day: { type: "string" },
      "days-to-close": { type: "string", default: "1" },
      events: { type: "string" },
      from: { type: "string", default: FROM },
      fund: { type: "string" },
      hourly: { type: "string" },
      json: { type: "boolean", default: false },
      "largest-account": { type: "string", default: "0.2" },
      recipe: { type: "string", default: "ballast-hybrid" },
      surfaces: { type: "string" },
      "volume-share": { type: "string", default: "0.02" },
      "volume-until": { type: "string" },
    },
  });
  const { collateral, daily, events, hourly, surfaces } = values;
  if (daily === undefined) throw new BadUse("USAGE", "expected --daily with a file of candles");
  const recipe = Object.hasOwn(RECIPES, values.recipe) ? RECIPES[values.recipe] : undefined;
  if (recipe === undefined) throw new BadUse("USAGE", `--recipe: expected ${Object.keys(RECIPES).join(" or ")}`);
  return {
    daily,
    hourly,
    surfaces,
    collateral,
    recipe,
    day: dayOption("--day", values.day),
    from: dayOption("--from", values.from) as number,
    volumeUntil: dayOption("--volume-until", values["volume-until"]),
    assets: values.assets?.split(","),
    events: events === undefined ? [] : eventsFrom(events),
    fund: values.fund === undefined ? null : fundRules(values.fund, values),
    files: Object.fromEntries(
      Object.entries({ daily, hourly, surfaces, collateral, events }).flatMap(([of, file]) =>
        file === undefined ? [] : [[of, file.split("/").at(-1) ?? file]],
      ),
    ),
    isJson: values.json,
  };
}

function fundRules(
  fund: string,
  values: { "volume-share": string; "days-to-close": string; "largest-account": string },
): OpenInterestRules {
  return {
    fundAtRisk: numberOption("--fund", fund, 1, 1e15),
    volumeShare: numberOption("--volume-share", values["volume-share"], 1e-6, 1),
    daysToClose: numberOption("--days-to-close", values["days-to-close"], 0.01, 365),
    largestAccountShare: numberOption("--largest-account", values["largest-account"], 1e-6, 1),
  };
}

function eventsFrom(file: string): readonly MarginEvent[] {
  try {
    return readEventCalendar(readJsonFile(file));
  } catch (fault) {
    if (fault instanceof InvalidEvent) throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message} (${fault.code})`);
    throw fault;
  }
}

function dayOption(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const day = dayFrom(text);
  if (day === undefined) throw new BadUse("USAGE", `${option}: expected a day as 2026-03-04; found ${text}`);
  return day;
}

const SILENCE_MS = 2000;

/** Says which day is being played, at most every two seconds. */
function progressOn(stderr: Surroundings["stderr"]): (day: number, at: number, of: number) => void {
  let said = performance.now();
  return (day, at, of) => {
    if (performance.now() - said < SILENCE_MS) return;
    said = performance.now();
    stderr.write(`${dateOf(day)}: day ${at} of ${of}\n`);
  };
}
