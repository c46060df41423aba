import { parseArgs } from "node:util";
import {
  BALLAST_HYBRID,
  BALLAST_HYBRID_2,
  estimatesFromHistory,
  type EstimatesDocument,
  HYBRID_ESTIMATES,
  NoEstimate,
  type RateRecipe,
  rateStream,
  YOUNG_RULE,
} from "@ballast/risk-core";
import { z } from "zod";
import { dateOf, dayFrom, MalformedHistory } from "../market-history/csv-table.f64.js";
import { readDailyCandles } from "../market-history/daily-candles.f64.js";
import { dayMovesOf } from "../market-history/replay-rates.f64.js";
import { BadUse, type Command } from "./command.js";
import { readText } from "./read-file.js";
import { wholeOption } from "./whole-option.f64.js";

const USAGE = `npm run -s ballast -- estimate --daily FILE [--day DAY] [--assets A,B,…] [--days N] [--digits N] [--recipe ID]

One day's estimates for the hybrid model, from daily candles: published rates (speed-limited), widths, standardised moves
of the joint days, calm correlation, haircuts with their peg part. They know the days before DAY and nothing else.

  --daily FILE  candles, as comma-separated text: asset,date,open,high,low,close; further columns are passed over
  --day DAY     the day to cover, as 2026-03-04; the day after the last one in the file unless said
  --assets A,B  underlyings; all that have a candle on the day before and a rate unless said
  --days N      joint days at most, the latest; 500 unless said
  --digits N    significant digits that are printed: rates and haircuts up, the rest to the nearest; all unless said
  --recipe ID   ballast-hybrid (unless said) or ballast-hybrid-2
  --schema      print the JSON Schema of an estimates document, and nothing else
  --help        this text
`;

const RECIPES: Readonly<Record<string, RateRecipe>> = {
  "ballast-hybrid": { ...BALLAST_HYBRID, young: YOUNG_RULE },
  "ballast-hybrid-2": { ...BALLAST_HYBRID_2, young: YOUNG_RULE },
};

/** Runs the live estimators over a file of daily candles. */
export const estimate: Command = {
  usage: USAGE,
  run: (args, { stdout, stderr }) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        assets: { type: "string" },
        daily: { type: "string" },
        day: { type: "string" },
        days: { type: "string", default: "500" },
        digits: { type: "string" },
        recipe: { type: "string", default: "ballast-hybrid" },
        schema: { type: "boolean", default: false },
      },
    });
    if (values.schema) {
      stdout.write(`${JSON.stringify(z.toJSONSchema(HYBRID_ESTIMATES, { io: "input" }), null, 2)}\n`);
      return 0;
    }
    if (values.daily === undefined) throw new BadUse("USAGE", "expected --daily with a file of candles");
    const recipe = Object.hasOwn(RECIPES, values.recipe) ? RECIPES[values.recipe] : undefined;
    if (recipe === undefined) throw new BadUse("USAGE", `--recipe: expected ${Object.keys(RECIPES).join(" or ")}`);
    const days = wholeOption("--days", values.days, 1, 10_000);
    const digits = values.digits === undefined ? undefined : wholeOption("--digits", values.digits, 1, 17);
    const file = values.daily;
    try {
      const { document, notes } = estimatesOf(readText(file), {
        recipe,
        days,
        digits,
        day: values.day,
        assets: values.assets?.split(","),
        by: commandOf(values),
      });
      for (const note of notes) stderr.write(`${note}\n`);
      stdout.write(printed(document));
      return 0;
    } catch (fault) {
      if (fault instanceof MalformedHistory || fault instanceof NoEstimate) {
        throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message} (${fault.code})`);
      }
      throw fault;
    }
  },
};

/** As JSON, every list of numbers on a line of its own. */
function printed(document: EstimatesDocument): string {
  const text = JSON.stringify(document, null, 1);
  return `${text.replace(/\[\s+([-\d.e,\s]+?)\s+\]/g, (_, numbers: string) => `[${numbers.replace(/\s+/g, " ")}]`)}\n`;
}

interface Asked {
  readonly recipe: RateRecipe;
  readonly days: number;
  readonly digits: number | undefined;
  readonly day: string | undefined;
  readonly assets: readonly string[] | undefined;
  readonly by: string;
}

/** The estimates, and what their reader should know: assets that were left out, moves over missing days. */
function estimatesOf(
  text: string,
  asked: Asked,
): { readonly document: EstimatesDocument; readonly notes: readonly string[] } {
  const { moves, overHoles } = dayMovesOf(readDailyCandles(text));
  const lastDay = [...moves.keys()].at(-1);
  if (lastDay === undefined) throw new BadUse("FILE_MALFORMED", "expected candles of two days or more");
  const day = asked.day === undefined ? lastDay + 1 : dayFrom(asked.day);
  if (day === undefined) throw new BadUse("USAGE", `--day: expected a day as 2026-03-04; found ${asked.day}`);
  const stream = rateStream(asked.recipe);
  for (const [before, brought] of moves) if (before < day) stream.observe(before, brought);
  const { rates } = stream.ratesFor(day);
  const ready = [...rates].filter(([, { lastDay }]) => lastDay === day - 1).map(([asset]) => asset);
  const leftOut = asked.assets === undefined ? [...rates.keys()].filter((asset) => !ready.includes(asset)) : [];
  const { day: date, ...estimates } = estimatesFromHistory(stream, {
    day,
    date: dateOf(day),
    assets: [...(asked.assets ?? ready)].sort(),
    days: asked.days,
    digits: asked.digits,
  });
  return {
    document: {
      day: date,
      made: { from: `daily candles to ${dateOf(day - 1)}`, by: asked.by, recipe: asked.recipe.id },
      ...estimates,
    },
    notes: [
      ...leftOut.map((asset) => `${asset}: no candle on ${dateOf(day - 1)}, left out`),
      ...overHoles
        .filter((hole) => hole.day < day)
        .map((hole) => `${hole.asset}: a move over ${hole.days} days ends on ${dateOf(hole.day)}`),
    ],
  };
}

/** The command line without the name of the folder its file lies in. */
function commandOf(values: Readonly<Record<string, string | boolean | undefined>>): string {
  const said = Object.entries(values).flatMap(([name, value]) =>
    typeof value !== "string" ? [] : [`--${name} ${name === "daily" ? (value.split("/").at(-1) ?? value) : value}`],
  );
  return `ballast estimate ${said.sort().join(" ")}`;
}
