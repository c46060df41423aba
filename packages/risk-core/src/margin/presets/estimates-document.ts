import type { EstimatesDocument, HaircutEstimates, HybridEstimates } from "@ballast/model";
import { z } from "zod";
import { isCorrelation } from "../model-document.js";
import { pathOf, withoutExpected } from "../../portfolio/portfolio-document.js";

/*
 * One day's estimates as a JSON document: what the market chapter publishes and the hybrid model stands on, with where
 * they come from. It is checked like a model, because it decides as much.
 */

/** A document that does not hold acceptable estimates. `path` is where in it, as `underlyings.BTC.logRate`. */
export class InvalidEstimates extends Error {
  override readonly name = "InvalidEstimates";
  readonly code = "ESTIMATES_INVALID";
  constructor(
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path === "" ? "the estimates" : path}: expected ${expected}`);
  }
}

const above = z.number().positive();
const share = z.number().min(0).max(1);
const shares = z.record(z.string(), share);
const haircuts = z.strictObject({ initial: shares, maintenance: shares });

/** A log rate above e^5 is a price that falls to less than a hundredth in a day: a fault of the file, not an estimate. */
const LOG_RATE_MAX = 5;

/** The schema of an estimates document. */
export const HYBRID_ESTIMATES = z
  .strictObject({
    day: z.iso.date({ message: "expected a day as 2026-03-04" }),
    made: z.strictObject({ from: z.string(), by: z.string(), recipe: z.string() }),
    underlyings: z.record(
      z.string(),
      z.strictObject({ logRate: above.max(LOG_RATE_MAX), width: above.max(LOG_RATE_MAX), moves: z.array(z.number()) }),
    ),
    correlation: z
      .strictObject({ underlyings: z.array(z.string()), rows: z.array(z.array(z.number().min(-1).max(1))) })
      .refine(({ underlyings, rows }) => isCorrelation(underlyings, rows), {
        message: "expected a correlation matrix, square, symmetric, with ones on its diagonal",
      })
      .nullable(),
    haircuts,
    pegs: haircuts,
  })
  .superRefine(({ underlyings }, context) => {
    const lengths = Object.values(underlyings).map(({ moves }) => moves.length);
    for (const [id, { moves }] of Object.entries(underlyings)) {
      if (moves.length === lengths[0]) continue;
      const message = `expected ${lengths[0]} moves, the same joint days as the first underlying`;
      context.addIssue({ code: "custom", path: ["underlyings", id, "moves"], message });
    }
  }) satisfies z.ZodType<EstimatesDocument>;

/**
 * Checks an estimates document and returns it.
 *
 * @throws InvalidEstimates naming the first field that is not acceptable.
 * @method MODEL-8
 */
export function readEstimates(json: unknown): EstimatesDocument {
  const parsed = HYBRID_ESTIMATES.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidEstimates(pathOf(issue?.path ?? []), withoutExpected(issue?.message ?? ""));
}

/**
 * The estimates of some underlyings alone, haircuts of all: a model of what a portfolio can hold gives the same margin as a
 * model of everything, and its receipt is not a book. One that has no estimate stays without.
 */
export function estimatesOf(estimates: HybridEstimates, underlyings: Iterable<string>): HybridEstimates {
  const wanted = new Set(underlyings);
  return {
    day: estimates.day,
    underlyings: Object.fromEntries(Object.entries(estimates.underlyings).filter(([id]) => wanted.has(id))),
    correlation: estimates.correlation,
    haircuts: estimates.haircuts,
    pegs: estimates.pegs,
  };
}

/**
 * The estimates of some underlyings, with nothing about others left: what a house that lists only these publishes. Joint days and
 * correlations stay what they are, since both are pairs of one day's estimates.
 */
export function estimatesAmong(estimates: EstimatesDocument, underlyings: readonly string[]): EstimatesDocument {
  const among = <Value>(table: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(table).filter(([id]) => underlyings.includes(id)));
  const haircutsAmong = ({ initial, maintenance }: HaircutEstimates): HaircutEstimates => ({
    initial: among(initial),
    maintenance: among(maintenance),
  });
  const { correlation } = estimates;
  const places = (correlation?.underlyings ?? []).flatMap((id, at) => (underlyings.includes(id) ? [at] : []));
  return {
    ...estimates,
    underlyings: among(estimates.underlyings),
    correlation: correlation && {
      underlyings: places.map((at) => correlation.underlyings[at] as string),
      rows: places.map((row) => places.map((column) => correlation.rows[row]?.[column] as number)),
    },
    haircuts: haircutsAmong(estimates.haircuts),
    pegs: haircutsAmong(estimates.pegs),
  };
}
