import type { AssetId, InstrumentId, MarketSnapshot, RiskParameters, UtcMillis } from "@ballast/model";
import { assetId } from "@ballast/model";
import { Decimal, type Price, price, type Usd, usd } from "@ballast/money";
import { evenText } from "../draws.f64.js";
import type { Random } from "../random.js";
import { later } from "./world.js";

/* The outside: prices that drift, jump and crash, books that are deep or nearly empty. */

const USDC = assetId("USDC");
const FIRST_INDEX: ReadonlyMap<string, string> = new Map([
  ["USDC", "1"],
  ["BTC", "8000"],
  ["ETH", "200"],
]);
const PRICE_FLOOR = new Decimal("0.5");
const PRICE_CEILING = new Decimal("1000000");
const STEP_MS = 60_000;

/** The first snapshot of a world. */
export function firstMarket(parameters: RiskParameters, at: UtcMillis, random: Random): MarketSnapshot {
  const indexPrices = new Map(
    [...parameters.assets.keys()].map((id): [AssetId, Price] => [id, price(FIRST_INDEX.get(id) ?? "1")]),
  );
  return dressed(1, at, indexPrices, parameters, random);
}

/** A quiet step: every coin within half a per cent. */
export function drift(last: MarketSnapshot, parameters: RiskParameters, random: Random): MarketSnapshot {
  return moved(last, parameters, random, -0.005, 0.005);
}

/** A slide or a climb of up to four per cent: enough to call and to reduce, seldom to bankrupt. */
export function slide(last: MarketSnapshot, parameters: RiskParameters, random: Random): MarketSnapshot {
  return random.chance(6_000)
    ? moved(last, parameters, random, -0.04, -0.005)
    : moved(last, parameters, random, 0.005, 0.04);
}

/** A jump: every coin by up to 40 % down or 30 % up, mostly down, both coins more or less together. */
export function crash(last: MarketSnapshot, parameters: RiskParameters, random: Random): MarketSnapshot {
  return random.chance(7_000)
    ? moved(last, parameters, random, -0.4, -0.02)
    : moved(last, parameters, random, 0.02, 0.3);
}

function moved(
  last: MarketSnapshot,
  parameters: RiskParameters,
  random: Random,
  least: number,
  most: number,
): MarketSnapshot {
  const common = new Decimal(evenText(random.uint32(), least, most, 6));
  const indexPrices = new Map(
    [...last.indexPrices].map(([asset, index]): [AssetId, Price] => {
      if (asset === USDC) return [asset, price(evenText(random.uint32(), 0.995, 1.005, 4))];
      const own = new Decimal(evenText(random.uint32(), -0.002, 0.002, 6));
      const next = index.mul(common.add(own).add(1)).toDecimalPlaces(4);
      return [asset, price(Decimal.min(PRICE_CEILING, Decimal.max(PRICE_FLOOR, next)))];
    }),
  );
  return dressed(last.sequence + 1, later(last.at, STEP_MS), indexPrices, parameters, random);
}

/** Marks within half a per cent of the index; depths from a tenth of a million to ten million dollars. */
function dressed(
  sequence: number,
  at: UtcMillis,
  indexPrices: ReadonlyMap<AssetId, Price>,
  parameters: RiskParameters,
  random: Random,
): MarketSnapshot {
  const markPrices = new Map<InstrumentId, Price>();
  const depths = new Map<InstrumentId, Usd>();
  for (const instrument of parameters.instruments.values()) {
    const index = indexPrices.get(instrument.underlying) as Price;
    const premium = new Decimal(evenText(random.uint32(), 0.995, 1.005, 6));
    markPrices.set(instrument.id, price(index.mul(premium).toDecimalPlaces(6)));
    const thousands = new Decimal(evenText(random.uint32(), 0.1, 1, 3)).pow(2).mul(10_000);
    depths.set(instrument.id, usd(thousands.mul(1000).toDecimalPlaces(2)));
  }
  return { sequence, at, indexPrices, markPrices, depths };
}
