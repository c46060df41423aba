import { parseArgs } from "node:util";
import { MARGIN_MODEL, type MarginModel } from "@ballast/risk-core";
import { z } from "zod";
import { isEstimated, presetIds, presetNamed } from "../presets.js";
import { BadUse, type Command } from "./command.js";

const USAGE = `npm run -s ballast -- presets [ID] [--json]

Lists the margin models that are known by name: what each computes, where its rules come from, and what its sources do
not state. With an ID, that model alone.

  --json       as one JSON document; with an ID the model itself, which \`margin --model\` reads
  --schema     print the JSON Schema of a model document, and nothing else
  --help       this text
`;

/** Lists margin models and their notes. */
export const presets: Command = {
  usage: USAGE,
  run: (args, { stdout }) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false }, schema: { type: "boolean", default: false } },
    });
    const [id, ...more] = positionals;
    if (more.length > 0) throw new BadUse("USAGE", `expected one preset at most; found ${positionals.length}`);
    const print = (document: unknown) => stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    if (values.schema) print(modelSchema());
    else if (id !== undefined && values.json) print(presetNamed(id));
    else {
      const models = (id === undefined ? presetIds : [id]).map((known) => presetNamed(known));
      if (values.json) print(models.map(summary));
      else stdout.write(models.map(describe).join("\n"));
    }
    return 0;
  },
};

/** The JSON Schema of a model document. What no schema can say (figures in order, rising tiers) is said by the reader. */
export const modelSchema = (): object => z.toJSONSchema(MARGIN_MODEL, { io: "input" });

function summary({ id, version, title, levels, scan, figures, sources, notes }: MarginModel) {
  return {
    id,
    version,
    title,
    estimated: isEstimated(id),
    scenarios: scan.scenarios.length,
    figures: figures.map(({ name }) => name),
    levels: levels.map(({ name }) => name),
    sources,
    notes,
  };
}

function describe(model: MarginModel): string {
  const { id, version, title, estimated, scenarios, figures, levels, sources, notes } = summary(model);
  const listed = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${heading}`, ...lines.map((line) => `    ${line}`)];
  return [
    `${id} version ${version}: ${title}`,
    `  ${scenarios} scenarios, ${figures.length} figures, levels ${levels.join(", ")}`,
    ...(estimated ? ["  stands on a day's estimates: --estimates FILE, or those that come with the house"] : []),
    ...listed("sources", sources),
    ...listed("notes", notes),
    "",
  ].join("\n");
}
