import { parseArgs } from "node:util";
import { InvalidModel, type MarginReceipt, PortfolioRefused, printReceipt, recomputeReceipt } from "@ballast/risk-core";
import { isObject } from "../parity/split-document.js";
import { BadUse, type Command } from "./command.js";
import { readJsonFile } from "./read-file.js";

const USAGE = `npm run -s ballast -- receipt FILE

Computes a margin receipt again from the portfolio and the model that it carries, and compares every byte.

  --help       this text

Exit code: 0 the receipt is what its contents give, 1 it is not, 2 it does not hold a portfolio and a model.
`;

/** Verifies a margin receipt by computing it again. */
export const receipt: Command = {
  usage: USAGE,
  run: (args, { stdout }) => {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) {
      throw new BadUse("USAGE", `expected one receipt; found ${positionals.length}`);
    }
    const document = readJsonFile(file);
    if (!isObject(document)) throw new BadUse("FILE_MALFORMED", `${file}: expected a receipt; found something else`);
    const stated = printReceipt(document as unknown as MarginReceipt);
    const line = firstDifference(stated, again(file, document as unknown as MarginReceipt));
    stdout.write(
      line === null ? `${file}: the same, to the last byte\n` : `${file}: not what its contents give\n${line}`,
    );
    return line === null ? 0 : 1;
  },
};

function again(file: string, stated: MarginReceipt): string {
  try {
    return printReceipt(recomputeReceipt(stated));
  } catch (fault) {
    if (fault instanceof PortfolioRefused || fault instanceof InvalidModel) {
      throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message} (${fault.code})`);
    }
    throw fault;
  }
}

/** The first line in which two texts differ, of both; null where they are the same. */
function firstDifference(stated: string, computed: string): string | null {
  const [left, right] = [stated.split("\n"), computed.split("\n")];
  const at = left.findIndex((line, index) => line !== right[index]);
  if (at < 0 && left.length === right.length) return null;
  const line = at < 0 ? left.length : at;
  return `  line ${line + 1}\n  stated    ${left[line]?.trim() ?? "nothing"}\n  computed  ${right[line]?.trim() ?? "nothing"}\n`;
}
