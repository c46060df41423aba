import { Decimal, ratio, usd } from "@ballast/money";
import { haircutValue, venue } from "@ballast/risk-core";
import { answered } from "../decimal-checks.js";
import { decimalAt, decimalIfAt, objectAt, objectsAt, signAt, textAt, UnreadableInput } from "../inputs.js";
import { type Answered, computed, type Evaluators, type JsonObject, type ParityContext } from "../parity-case.js";

const ZERO = new Decimal(0);
const TIER_FILE = "binance-usdm-leverage-tiers-2024-10.csv";
const HAIRCUT_FILE = "collateral-haircut-tables.json";
const RATIO_PLACES = 12;

/** References that are exact in decimals: liquidation prices over real tier tables, haircuts, profits. */
export const NUMERIC_MONEY: Evaluators = {
  "liquidation-price": ({ inputs }, context) => {
    const tiers = venue.withDeductions(leverageTiers(textAt(inputs, "symbol"), context));
    const quantity = decimalAt(inputs, "qty").mul(signAt(inputs, "side"));
    const question = {
      payoff: "linear",
      quantity,
      price: decimalAt(inputs, "entry"),
      equity: decimalAt(inputs, "wallet").add(decimalAt(inputs, "otherUnrealised")),
      fixedMaintenance: ZERO,
    } as const;
    const entered = venue.notionalAt(question);
    const tier = tiers[venue.tierIndex(entered, tiers, "tier-that-ends")] as venue.DeductionTier;
    const nothing = { rate: ZERO, deduction: ZERO };
    return computed({
      ...liquidationAnswer(venue.liquidationPrice(question, tiers)),
      maintenanceAtEntry: answered(venue.chargeOf(entered, tier)),
      bankruptcyPrice: answered(venue.priceInTier(question, nothing)),
    });
  },

  "liquidation-price.inverseCases": ({ inputs }) => {
    const question = {
      payoff: "inverse",
      quantity: decimalAt(inputs, "usdNotional").mul(signAt(inputs, "side")),
      price: decimalAt(inputs, "entry"),
      equity: decimalAt(inputs, "walletCoin"),
      fixedMaintenance: ZERO,
    } as const;
    const tiers = venue.withDeductions([{ from: ZERO, rate: decimalAt(inputs, "mmr") }]);
    return computed(liquidationAnswer(venue.liquidationPrice(question, tiers)));
  },

  "tiered-haircut": ({ inputs }, context) => {
    const value = decimalAt(inputs, "usdValue");
    const counted = haircutValue(usd(value), haircutTiers(textAt(inputs, "table"), textAt(inputs, "key"), context));
    const effectiveRatio = value.isZero() ? ZERO : counted.div(value).toDecimalPlaces(RATIO_PLACES);
    return computed({ collateralUsd: answered(counted), effectiveRatio: answered(effectiveRatio) });
  },

  "pnl-exact": ({ inputs }) => {
    const quantity = decimalAt(inputs, "qty").mul(signAt(inputs, "side"));
    const pnl = venue.profitBetween(
      payoffRule(inputs),
      quantity,
      decimalAt(inputs, "entry"),
      decimalAt(inputs, "exit"),
    );
    return computed({ pnl: answered(pnl) });
  },
};

/** The solver's answer in the words of the file; its tiers count from one. */
function liquidationAnswer(found: venue.LiquidationPrice): { readonly [key: string]: Answered } {
  switch (found.kind) {
    case "price":
      return {
        liquidationPrice: answered(found.price),
        tier: found.tier + 1,
        equityAtLiq: answered(found.equity),
        maintenanceAtLiq: answered(found.maintenance),
      };
    case "none":
      return { liquidationPrice: null, why: "no positive price liquidates" };
    case "already":
      return { liquidationPrice: null, why: "below maintenance at entry" };
  }
}

function payoffRule(inputs: JsonObject): venue.PayoffRule {
  const kind = textAt(inputs, "kind");
  if (kind === "linear" || kind === "inverse") return { kind };
  if (kind === "quanto") return { kind, multiplier: decimalAt(inputs, "multiplier") };
  throw new UnreadableInput("kind", "linear, inverse or quanto", kind);
}

/** Rates of one contract, from the table of the venue's contracts. */
function leverageTiers(symbol: string, { data }: ParityContext): readonly venue.RateTier[] {
  const [header = "", ...lines] = dataFile(TIER_FILE, data).trim().split("\n");
  const columns = header.split(",");
  const [at, from, rate] = ["symbol", "floor_notional", "maint_margin_rate"].map((name) => columns.indexOf(name));
  const rows = lines.map((line) => line.split(",")).filter((cells) => cells[at as number] === symbol);
  if (rows.length === 0) throw new UnreadableInput("symbol", `a contract of ${TIER_FILE}`, symbol);
  return rows.map((cells) => ({
    from: new Decimal(cells[from as number] as string),
    rate: new Decimal(cells[rate as number] as string),
  }));
}

/** The file says which share of a slice counts; what lies above the last cap counts for nothing. */
function haircutTiers(table: string, key: string, { data }: ParityContext) {
  const tables = JSON.parse(dataFile(HAIRCUT_FILE, data)) as JsonObject;
  const holder = objectAt(tables, table);
  const ranked = Object.values(holder).find(
    (part): part is JsonObject => typeof part === "object" && part !== null && Object.hasOwn(part, key),
  );
  if (ranked === undefined) throw new UnreadableInput("key", `a row of ${table} in ${HAIRCUT_FILE}`, key);
  const rows = objectsAt(ranked, key);
  const tiers = rows.map((row) => ({
    from: decimalAt(row, "floor_usd"),
    haircut: new Decimal(1).sub(decimalAt(row, "ratio")),
  }));
  const cap = decimalIfAt(rows[rows.length - 1] as JsonObject, "cap_usd");
  const all = cap === undefined ? tiers : [...tiers, { from: cap, haircut: new Decimal(1) }];
  return all.map(({ from, haircut }) => ({ from: usd(from), haircut: ratio(haircut) }));
}

function dataFile(name: string, data: ParityContext["data"]): string {
  const text = data(name);
  if (text === undefined) throw new UnreadableInput(name, "a market data file (option --data)", undefined);
  return text;
}
