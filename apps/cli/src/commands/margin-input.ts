import {
  type HybridEstimates,
  InvalidEstimates,
  InvalidModel,
  type MarginModel,
  type Portfolio,
  PortfolioRefused,
  readEstimates,
  readModel,
  readPortfolio,
  UnanswerableQuestion,
} from "@ballast/risk-core";
import { DEFAULT_PRESET, presetFor } from "../presets.js";
import { BadUse } from "./command.js";
import { readJsonFile } from "./read-file.js";

/** The options that choose a margin model, for Node's argument parser. */
export const MODEL_OPTIONS = {
  estimates: { type: "string" },
  model: { type: "string" },
  preset: { type: "string" },
} as const;

/** What `--help` says of them. */
export const MODEL_USAGE = `  --preset ID       a model known by name, ${DEFAULT_PRESET} unless said; \`presets\` lists them
  --model FILE      a model document (JSON) instead
  --estimates FILE  what ${DEFAULT_PRESET} stands on: a document of \`estimate\`; unless said a set that comes with the
                    house, of a day long past`;

/** @throws BadUse when the file does not hold an acceptable portfolio; `-` is standard input. */
export function portfolioFrom(file: string): Portfolio {
  return accepted(file, readPortfolio);
}

/** @throws BadUse when the file does not hold acceptable estimates. */
export function estimatesFrom(file: string): HybridEstimates {
  return accepted(file, readEstimates);
}

/** @throws BadUse when there is no such preset, or a file does not hold what it should. */
export function modelFrom(
  {
    estimates,
    model,
    preset,
  }: {
    readonly estimates?: string | undefined;
    readonly model?: string | undefined;
    readonly preset?: string | undefined;
  },
  portfolio: Portfolio,
): MarginModel {
  if (model !== undefined) {
    if (preset !== undefined) throw new BadUse("USAGE", "expected --preset or --model, and one of them");
    if (estimates !== undefined) throw new BadUse("USAGE", "--estimates: a model document has its estimates in it");
    return accepted(model, readModel);
  }
  const given: HybridEstimates | undefined = estimates === undefined ? undefined : estimatesFrom(estimates);
  return refusingAs(estimates ?? "the model", () => presetFor(preset ?? DEFAULT_PRESET, portfolio, given));
}

/**
 * Runs a computation; what the portfolio or the model is refused for inside becomes a line for whoever typed it.
 *
 * @throws BadUse
 */
export function refusingAs<Answer>(file: string, compute: () => Answer): Answer {
  try {
    return compute();
  } catch (fault) {
    if (isRefusal(fault)) throw new BadUse("FILE_MALFORMED", `${file}: ${fault.message} (${fault.code})`);
    throw fault;
  }
}

function accepted<Document>(file: string, read: (json: unknown) => Document): Document {
  const json = readJsonFile(file);
  return refusingAs(file, () => read(json));
}

/** A refusal of the risk core has a stable code; anything else is a bug and stays one. */
function isRefusal(fault: unknown): fault is Error & { readonly code: string } {
  return (
    fault instanceof PortfolioRefused ||
    fault instanceof InvalidModel ||
    fault instanceof InvalidEstimates ||
    fault instanceof UnanswerableQuestion ||
    (fault instanceof Error && "code" in fault && REFUSALS.has(String(fault.code)))
  );
}

const REFUSALS: ReadonlySet<string> = new Set([
  "ESTIMATE_MISSING",
  "QUOTE_MISSING",
  "SIZE_RULE_MISSING",
  "SCENARIO_PRICE_OUT_OF_DOMAIN",
  "FLOAT_NOT_AN_AMOUNT",
  "OPTION_NOT_SIMULATED",
]);
