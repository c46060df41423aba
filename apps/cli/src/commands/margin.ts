import { parseArgs } from "node:util";
import {
  InvalidModel,
  type MarginModel,
  type MarginReceipt,
  marginReceipt,
  type Portfolio,
  PortfolioRefused,
  printReceipt,
  readModel,
  readPortfolio,
} from "@ballast/risk-core";
import { BadUse, type Command } from "./command.js";
import { presetNamed } from "./presets.js";
import { readJsonFile } from "./read-file.js";

const USAGE = `npm run -s ballast -- margin PORTFOLIO (--preset ID | --model FILE) [--json]

The margin of a portfolio under a margin model: each level's requirement and slack, what each position adds to it, and the
scenario that decides.

  PORTFOLIO    a portfolio document (JSON)
  --preset ID  a model known by name; \`presets\` lists them
  --model FILE a model document (JSON)
  --json       the margin receipt: figures, model and portfolio in one document that computes itself again (\`receipt\`)
  --help       this text

Exit code: 0 every level is met, 1 one is not, 2 the portfolio or the model is refused.
`;

/** Computes the margin of a portfolio document. */
export const margin: Command = {
  usage: USAGE,
  run: (args, { stdout }) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, model: { type: "string" }, preset: { type: "string" } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      throw new BadUse("USAGE", `expected one portfolio document; found ${positionals.length}`);
    }
    const receipt = marginReceipt(portfolioFrom(file), modelFrom(values.model, values.preset));
    stdout.write(values.json ? printReceipt(receipt) : describe(receipt));
    return receipt.levels.every(({ slack }) => !slack.startsWith("-")) ? 0 : 1;
  },
};

/** @throws BadUse when the file does not hold an acceptable portfolio. */
function portfolioFrom(file: string): Portfolio {
  const document = readJsonFile(file);
  try {
    return readPortfolio(document);
  } catch (fault) {
    if (fault instanceof PortfolioRefused)
      throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message} (${fault.code})`);
    throw fault;
  }
}

function modelFrom(file: string | undefined, preset: string | undefined): MarginModel {
  if ((file === undefined) === (preset === undefined))
    throw new BadUse("USAGE", "expected --preset or --model, and one of them");
  if (file === undefined) return presetNamed(preset as string);
  const document = readJsonFile(file);
  try {
    return readModel(document);
  } catch (fault) {
    if (fault instanceof InvalidModel) throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message} (${fault.code})`);
    throw fault;
  }
}

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
