import { type IndexHealth, type MarketBody, printTime } from "@ballast/api-contract";
import type { AssetId } from "@ballast/model";
import { type Decimal, printDecimal } from "@ballast/money";
import { exactPrice, type LiveMarket, type LiveMarketRules, type LiveSnapshot } from "@ballast/risk-core";
import type { PersonPrice } from "@ballast/store";

/** The live market for people and monitors: every index, and how each of its sources stands. */
export function marketView(
  rules: LiveMarketRules,
  market: LiveMarket,
  snapshot: LiveSnapshot,
  clock: string,
  proposals: readonly PersonPrice[],
): MarketBody {
  return {
    clock,
    at: printTime(market.moment.at),
    indices: rules.assets.map((asset, place) => {
      const proposal = proposals.find((one) => one.asset === asset);
      return { ...indexHealth(rules, market, snapshot, asset, place), proposal: proposed(proposal) };
    }),
    clampedMarks: [...snapshot.marks].filter(([, mark]) => mark.clamped).map(([id]) => id),
  };
}

function indexHealth(
  rules: LiveMarketRules,
  market: LiveMarket,
  snapshot: LiveSnapshot,
  asset: AssetId,
  place: number,
): Omit<IndexHealth, "proposal"> {
  const { state, index } = market.assets[place] as LiveMarket["assets"][number];
  const reasons = new Map(index.excluded.map(({ source, reason }) => [source, reason]));
  const sources = (rules.indices[place]?.sources ?? []).map((rule, at) => {
    const quote = state.quotes[at] ?? null;
    return {
      source: rule.id,
      role: rule.role,
      price: quote === null || quote.units === null ? null : printDecimal(exactPrice(quote.units)),
      quotedIn: rule.quotedIn,
      sequence: quote?.sequence ?? null,
      ageMs: quote === null ? null : state.nowMs - quote.observedAtMs,
      ignored: quote?.ignored ?? 0,
      excluded: reasons.get(rule.id) ?? null,
    };
  });
  return {
    asset,
    price: printed(index.price),
    creditPrice: printed(snapshot.creditPrices.get(asset)),
    stablePrice: printed(snapshot.stablePrices.get(asset)),
    condition: index.condition,
    reason: index.reason,
    confidence: printDecimal(index.confidence),
    candidate: printed(index.candidate),
    frozenForMs: state.frozenSinceMs === null ? null : state.nowMs - state.frozenSinceMs,
    sources,
  };
}

function proposed(proposal: PersonPrice | undefined): IndexHealth["proposal"] {
  if (proposal === undefined) return null;
  const { price, reason, proposedBy, proposedAt } = proposal;
  return { price: printDecimal(price), reason, proposedBy, proposedAt: printTime(proposedAt) };
}

function printed(value: Decimal | null | undefined): string | null {
  return value === null || value === undefined ? null : printDecimal(value);
}
