import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { EVALUATORS } from "../parity/registry.js";
import type { Evaluators, Json, ParityCase } from "../parity/parity-case.js";
import { type FileOutcomes, printJson, printReport } from "../parity/report.js";
import { runParity } from "../parity/run-parity.js";
import { splitDocument, UnknownForm } from "../parity/split-document.js";
import { BadUse, type Command, type Surroundings } from "./command.js";
import { readJsonFile } from "./read-file.js";

const USAGE = `npm run -s ballast -- parity FILE… [--json] [--data DIR]

Computes every case of these vector files and compares the answers. A case that refers to another by its id finds it in any of
them, or in a file beside its own.

  --json       one JSON document instead of tables
  --data DIR   where market data files are (default: ../data beside the folder of the vector file)
  --help       this text

Exit code: 0 no case failed, 1 a case failed, 2 a file cannot be read or has no known form.
`;

export const parity: Command = parityWith(EVALUATORS);

/** The command with these evaluators; the tests of the runner bring their own. */
export function parityWith(evaluators: Evaluators): Command {
  return { usage: USAGE, run: (args, surroundings) => runFiles(args, evaluators, surroundings) };
}

function runFiles(args: readonly string[], evaluators: Evaluators, { stdout, stderr }: Surroundings): number {
  const { files, json, dataFolder } = readArguments(args);
  // Everything is read before anything is computed: a name mistyped last is not found out after minutes.
  const documents = files.map((file) => ({ file, document: readJsonFile(file) }));
  const inRun = caseOfAny(() => documents.map(({ document }) => document));
  const reported = documents.map(({ file, document }): FileOutcomes => {
    const beside = caseOfAny(() => filesBeside(file).flatMap(documentIfAny));
    const elsewhere = (id: string) => inRun(id) ?? beside(id);
    const data = dataIn(dataFolder ?? path.join(path.dirname(path.resolve(file)), "../data"));
    try {
      return {
        file,
        outcomes: runParity(document, evaluators, { data, elsewhere, progress: progressOn(stderr, file) }),
      };
    } catch (fault) {
      if (fault instanceof UnknownForm) throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message}`);
      throw fault;
    }
  });
  stdout.write(json ? printJson(reported) : printReport(reported));
  return reported.some(({ outcomes }) => outcomes.some(({ kind }) => kind === "failed")) ? 1 : 0;
}

/** Finds a case by its id; documents are read and split when the first case asks. */
function caseOfAny(documents: () => readonly Json[]): (id: string) => ParityCase | undefined {
  let byId: ReadonlyMap<string, ParityCase> | undefined;
  return (id) => {
    byId ??= new Map(documents().flatMap((document) => splitIfKnown(document).map((found) => [found.id, found])));
    return byId.get(id);
  };
}

/** The other vector files of the folder: a set that was split into files still refers to its cases by id. */
function filesBeside(file: string): readonly string[] {
  if (file === "-") return [];
  const folder = path.dirname(path.resolve(file));
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && name !== path.basename(file))
    .sort()
    .map((name) => path.join(folder, name));
}

/** A file that nobody asked for and that holds no JSON is none of ours. */
function documentIfAny(file: string): readonly Json[] {
  try {
    return [readJsonFile(file)];
  } catch (fault) {
    if (fault instanceof BadUse) return [];
    throw fault;
  }
}

/** The cases of a document; none where its form is unknown, which its own run will say. */
function splitIfKnown(document: Json): readonly ParityCase[] {
  try {
    return splitDocument(document);
  } catch (fault) {
    if (fault instanceof UnknownForm) return [];
    throw fault;
  }
}

interface Arguments {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly dataFolder: string | undefined;
}

function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: "boolean", default: false }, data: { type: "string" } },
  });
  if (positionals.length === 0) throw new BadUse("USAGE", "expected at least one vector file; found none");
  return { files: positionals, json: values.json, dataFolder: values.data };
}

/** Reads files of a folder by their bare name, each once. */
function dataIn(folder: string): (name: string) => string | undefined {
  const texts = new Map<string, string | undefined>();
  return (name) => {
    if (!texts.has(name)) {
      const file = path.join(folder, path.basename(name));
      texts.set(name, existsSync(file) ? readFileSync(file, "utf8") : undefined);
    }
    return texts.get(name);
  };
}

const SILENCE_MS = 2000;

/** Says where a long run is, at most every two seconds. */
function progressOn(stderr: Surroundings["stderr"], file: string) {
  let said = performance.now();
  return ({ family }: { readonly family: string }, at: number, total: number): void => {
    if (performance.now() - said < SILENCE_MS) return;
    said = performance.now();
    stderr.write(`${path.basename(file)}: ${at} of ${total} cases, at ${family}\n`);
  };
}
