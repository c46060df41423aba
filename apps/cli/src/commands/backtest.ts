import { parseArgs } from "node:util";
import { readDailyCandles } from "../market-history/daily-candles.f64.js";
import { readHourlyCloses } from "../market-history/closes.f64.js";
import { dateOf, dayFrom, MalformedHistory } from "../market-history/csv-table.f64.js";
import { hundredBooks } from "./backtest-books.js";
import { backtestFigures } from "./backtest-figures.js";
import { runHorizons } from "./backtest-horizons.js";
import { printFigures } from "./backtest-report.js";
import { type Progress, runBacktest } from "./backtest-run.js";
import { BadUse, type Command, type Surroundings } from "./command.js";
import { readText } from "./read-file.js";

const FROM = "2021-06-01";
const BOOK_SEED = "ballast-books-1";

const USAGE = `npm run -s ballast -- backtest --daily FILE [--hourly FILE] [--from DATE] [--no-books] [--seed TEXT] [--json]

Judges the rates of ballast-hybrid and ballast-hybrid-2 on history, beside an exponential volatility with a normal
quantile, the plain quantile of 500 days and the filtered one: per asset, and for a hundred books one way, hedged and
mixed. A rate of a day knows only the days before it. A hundred books take a minute or two; Ctrl-C stops.

  --daily FILE    candles: asset,date,open,high,low,close
  --hourly FILE   closes: ts (Unix seconds) and one column per asset; judges horizons from 1 to 120 hours
  --from DATE     first judged day (default ${FROM}); the days before it are learnt from
  --no-books      assets only
  --seed TEXT     draws the 70 random books (default ${BOOK_SEED})
  --json          one JSON document instead of tables
  --help          this text

Exit code: 0 done, 2 a file cannot be read or has another form.
`;

export const backtest: Command = { usage: USAGE, run };

function run(args: readonly string[], { stdout, stderr }: Surroundings): number {
  const { daily, hourly, from, isJson, hasBooks, seed } = readArguments(args);
  const candles = readHistoryFile(daily, readDailyCandles);
  const closes = hourly === undefined ? undefined : readHistoryFile(hourly, readHourlyCloses);
  const played = runBacktest(candles, hasBooks ? hundredBooks(seed) : [], from, progressOn(stderr));
  if (played.models.get("ballast-hybrid")?.size === 0) {
    throw new BadUse("USAGE", `expected days with a rate from ${dateOf(from)} on; found none in ${daily}`);
  }
  if (closes !== undefined) stderr.write("judging every hour as a start\n");
  const horizons = closes === undefined ? undefined : runHorizons(closes, played);
  const figures = backtestFigures(played, horizons, seed);
  stdout.write(isJson ? `${JSON.stringify(figures, null, 2)}\n` : printFigures(figures));
  return 0;
}

interface Arguments {
  readonly daily: string;
  readonly hourly: string | undefined;
  readonly from: number;
  readonly isJson: boolean;
  readonly hasBooks: boolean;
  readonly seed: string;
}

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      daily: { type: "string" },
      hourly: { type: "string" },
      from: { type: "string", default: FROM },
      seed: { type: "string", default: BOOK_SEED },
      "no-books": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const [extra] = positionals;
  if (extra !== undefined) throw new BadUse("USAGE", `expected options only; found ${extra}`);
  if (values.daily === undefined) throw new BadUse("USAGE", "expected --daily FILE; found none");
  const from = dayFrom(values.from);
  if (from === undefined) throw new BadUse("USAGE", `--from: expected a day as ${FROM}; found ${values.from}`);
  return {
    daily: values.daily,
    hourly: values.hourly,
    from,
    isJson: values.json,
    hasBooks: !values["no-books"],
    seed: values.seed,
  };
}

function readHistoryFile<Read>(file: string, read: (text: string) => Read): Read {
  try {
    return read(readText(file));
  } catch (fault) {
    if (fault instanceof MalformedHistory) throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message}`);
    throw fault;
  }
}

const SILENCE_MS = 2000;

/** Says which day is being played, at most every two seconds. */
function progressOn(stderr: Surroundings["stderr"]): Progress {
  let said = performance.now();
  return (day, at, of) => {
    if (performance.now() - said < SILENCE_MS) return;
    said = performance.now();
    stderr.write(`${dateOf(day)}: day ${at} of ${of}\n`);
  };
}
