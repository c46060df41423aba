import type { AssetId } from "@ballast/model";
import { type Amount, Decimal, type Price } from "@ballast/money";
import type { MarginContract, Portfolio } from "../portfolio/portfolio.js";

/** What a price is multiplied with, by underlying; one that is not named stays. */
export type Factors = ReadonlyMap<AssetId, Decimal>;

const STAY = new Decimal(1);
const PRICE_SCALE = 18;

/**
 * The portfolio after prices have moved and nothing else: spots, marks and forwards by the factor of their underlying (what
 * a settlement average has fixed stays), collateral that moves with one, and the profit of positions with them. Volatility,
 * rates and time stay, and so do the estimates of the model.
 *
 * @method INVERSE-4
 */
export function afterMove(portfolio: Portfolio, factors: Factors): Portfolio {
  const factorOf = (underlying: AssetId): Decimal => factors.get(underlying) ?? STAY;
  const moved = (price: Decimal, underlying: AssetId) =>
    price.mul(factorOf(underlying)).toDecimalPlaces(PRICE_SCALE) as Price;
  return {
    ...portfolio,
    underlyings: new Map(
      [...portfolio.underlyings].map(([id, quoted]) => [id, { ...quoted, spot: moved(quoted.spot, id) }]),
    ),
    expiries: portfolio.expiries.map((expiry) => {
      const { forward, fixedForward, underlying } = expiry;
      const moving = forward.sub(fixedForward);
      return { ...expiry, forward: moved(moving, underlying).add(fixedForward) as Price };
    }),
    contracts: new Map(
      [...portfolio.contracts].map(([id, contract]) => [
        id,
        contract.kind === "option"
          ? contract
          : { ...contract, markPrice: moved(contract.markPrice, contract.underlying) },
      ]),
    ),
    balances: new Map(
      [...portfolio.balances].map(([id, balance]) => [
        id,
        balance.movesWith === null ? balance : { ...balance, price: moved(balance.price, balance.movesWith) },
      ]),
    ),
    holdings: new Map(
      [...portfolio.holdings].map(([id, holding]) => {
        const contract = portfolio.contracts.get(id);
        if (contract === undefined) return [id, holding] as const;
        const profit = profitAfter(portfolio, contract, holding, factorOf(contract.underlying));
        return [id, { ...holding, unrealisedProfit: profit.toDecimalPlaces(PRICE_SCALE) as Amount }] as const;
      }),
    ),
  };
}

/** The unrealised profit of a position in the quote after its underlying has moved by a factor. */
function profitAfter(
  { underlyings }: Portfolio,
  contract: MarginContract,
  { quantity, unrealisedProfit }: { readonly quantity: Decimal; readonly unrealisedProfit: Decimal },
  factor: Decimal,
): Decimal {
  if (contract.kind === "option") return unrealisedProfit;
  const { markPrice, payoff, underlying } = contract;
  if (payoff === "linear") return unrealisedProfit.add(quantity.mul(markPrice).mul(factor.sub(1)));
  // Profit so far lies in coin, and is worth more or less; what the move adds is (1/mark − 1/mark') coins a dollar.
  const spot = underlyings.get(underlying)?.spot ?? STAY;
  const coins = quantity.div(markPrice).mul(STAY.sub(STAY.div(factor)));
  return unrealisedProfit.mul(factor).add(coins.mul(spot).mul(factor));
}
