import { parseArgs } from "node:util";
import {
  amount,
  Decimal,
  type DecimalSource,
  isDecimalString,
  parseDecimal,
  price,
  printDecimal,
  quantity,
} from "@ballast/money";
import {
  type Boundary,
  boundaryOf,
  cheapestHedge,
  inquire,
  jointBoundary,
  largestOrder,
  type LevelMargin,
  type MarginModel,
  type Portfolio,
  savingOfPool,
  smallestDeposit,
} from "@ballast/risk-core";
import { BadUse, type Command } from "./command.js";
import { MODEL_OPTIONS, MODEL_USAGE, modelFrom, portfolioFrom, refusingAs } from "./margin-input.js";
import { tableLines } from "./text-table.js";

const USAGE = `npm run -s ballast -- ask QUESTION PORTFOLIO [options] [--json]

What would have to change? Each answer is one that holds next to one that does not, by the same margin.

  largest-order --instrument ID --side buy|sell [--lot 0.001] [--price P]
                    the most that still fits; one lot more does not
  deposit [--asset ID] [--unit 0.01] [--price P]
                    the least that cures a level; one unit less does not
  boundary [--underlying ID] [--tick 0.01]
                    prices at which a level is missed, of one underlying or of each, and of all moving together
  hedge --free AMOUNT [--lot 0.001]
                    the cheapest trades that free so much, over every contract listed
  saving            what each position saves by lying in one pool

  PORTFOLIO         a portfolio document (JSON); - is standard input
  --level NAME      the level that is asked about: the first of the model unless said, the last for \`boundary\`
${MODEL_USAGE}
  --json            the answer as a document
  --help            this text

Exit code: 0 answered, 1 the answer is that nothing does, 2 the question or its files are refused.
`;

const OPTIONS = {
  ...MODEL_OPTIONS,
  asset: { type: "string" },
  free: { type: "string" },
  instrument: { type: "string" },
  json: { type: "boolean", default: false },
  level: { type: "string" },
  lot: { type: "string", default: "0.001" },
  price: { type: "string" },
  side: { type: "string" },
  tick: { type: "string", default: "0.01" },
  underlying: { type: "string" },
  unit: { type: "string", default: "0.01" },
} as const;

/** An answer: for a machine, for a person, and whether there is one. */
interface Answer {
  readonly document: object;
  readonly lines: readonly string[];
  readonly found: boolean;
}

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, "json">, string>>> & {
  readonly lot: string;
  readonly tick: string;
  readonly unit: string;
};
type Question = (portfolio: Portfolio, model: MarginModel, values: Values) => Answer;

/** Asks an inverse question of a portfolio document. */
export const ask: Command = {
  usage: USAGE,
  run: (args, { stdout }) => {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const [name, file, ...more] = positionals;
    const question = name !== undefined && Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined;
    if (question === undefined) {
      throw new BadUse("USAGE", `expected a question, one of ${Object.keys(QUESTIONS).join(", ")}`);
    }
    if (file === undefined || more.length > 0) throw new BadUse("USAGE", "expected one portfolio document");
    const portfolio = portfolioFrom(file);
    const model = modelFrom(values, portfolio);
    const { document, lines, found } = refusingAs(file, () => question(portfolio, model, values));
    stdout.write(values.json ? `${JSON.stringify(plain(document), null, 2)}\n` : `${lines.join("\n")}\n`);
    return found ? 0 : 1;
  },
};

