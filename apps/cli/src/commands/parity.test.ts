import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { main } from "../main.js";
import { textAt } from "../parity/inputs.js";
import { computed, type Evaluators, unsupported } from "../parity/parity-case.js";
import { isList } from "../parity/split-document.js";
import { parityWith } from "./parity.js";

const carried = path.join(import.meta.dirname, "../../../../vectors/parity/runner.json");

const evaluators: Evaluators = {
  sum: ({ inputs }) => {
    const { terms } = inputs;
    if (!isList(terms)) throw new TypeError("expected a list of terms");
    return computed({
      sum: terms.reduce((sum: Decimal, term) => sum.add(term as string), new Decimal(0)).toFixed(),
      terms: terms.length,
    });
  },
  contradiction: () => unsupported("the source says both"),
};

function surroundings() {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => (written[name] += text) });
  return { written, around: { stdout: stream("stdout"), stderr: stream("stderr") } };
}

describe("parity over a carried file", () => {
  test("the table counts each family; every failing case says where, expected and got", async () => {
    const { written, around } = surroundings();
    expect(await parityWith(evaluators).run([carried], around)).toBe(1);
    expect(written.stdout.replace(carried, "FILE")).toBe(
      [
        "FILE",
        "                       passed       failed  unsupported        blind",
        "  sum                       1            2            ·            1",
        "  sum (of three)            1            ·            ·            ·",
        "  contradiction             ·            ·            1            ·",
        "  unheard-of                ·            ·            1            ·",
        "  all                       2            2            2            1",
        "  FAILED fails (sum)",
        '    sum: expected "3", got "2"',
        "  FAILED throws (sum)",
        "    answer: expected an answer, got TypeError: expected a list of terms",
        '  computed keeps-its-answer (sum): {"sum":"5","terms":2}',
        "  unsupported contradiction: the source says both (contradicts-itself)",
        "  unsupported unheard-of: no preset computes unheard-of (is-not-known)",
        "",
        "2 passed, 2 failed, 2 unsupported, 1 blind",
        "",
      ].join("\n"),
    );
    expect(written.stderr).toBe("");
  });

  test("--json is one document with the same facts", async () => {
    const { written, around } = surroundings();
    expect(await parityWith(evaluators).run(["--json", carried], around)).toBe(1);
    const document = JSON.parse(written.stdout);
    expect(document.totals).toEqual({ passed: 2, failed: 2, unsupported: 2, blind: 1 });
    expect(document.files[0].families[0]).toEqual({ family: "sum", passed: 1, failed: 2, unsupported: 0, blind: 1 });
    expect(document.files[0].cases.slice(1, 4)).toEqual([
      { id: "fails", family: "sum", outcome: "failed", mismatches: [{ path: "sum", expected: '"3"', got: '"2"' }] },
      {
        id: "throws",
        family: "sum",
        outcome: "failed",
        mismatches: [{ path: "", expected: "an answer", got: "TypeError: expected a list of terms" }],
      },
      { id: "keeps-its-answer", family: "sum", outcome: "blind", value: { sum: "5", terms: 2 } },
    ]);
  });

  test("an evaluator that finds nothing to compare has not passed", async () => {
    const { written, around } = surroundings();
    const silent: Evaluators = { sum: () => ({ kind: "checked", checks: [], value: null }) };
    expect(await parityWith(silent).run([carried], around)).toBe(1);
    expect(written.stdout).toContain("answer: expected something to compare, got nothing was compared");
  });
});

describe("a case that refers to another by its id", () => {
  const referring: Evaluators = {
    same: ({ inputs }, { other }) => {
      const referred = other(textAt(inputs, "as"));
      return referred === undefined ? unsupported("nowhere") : computed({ terms: referred.inputs["terms"] ?? null });
    },
  };
  const written = (folder: string, name: string, content: unknown) => {
    const file = path.join(folder, name);
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
    return file;
  };

  test.each([
    ["finds it in a file beside its own", "beside", "2 passed, 0 failed, 0 unsupported, 0 blind"],
    ["and where nobody has it, says so", "missing", "1 passed, 0 failed, 1 unsupported, 0 blind"],
  ])("%s", async (_, as, sum) => {
    const folder = mkdtempSync(path.join(tmpdir(), "ballast-parity-"));
    const asked = written(folder, "asked.json", [
      { id: "own", model: "same", inputs: { as: "own", terms: 3 }, expected: { terms: 3 } },
      { id: "referring", model: "same", inputs: { as }, expected: { terms: 7 } },
    ]);
    written(folder, "other.json", [{ id: "beside", model: "same", inputs: { terms: 7 } }]);
    written(folder, "not-json.json", "{");
    const { written: said, around } = surroundings();
    await parityWith(referring).run([asked], around);
    rmSync(folder, { recursive: true });
    expect(said.stdout).toContain(sum);
  });
});

describe("the command line", () => {
  const here = import.meta.filename;
  test.each([
    ["no file", ["parity"], "expected at least one vector file"],
    ["a missing file", ["parity", "nowhere.json"], "nowhere.json: expected a file that can be read"],
    ["a file without JSON", ["parity", here], `${here}: expected JSON`],
    ["JSON without a known form", ["parity", path.join(here, "../../../package.json")], "expected `vectors`"],
    ["an option nobody knows", ["parity", "--jsn", carried], "--jsn"],
    ["a command nobody knows", ["partiy"], 'there is no command "partiy"'],
    ["a name every object has", ["constructor"], 'there is no command "constructor"'],
  ])("%s: exit code 2 and a sentence", async (_, args, sentence) => {
    const { written, around } = surroundings();
    expect(await main(args, around)).toBe(2);
    expect(written.stderr).toContain(sentence);
    expect(written.stdout).toBe("");
  });

  test.each([[[]], [["--help"]], [["parity", "--help"]]])("%j: the usage, on standard output", async (args) => {
    const { written, around } = surroundings();
    expect(await main(args, around)).toBe(0);
    expect(written.stdout).toContain("npm run -s ballast --");
    expect(written.stderr).toBe("");
  });
});
