import { type MarksRequest, printTime } from "@ballast/api-contract";
import type { MarketSnapshot } from "@ballast/model";
import { type Price, printDecimal, type Usd } from "@ballast/money";

/** A snapshot as the API takes it: amounts as text, maps as objects. */
export function marksRequestOf(snapshot: MarketSnapshot): MarksRequest {
  return {
    sequence: snapshot.sequence,
    at: printTime(snapshot.at),
    indexPrices: texts(snapshot.indexPrices),
    markPrices: texts(snapshot.markPrices),
    depths: texts(snapshot.depths),
  };
}

function texts(prices: ReadonlyMap<string, Price | Usd>): Record<string, string> {
  return Object.fromEntries([...prices].map(([id, value]) => [id, printDecimal(value)]));
}