const QUESTIONS: Readonly<Record<string, Question>> = {
  "largest-order": (portfolio, model, values) => {
    const instrument = required("instrument", values.instrument);
    const side = values.side;
    if (side !== "buy" && side !== "sell") throw new BadUse("USAGE", "--side: expected buy or sell");
    const answer = largestOrder(inquire(portfolio, model, firstLevel(model, values)), {
      instrument,
      side,
      lot: decimal("lot", values.lot, quantity),
      price: values.price === undefined ? null : decimal("price", values.price, price),
    });
    const what = `${side} ${instrument}`;
    return answer.kind === "size"
      ? {
          document: answer,
          lines: [
            `${what}: ${printDecimal(answer.quantity)} fits, ${answer.lots} lots`,
            told(portfolio, "filled", answer.filled),
            told(portfolio, "one lot more", answer.oneLotMore),
          ],
          found: true,
        }
      : {
          document: answer,
          lines: [`${what}: ${answer.kind === "none" ? "not one lot fits" : "no size that was tried does not fit"}`],
          found: answer.kind === "unbounded",
        };
  },

  deposit: (portfolio, model, values) => {
    const asset = values.asset ?? portfolio.quote;
    const level = firstLevel(model, values);
    const answer = smallestDeposit(portfolio, model, level, {
      asset,
      unit: decimal("unit", values.unit, amount),
      price: values.price === undefined ? null : decimal("price", values.price, price),
    });
    if (answer.kind === "amount") {
      return {
        document: answer,
        lines: [
          `${printDecimal(answer.amount)} ${asset} cures ${level}`,
          told(portfolio, "with it", answer.cured),
          told(portfolio, "one unit less", answer.oneUnitLess),
        ],
        found: true,
      };
    }
    const line = answer.kind === "already" ? `${level} is met already` : `no deposit of ${asset} cures ${level}`;
    return { document: answer, lines: [line, told(portfolio, "now", answer.level)], found: answer.kind === "already" };
  },

  boundary: (portfolio, model, values) => {
    const inquiry = inquire(portfolio, model, values.level ?? model.levels.at(-1)?.name ?? "");
    const tick = decimal("tick", values.tick, price);
    const asked = values.underlying === undefined ? [...portfolio.underlyings.keys()].sort() : [values.underlying];
    const alone = asked.map((underlying) => [underlying, boundaryOf(inquiry, underlying, tick)] as const);
    const together = values.underlying === undefined ? [["together", jointBoundary(inquiry)] as const] : [];
    const all = [...alone, ...together];
    return {
      document: Object.fromEntries(all),
      lines: [
        `where ${inquiry.level} is missed`,
        ...tableLines(
          all.flatMap(([what, boundaries]) => boundaries.map((found) => [what, found.side, placeOf(found)])),
        ),
      ],
      found: all.some(([, boundaries]) => boundaries.some(({ kind }) => kind !== "none")),
    };
  },

  hedge: (portfolio, model, values) => {
    const inquiry = inquire(portfolio, model, firstLevel(model, values));
    const wanted = decimal("free", required("free", values.free), parseDecimal);
    const lot = decimal("lot", values.lot, quantity);
    const { up, down } = cutter(portfolio);
    const answer = cheapestHedge(inquiry, wanted, () => lot);
    const rows = (answer.most === null ? answer.hedges : [answer.most]).map((hedge) => [
      hedge.instrument,
      printDecimal(hedge.quantity),
      up(hedge.cost),
      down(hedge.frees),
    ]);
    const found = answer.hedges.length > 0;
    return {
      document: answer,
      lines: [
        found ? `frees ${printDecimal(wanted)} of ${inquiry.level}, the cheapest first` : "no contract frees so much",
        ...(rows.length === 0 ? [] : tableLines([["contract", "quantity", "cost", "frees"], ...rows])),
      ],
      found,
    };
  },

  saving: (portfolio, model, values) => {
    const answer = savingOfPool(inquire(portfolio, model, firstLevel(model, values)));
    const { up } = cutter(portfolio);
    return {
      document: answer,
      lines: [
        `isolated ${up(answer.isolated)}, in one pool ${up(answer.requirement)}`,
        ...tableLines([
          ["position", "isolated", "adds", "saving", "without it more"],
          ...answer.hedges.map((hedge) => [
            hedge.instrument,
            ...[hedge.isolated, hedge.adds, hedge.saving, hedge.frees].map(up),
          ]),
        ]),
      ],
      found: true,
    };
  },
};

const firstLevel = (model: MarginModel, { level }: Values): string => level ?? model.levels[0]?.name ?? "";

function placeOf(boundary: Boundary): string {
  if (boundary.kind === "none") return "nowhere";
  if (boundary.kind === "already") return "already";
  return [...boundary.prices].map(([id, at]) => `${id} ${printDecimal(at.toSignificantDigits(12))}`).join(", ");
}

/** Two digits of money, eight of a coin: what is needed or paid up, what is left or freed down. */
function cutter({ numeraire, quote }: Portfolio) {
  const digits = numeraire === quote ? 2 : 8;
  return {
    up: (value: Decimal) => value.toFixed(digits, Decimal.ROUND_CEIL),
    down: (value: Decimal) => value.toFixed(digits, Decimal.ROUND_FLOOR),
  };
}

function told(portfolio: Portfolio, what: string, { name, requirement, slack }: LevelMargin): string {
  const { up, down } = cutter(portfolio);
  return `  ${what}: ${name} requirement ${up(requirement)}, slack ${down(slack)}`;
}

function required(option: string, value: string | undefined): string {
  if (value === undefined) throw new BadUse("USAGE", `expected --${option}`);
  return value;
}

function decimal<Unit extends Decimal>(
  option: string,
  text: string,
  unit: (value: DecimalSource & string) => Unit,
): Unit {
  if (!isDecimalString(text) || !parseDecimal(text).gt(0)) {
    throw new BadUse("USAGE", `--${option}: expected a decimal above zero; found ${text}`);
  }
  return unit(text);
}

/** Decimals as text, maps as objects; a level without its parts, which a receipt has. */
function plain(value: unknown): unknown {
  if (Decimal.isDecimal(value)) return printDecimal(value as Decimal);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === "parts" ? [] : [[key, plain(inner)]])),
  );
}
