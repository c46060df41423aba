import { Decimal, DECIMAL_BYTES_MAX, DECIMAL_GRAMMAR } from "@ballast/money";
import { z } from "zod";
import { pathOf, withoutExpected } from "../portfolio/portfolio-document.js";
import type { Expression } from "./expression.js";
import { namesIn } from "./expression.js";
import type { FigureRule, MarginModel } from "./model.js";

/*
 * A margin model as a JSON document. A model is JSON in memory too, so reading is checking: every field named, none
 * unknown, every bound looked at here once and nowhere behind this door. A bad model is refused with the path of the
 * field, because a model decides who is liquidated.
 */

/** A model document that is not acceptable. `path` is where in it, as `figures[3].rule.add`. */
export class InvalidModel extends Error {
  override readonly name = "InvalidModel";
  readonly code = "MODEL_INVALID";
  constructor(
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path === "" ? "the model" : path}: expected ${expected}`);
  }
}

const decimal = z
  .string()
  .max(DECIMAL_BYTES_MAX)
  .regex(DECIMAL_GRAMMAR, "expected a decimal string")
  .meta({ id: "ModelDecimal" });
const notNegative = decimal.refine((text) => !text.startsWith("-"), "expected a decimal string of at least 0");
const count = z.number().min(0);
const share = z.number().min(0).max(1);
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, "expected a name of letters, digits and dashes");

/** Tiers start at zero and rise; none is cheaper than the one before, or a larger size would be the cheaper one. */
function rising(
  tiers: readonly { readonly from: string; readonly multiple: string }[],
  key: string,
  context: z.RefinementCtx,
): void {
  const refuse = (at: number, field: string, message: string) =>
    context.addIssue({ code: "custom", path: [at, field], message });
  for (const [at, { from, multiple }] of tiers.entries()) {
    const before = tiers[at - 1];
    if (before === undefined && !new Decimal(from).isZero()) refuse(at, "from", "expected 0 in the first tier");
    if (before === undefined) continue;
    if (new Decimal(from).lte(before.from)) refuse(at, "from", "expected more than in the tier before");
    if (new Decimal(multiple).lt(before.multiple)) refuse(at, key, "expected at least the tier before");
  }
}

const marginalTiers = z
  .array(z.strictObject({ from: notNegative, multiple: notNegative }))
  .min(1)
  .superRefine((tiers, context) => rising(tiers, "multiple", context));

const orderSide = z.enum(["ignored", "worst-side"]);

const sizeTiers = z
  .array(z.strictObject({ from: notNegative, rate: notNegative }))
  .min(1)
  .superRefine((tiers, context) =>
    rising(
      tiers.map(({ from, rate }) => ({ from, multiple: rate })),
      "rate",
      context,
    ),
  );

const expression: z.ZodType<Expression> = z.lazy(() =>
  z.union([
    name,
    z.strictObject({ value: decimal }),
    z.strictObject({ sum: z.array(expression).min(1) }),
    z.strictObject({ max: z.array(expression).min(1) }),
    z.strictObject({ min: z.array(expression).min(1) }),
    z.strictObject({ times: z.tuple([expression, expression]) }),
    z.strictObject({ minus: z.tuple([expression, expression]) }),
    z.strictObject({ positive: expression }),
    z.strictObject({ root: expression }),
    z.strictObject({ marginal: z.strictObject({ of: expression, tiers: marginalTiers }) }),
    z.strictObject({
      rounded: z.strictObject({
        of: expression,
        scale: z.int().min(0).max(18),
        side: z.enum(["up", "down", "nearest"]),
      }),
    }),
  ]),
);

const priceMove = z.union([
  z.strictObject({ factor: z.number().positive() }),
  z.strictObject({ factors: z.record(z.string(), z.number().positive()) }),
  z.strictObject({ shift: z.number() }),
]);

const volatilityMove = z.union([
  z.enum(["same", "up", "down", "skew-linear", "skew-absolute"]),
  z.strictObject({ relative: z.number().min(-1), floor: count }),
  z.strictObject({ points: z.number(), floor: count }),
]);

const staticDiscount = z.strictObject({ base: count, rateScale: count, rateAdd: count }).nullable();

const cappedMoneyness = z.strictObject({
  kind: z.literal("capped-moneyness"),
  linearCap: count,
  linearSlope: z.number(),
  absoluteCap: count,
  absoluteSlope: z.number(),
  widthFloor: z.number().positive(),
  widthScale: count,
  volatility: count,
  volatilitySlope: z.number(),
});

const riskReversal = z.strictObject({
  kind: z.literal("risk-reversal"),
  share: count,
  power: count,
  referenceDays: z.number().positive(),
  daysFloor: z.number().positive(),
});

const scan = z
  .strictObject({
    scenarios: z.array(
      z.strictObject({
        id: z.string().min(1).max(64),
        family: name,
        price: priceMove,
        volatility: volatilityMove,
        damping: count,
        deadband: count,
      }),
    ),
    volatilityShock: z.strictObject({
      kind: z.enum(["relative", "absolute"]),
      up: count,
      down: count,
      shortTermPower: count,
      longTermPower: count,
      referenceDays: z.number().positive(),
      daysFloor: z.number().positive(),
      upVolatilityFloor: count,
      perMove: z
        .strictObject({ up: count, down: count, rates: z.record(z.string(), z.number().positive()) })
        .nullable(),
    }),
    skew: z.discriminatedUnion("kind", [cappedMoneyness, riskReversal]).nullable(),
    staticDiscount: z
      .strictObject({ long: staticDiscount, short: staticDiscount })
      .refine(({ long }) => long === null || long.base <= 1, {
        path: ["long", "base"],
        message: "expected at most 1: what is owned never counts for more than it is worth",
      })
      .refine(({ short }) => short === null || short.base >= 1, {
        path: ["short", "base"],
        message: "expected at least 1: what is owed never counts for less than it is",
      }),
    discountOptions: z.boolean(),
    forwardShocks: z.strictObject({ up: z.number().min(1), down: z.number().positive().max(1) }).nullable(),
  })
  .refine(({ scenarios, skew }) => skew !== null || scenarios.every(({ volatility }) => !isSkew(volatility)), {
    path: ["skew"],
    message: "expected a skew rule, since a scenario tilts the smile",
  });

const isSkew = (move: unknown): boolean => move === "skew-linear" || move === "skew-absolute";

/** Is it square, symmetric, with ones on its diagonal? */
export function isCorrelation(underlyings: readonly string[], rows: readonly (readonly number[])[]): boolean {
  const size = underlyings.length;
  return (
    rows.length === size &&
    rows.every(
      (row, i) => row.length === size && row.every((value, j) => (i === j ? value === 1 : value === rows[j]?.[i])),
    )
  );
}

const contractKinds = z.array(z.enum(["spot", "perpetual", "future", "option", "collateral"])).min(1);

const component = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("scan-loss"),
    families: z.array(name).min(1),
    gains: z.record(z.string(), z.strictObject({ share, cap: count })).nullable(),
  }),
  z.strictObject({ kind: z.literal("forward-contingency"), add: count, perYear: count }),
  z.strictObject({
    kind: z.literal("notional"),
    of: contractKinds,
    side: z.enum(["both", "long", "short"]),
    at: z.enum(["mark", "spot", "units"]),
  }),
  z.strictObject({
    kind: z.literal("naked-shorts"),
    netting: z.enum(["strike", "kind", "contract"]),
    at: z.enum(["spot", "forward", "units"]),
  }),
  z.strictObject({
    kind: z.literal("option-standard"),
    requirement: z.enum(["initial", "maintenance"]),
    side: z.enum(["better", "isolated", "worst-payoff"]),
    otmMax: count,
    otmMin: count,
    flatCall: count,
    flatPut: count,
    putOfMark: count,
    putFloor: count,
    unpairedCall: count,
  }),
  z.strictObject({
    kind: z.literal("oracle-confidence"),
    of: contractKinds,
    threshold: share,
    scale: count,
    with: z.enum(["none", "spot", "spot-and-perpetuals"]),
    optionsBy: z.enum(["expiry", "contract"]),
    longOptions: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal("collateral-haircut"),
    haircuts: z.record(z.string(), share),
    scanned: z.record(z.string(), share).optional(),
    unnamed: z.enum(["in-full", "refused"]).optional(),
  }),
  z.strictObject({ kind: z.literal("collateral-confidence"), threshold: share, scale: count, withSpot: z.boolean() }),
  z.strictObject({ kind: z.literal("peg-shortfall"), threshold: notNegative, slope: notNegative }),
  z.strictObject({
    kind: z.literal("roll"),
    of: contractKinds,
    floor: count,
    perYear: count,
    at: z.enum(["mark", "spot", "units"]),
  }),
  z.strictObject({ kind: z.literal("net-delta"), at: z.enum(["spot", "units"]) }),
  z.strictObject({ kind: z.literal("weighted-delta"), rates: z.record(z.string(), share) }),
  z.strictObject({ kind: z.literal("delta-shock"), threshold: count, perUnit: count, shareMax: share }),
  z.strictObject({ kind: z.literal("debt") }),
  z.strictObject({ kind: z.literal("calendar-spread"), share }),
  z.strictObject({
    kind: z.literal("inter-commodity"),
    families: z.array(name).min(1),
    pairs: z.array(
      z.strictObject({
        legs: z.tuple([z.string(), z.string()]),
        ratio: z.tuple([z.number().positive(), z.number().positive()]),
        share,
      }),
    ),
  }),
  z.strictObject({ kind: z.literal("tiered"), tiers: z.record(z.string(), sizeTiers), orders: orderSide }),
  z.strictObject({
    kind: z.literal("size-rate"),
    rates: z.record(z.string(), z.strictObject({ base: notNegative, perUnit: notNegative })),
    orders: orderSide,
  }),
  z.strictObject({
    kind: z.literal("closing-cost"),
    halfSpread: share,
    impactPerDepth: count,
    withoutDepth: share,
  }),
  z.strictObject({
    kind: z.literal("book-views"),
    fall: z.array(name).min(1),
    fallInside: z.array(name),
    rise: z.array(name).min(1),
    riseInside: z.array(name),
    logRates: z.record(z.string(), z.number().positive()),
    history: z.array(name).min(1),
    correlation: z
      .strictObject({ underlyings: z.array(z.string()), rows: z.array(z.array(z.number().min(-1).max(1))) })
      .refine(({ underlyings, rows }) => isCorrelation(underlyings, rows), {
        message: "expected a square, symmetric matrix with ones on its diagonal, one row for each underlying",
      })
      .nullable(),
    creditCap: share,
    shortfallLevel: share,
    jointFrom: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal("expression"), of: expression }),
]) satisfies z.ZodType<FigureRule["rule"]>;

/** The schema of a model document. */
export const MARGIN_MODEL = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "expected an id of small letters, digits and dashes"),
    version: z.int().min(1),
    title: z.string().min(1),
    sources: z.array(z.string()),
    notes: z.array(z.string()),
    scan,
    figures: z.array(z.strictObject({ name, scope: z.enum(["unit", "account"]), rule: component })),
    levels: z
      .array(
        z.strictObject({
          name,
          requirement: expression,
          scale: z.int().min(0).max(18),
          side: z.enum(["up", "down", "nearest"]),
        }),
      )
      .min(1),
    orders: z.enum(["ignored", "filled-where-losing"]),
  })
  .superRefine(({ figures, levels }, context) => {
    const known = new Set<string>();
    const check = (names: readonly string[], path: readonly PropertyKey[]) => {
      for (const wanted of names) {
        if (known.has(wanted)) continue;
        context.addIssue({ code: "custom", path: [...path], message: `expected a figure before it named ${wanted}` });
      }
    };
    for (const [at, figure] of figures.entries()) {
      if (known.has(figure.name)) {
        context.addIssue({ code: "custom", path: ["figures", at, "name"], message: "expected a name of its own" });
      }
      if (figure.rule.kind === "expression") check(namesIn(figure.rule.of), ["figures", at, "rule", "of"]);
      known.add(figure.name);
    }
    for (const [at, level] of levels.entries()) check(namesIn(level.requirement), ["levels", at, "requirement"]);
  }) satisfies z.ZodType<MarginModel>;

/**
 * Checks a model document and returns it as a model.
 *
 * @throws InvalidModel naming the first field that is not acceptable.
 * @method MODEL-5
 */
export function readModel(json: unknown): MarginModel {
  const parsed = MARGIN_MODEL.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidModel(pathOf(issue?.path ?? []), withoutExpected(issue?.message ?? ""));
}
