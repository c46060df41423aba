import { parseArgs } from "node:util";
import {
  assessPortfolio,
  type MarginReceipt,
  marginReceipt,
  PORTFOLIO_DOCUMENT,
  printReceipt,
} from "@ballast/risk-core";
import { z } from "zod";
import { BadUse, type Command } from "./command.js";
import { explanation } from "./margin-explain.js";
import { MODEL_OPTIONS, MODEL_USAGE, modelFrom, portfolioFrom, refusingAs } from "./margin-input.js";

const USAGE = `npm run -s ballast -- margin PORTFOLIO [--preset ID | --model FILE] [--estimates FILE] [--explain | --json]

The margin of a portfolio under a margin model: each level's requirement and slack, what each position adds to it, and the
scenario that decides.

  PORTFOLIO         a portfolio document (JSON); - is standard input
${MODEL_USAGE}
  --explain         where every number comes from, and what hedges are worth when correlation breaks
  --json            the margin receipt: figures, model and portfolio in one document that computes itself again (\`receipt\`)
  --schema          print the JSON Schema of a portfolio document, and nothing else
  --help            this text

Exit code: 0 every level is met, 1 one is not, 2 the portfolio or the model is refused.
`;

/** Computes the margin of a portfolio document. */
export const margin: Command = {
  usage: USAGE,
  run: (args, { stdout }) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...MODEL_OPTIONS,
        explain: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        schema: { type: "boolean", default: false },
      },
    });
    if (values.schema) {
      stdout.write(`${JSON.stringify(portfolioSchema(), null, 2)}\n`);
      return 0;
    }
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      throw new BadUse("USAGE", `expected one portfolio document; found ${positionals.length}`);
    }
    if (values.explain && values.json) throw new BadUse("USAGE", "expected --explain or --json, not both");
    const portfolio = portfolioFrom(file);
    const model = modelFrom(values, portfolio);
    return refusingAs(file, () => {
      if (values.explain) {
        const assessed = assessPortfolio(portfolio, model, { explain: true });
        stdout.write(explanation(portfolio, model, assessed));
        return assessed.levels.every(({ slack }) => slack.gte(0)) ? 0 : 1;
      }
      const receipt = marginReceipt(portfolio, model);
      stdout.write(values.json ? printReceipt(receipt) : describe(receipt));
      return receipt.levels.every(({ slack }) => !slack.startsWith("-")) ? 0 : 1;
    });
  },
};

/** The JSON Schema of a portfolio document. What no schema can say (known, alive, quoted) is said by the reader. */
export const portfolioSchema = (): object => z.toJSONSchema(PORTFOLIO_DOCUMENT, { io: "input" });

function describe({ model, netValue, optionValue, levels, units }: MarginReceipt): string {
  const rows = levels.map(({ name, requirement, slack }) => [name, requirement, slack] as const);
  const widths = [0, 1, 2].map((at) => Math.max(...[HEADER, ...rows].map((row) => (row[at] as string).length)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  ")}`;
  return [
    `${model.id} version ${model.version}: ${model.title}`,
    `net value ${netValue}, of which options ${optionValue}`,
    "",
    line(HEADER),
    ...rows.map(line),
    ...levels.flatMap(({ name, parts }) => [
      "",
      `${name}, by position`,
      ...Object.entries(parts).map((part) => `  ${part.join("  ")}`),
    ]),
    "",
    ...units.map(({ underlying, binding, runnerUp }) =>
      binding === null
        ? `${underlying}: no scenario`
        : `${underlying}: ${binding} decides, then ${runnerUp ?? "nothing"}`,
    ),
    "",
  ].join("\n");
}

const HEADER = ["level", "requirement", "slack"] as const;
