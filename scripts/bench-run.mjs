import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { ensureInstalled } from "./install.mjs";
import { quietly, say } from "./progress.mjs";
import { postgresForTests } from "./test-services.mjs";
import { root } from "./workspace.mjs";

/*
 * `npm run -s bench`: every benchmark of the tree, one after the other, alone on the machine as far as we can help it.
 *
 * A benchmark is a file `bench/<name>.bench.mjs` of a package, or of scripts, that exports
 *   run({ progress }) → { name, value, unit, baseline, ratio }
 * where `baseline` is measured in the same run, in the same unit, and `ratio` is value ÷ baseline. A number alone says
 * more about the machine than about the code. A file that exports `needs = ["postgres"]` finds an empty server's
 * address in TEST_DATABASE_URL.
 */

/** Runs the benchmarks whose file name contains one of the words (none: all); answers the exit code. */
export async function bench(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { json: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const prepare = async () => {
    await ensureInstalled();
    await build();
  };
  await (values.json ? quietly(prepare) : prepare());

  const files = benchmarkFiles().filter(
    (file) => positionals.length === 0 || positionals.some((word) => path.basename(file).includes(word)),
  );
  let failed = files.length === 0;
  if (failed) process.stderr.write("no benchmark was found\n");
  for (const file of files) {
    // What moves is told on standard error, so that standard output holds results only.
    const progress = (text) => process.stderr.write(`  … ${path.relative(root, file)}: ${text}\n`);
    try {
      for (const result of [await runFile(file, progress)].flat()) {
        if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
        else say(row(result));
      }
    } catch (fault) {
      failed = true;
      process.stderr.write(`${path.relative(root, file)} failed: ${fault.stack ?? fault}\n`);
    }
  }
  return failed ? 1 : 0;
}

function benchmarkFiles() {
  const packages = path.join(root, "packages");
  const folders = [...readdirSync(packages).map((name) => path.join(packages, name)), path.join(root, "scripts")];
  return folders
    .map((folder) => path.join(folder, "bench"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith(".bench.mjs"))
    .sort();
}

async function runFile(file, progress) {
  const benchmark = await import(pathToFileURL(file).href);
  const postgres = benchmark.needs?.includes("postgres") ? await postgresForTests() : undefined;
  try {
    Object.assign(process.env, postgres?.environment);
    return await benchmark.run({ progress });
  } finally {
    for (const name of Object.keys(postgres?.environment ?? {})) delete process.env[name];
    await postgres?.stop();
  }
}

function row({ name, value, unit, baseline, ratio }) {
  const short = (number) => (number === undefined ? "–" : Number(number.toPrecision(4)).toLocaleString("en"));
  return `${name.padEnd(32)} ${short(value).padStart(14)} ${unit.padEnd(12)} baseline ${short(baseline).padStart(14)}   ratio ${short(ratio)}`;
}
