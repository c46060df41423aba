import { parseArgs } from "node:util";
import type { MarginModel } from "@ballast/risk-core";
import { marginPresets } from "../presets.js";
import { BadUse, type Command } from "./command.js";

const USAGE = `npm run -s ballast -- presets [ID] [--json]

Lists the margin models that are known by name: what each computes, where its rules come from, and what its sources do
not state. With an ID, that model alone.

  --json       the models themselves, as one JSON document
  --help       this text
`;

/** Lists margin models and their notes. */
export const presets: Command = {
  usage: USAGE,
  run: (args, { stdout }) => {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: "boolean", default: false } },
    });
    const [id, ...more] = positionals;
    if (more.length > 0) throw new BadUse("USAGE", `expected one preset at most; found ${positionals.length}`);
    const all = marginPresets();
    const models = id === undefined ? all : [presetNamed(id, all)];
    stdout.write(values.json ? `${JSON.stringify(models, null, 2)}\n` : models.map(describe).join("\n"));
    return 0;
  },
};

/** @throws BadUse when there is no preset of that id. */
export function presetNamed(id: string, all: readonly MarginModel[] = marginPresets()): MarginModel {
  const found = all.find((model) => model.id === id);
  if (found !== undefined) return found;
  const known = all.length === 0 ? "none is known" : `known are ${all.map((model) => model.id).join(", ")}`;
  throw new BadUse("USAGE", `there is no preset ${JSON.stringify(id)}; ${known}`);
}

function describe({ id, version, title, levels, scan, figures, sources, notes }: MarginModel): string {
  const listed = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`  ${heading}`, ...lines.map((line) => `    ${line}`)];
  return [
    `${id} version ${version}: ${title}`,
    `  ${scan.scenarios.length} scenarios, ${figures.length} figures, levels ${levels.map(({ name }) => name).join(", ")}`,
    ...listed("sources", sources),
    ...listed("notes", notes),
    "",
  ].join("\n");
}
