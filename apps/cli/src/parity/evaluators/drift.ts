import { venue } from "@ballast/risk-core";
import { objectAt, objectsAt, textAt, UnreadableInput, wholeAt, wholeOr } from "../inputs.js";
import { type Answered, computed, type Evaluators, type JsonObject } from "../parity-case.js";
import { isList, isObject } from "../split-document.js";

const INDEX_START = 10_000_000_000n;
/** What "no amount would do" is in a chain's whole numbers. */
const UNBOUNDED = 2n ** 64n - 1n;

/** Drift's weights, margin, liquidation and lending, in its whole numbers. */
export const DRIFT: Evaluators = {
  "drift-labs/size-premium": ({ inputs }) => {
    const [weight, size] = [wholeAt(inputs, "liabilityWeight"), wholeAt(inputs, "size")];
    return computed({ weight: text(venue.drift.liabilityWeightOf(weight, size, wholeAt(inputs, "imfFactor"))) });
  },
  "drift-labs/spot-weights": ({ inputs }) => {
    const [market, size, kind] = [spotMarketOf(objectAt(inputs, "market")), wholeAt(inputs, "size"), kindOf(inputs)];
    const weight =
      textAt(inputs, "side") === "asset"
        ? venue.drift.spotAssetWeight(market, size, wholeOr(inputs, "price", 0n), kind)
        : venue.drift.spotLiabilityWeight(market, size, kind);
    return computed({ weight: text(weight) });
  },
  "drift-labs/scaled-initial-asset-weight": ({ inputs }) => {
    const market = spotMarketOf(objectAt(inputs, "market"));
    return computed({ weight: text(venue.drift.scaledInitialWeight(market, wholeAt(inputs, "price"))) });
  },
  "drift-labs/unrealized-pnl-weight": ({ inputs }) => {
    const [market, profit] = [perpMarketOf(objectAt(inputs, "market"), 0n), wholeAt(inputs, "unrealizedPnl")];
    return computed({ weight: text(venue.drift.profitWeight(market, profit, kindOf(inputs))) });
  },
  "drift-labs/perp-position": ({ inputs }) => {
    const market = perpMarketOf(objectAt(inputs, "market"), wholeAt(inputs, "oraclePrice"), inputs["prediction"]);
    const position = perpPositionOf(objectAt(inputs, "position"), market);
    const plain = { ratioMin: 0n, isHighLeverage: false };
    return computed({
      marginRequirement: text(venue.drift.perpRequirement(position, kindOf(inputs), plain).margin),
      weightedPnl: text(venue.drift.weightedProfit(position, kindOf(inputs))),
    });
  },
  "drift-labs/perp-margin-ratio": ({ inputs }) => {
    const [market, size] = [perpMarketOf(objectAt(inputs, "market"), 0n), wholeAt(inputs, "size")];
    const isHighLeverage = inputs["highLeverage"] === true;
    return computed({ ratio: text(venue.drift.perpMarginRatio(market, size, kindOf(inputs), isHighLeverage)) });
  },
  "drift-labs/worst-case-fill": ({ inputs }) => {
    const market = spotMarketOf(objectAt(inputs, "market"));
    const price = { price: wholeAt(inputs, "price"), average: averageOf(inputs) };
    const position = spotPositionOf(objectAt(inputs, "position"), market, price);
    return computed(fillAnswer(venue.drift.worstFill(position, kindOf(inputs))));
  },
  "drift-labs/custom-margin-ratio-fill": ({ inputs }) => {
    const [market, stated] = [spotMarketOf(objectAt(inputs, "market")), objectAt(inputs, "simulation")];
    const fill = {
      tokens: wholeAt(stated, "tokenAmount"),
      ordersValue: wholeAt(stated, "ordersValue"),
      tokenValue: wholeAt(stated, "tokenValue"),
      weightedTokenValue: wholeAt(stated, "weightedTokenValue"),
      contribution: wholeAt(stated, "freeCollateralContribution"),
    };
    const ratio = wholeAt(inputs, "ratio");
    return computed(fillAnswer(venue.drift.withOwnRatio(fill, market, ratio, "initial", wholeAt(inputs, "price"))));
  },
  "drift-labs/worst-case-perp": ({ inputs }) => {
    const market = perpMarketOf({}, wholeAt(inputs, "oraclePrice"), inputs["prediction"]);
    const worst = venue.drift.worstBase(perpPositionOf(objectAt(inputs, "position"), market));
    return computed({ baseAssetAmount: text(worst.base), liabilityValue: text(worst.liability) });
  },
  "drift-labs/account-margin": ({ inputs }) => {
    const margin = venue.drift.marginOf(accountOf(objectAt(inputs, "account")), {
      kind: kindOf(inputs),
      isStrict: inputs["strict"] === true,
      buffer: wholeOr(inputs, "marginBufferRatio", 0n),
    });
    return computed({
      marginRequirement: text(margin.requirement),
      totalCollateral: text(margin.collateral),
      marginRequirementPlusBuffer: text(margin.requirementWithBuffer),
      totalCollateralPlusBuffer: text(margin.collateralWithBuffer),
    });
  },
  "drift-labs/max-withdrawable": ({ inputs }) => {
    const at = Number.parseInt(textAt(inputs, "spotIndex"), 10);
    return computed({ amount: text(venue.drift.withdrawableTokens(accountOf(objectAt(inputs, "account")), at)) });
  },
  "drift-labs/user-equity": ({ inputs }) =>
    computed({ netUsdValue: text(venue.drift.equityOf(accountOf(objectAt(inputs, "account")))) }),

  "drift-labs/liq-base-to-cover": ({ inputs }) => {
    const base = venue.drift.baseToCover({
      ...perpShortageOf(inputs),
      liquidatorFee: wholeAt(inputs, "liquidationFee"),
      quotePrice: wholeAt(inputs, "quoteOraclePrice"),
      insuranceFee: wholeAt(inputs, "ifLiquidationFee"),
    });
    return computed({ baseAssetAmount: text(base ?? UNBOUNDED) });
  },
  "drift-labs/liq-liability-to-cover": ({ inputs }) => {
    const transfer = venue.drift.liabilityToCover({
      ...spotShortageOf(inputs, "liability"),
      insuranceFee: wholeAt(inputs, "ifLiquidationFee"),
    });
    return computed({ liabilityTransfer: text(transfer ?? UNBOUNDED) });
  },
  "drift-labs/liq-liability-implied": ({ inputs }) =>
    computed({
      liabilityTransfer: text(venue.drift.liabilityForAsset(swapOf(inputs), wholeAt(inputs, "assetAmount"))),
    }),
  "drift-labs/liq-asset-transfer": ({ inputs }) => {
    const [liability, held] = [wholeAt(inputs, "liabilityTransfer"), wholeAt(inputs, "assetAmount")];
    return computed({ assetTransfer: text(venue.drift.assetForLiability(swapOf(inputs), liability, held)) });
  },
  "drift-labs/liq-limit-price": ({ inputs }) =>
    computed({
      ok: venue.drift.meetsLimit(
        wholeAt(inputs, "assetTransfer"),
        wholeAt(inputs, "assetDecimals"),
        wholeAt(inputs, "liabilityTransfer"),
        wholeAt(inputs, "liabilityDecimals"),
        wholeAt(inputs, "limitPrice"),
      ),
    }),
  "drift-labs/swap-boundary": ({ inputs }) => {
    const [asset, liability] = [wholeAt(inputs, "assetTransfer"), wholeAt(inputs, "liabilityTransfer")];
    return computed({ ok: venue.drift.isSwapWithinBounds(swapOf(inputs), asset, liability) });
  },
  "drift-labs/perp-if-fee": ({ inputs }) => {
    const shortage = {
      ...perpShortageOf(inputs),
      liquidatorFee: wholeAt(inputs, "liquidatorFee"),
      quotePrice: wholeAt(inputs, "quotePrice"),
    };
    const [base, feeMax] = [wholeAt(inputs, "baseAssetAmount"), wholeAt(inputs, "maxIfFee")];
    return computed({ fee: text(venue.drift.perpInsuranceFee(shortage, base, feeMax)) });
  },
  "drift-labs/spot-if-fee": ({ inputs }) => {
    const [tokens, feeMax] = [wholeAt(inputs, "tokenAmount"), wholeAt(inputs, "maxIfFee")];
    return computed({ fee: text(venue.drift.spotInsuranceFee(spotShortageOf(inputs, ""), tokens, feeMax)) });
  },
  "drift-labs/liq-pacing": ({ inputs }) => {
    const [base, feeMax] = [wholeAt(inputs, "baseFee"), wholeAt(inputs, "maxFee")];
    const [last, slot] = [wholeAt(inputs, "lastActiveSlot"), wholeAt(inputs, "slot")];
    return computed({ fee: text(venue.drift.liquidatorFee(base, feeMax, last, slot)) });
  },
  "drift-labs/social-loss": ({ inputs }) => {
    const loss = wholeAt(inputs, "loss");
    const delta =
      textAt(inputs, "kind") === "perp"
        ? venue.drift.fundingForLoss(loss, wholeAt(inputs, "baseLong"), wholeAt(inputs, "baseShort"))
        : venue.drift.interestForLoss(wholeAt(inputs, "cumulativeDepositInterest"), loss, wholeAt(inputs, "deposits"));
    return computed({ delta: text(delta) });
  },
  "drift-labs/if-rebase": ({ inputs }) => {
    const { exponent, divisor } = venue.drift.rebaseOf(wholeAt(inputs, "totalShares"), wholeAt(inputs, "vaultBalance"));
    return computed({ exponent: text(exponent), divisor: text(divisor) });
  },
  "drift-labs/if-shares-lost": ({ inputs }) =>
    computed({
      sharesLost: text(
        venue.drift.sharesLost(
          wholeAt(inputs, "requestedShares"),
          wholeAt(inputs, "valueAtRequest"),
          wholeAt(inputs, "totalShares"),
          wholeAt(inputs, "vaultBalance"),
        ),
      ),
    }),
  "drift-labs/bankrupt-predicate": ({ inputs }) => {
    const crossBankrupt = venue.drift.isBankrupt({
      tokens: objectsAt(inputs, "spot").map((spot) => signedTokens(spot, 9n)),
      perp: objectsAt(inputs, "perp").map((perp) => ({
        base: wholeOr(perp, "base", 0n),
        quote: wholeOr(perp, "quote", 0n),
        openOrders: wholeOr(perp, "openOrders", 0n),
        isIsolated: perp["isolated"] === true,
      })),
    });
    return computed({ crossBankrupt });
  },
  "drift-labs/borrow-capacity": ({ inputs }) => {
    const market = objectAt(inputs, "market");
    const { deposits, borrows } = lentOf(market);
    const target = wholeAt(inputs, "targetBorrowRate");
    return computed({
      remainingCapacity: text(venue.drift.borrowCapacity(curveOf(market, 0n), target, deposits, borrows)),
    });
  },
  "drift-labs/borrow-rates": ({ inputs }) => {
    const market = objectAt(inputs, "market");
    const { deposits, borrows } = lentOf(market);
    const delta = wholeAt(inputs, "delta");
    const utilisation =
      delta >= 0n
        ? venue.drift.utilisationOf(deposits + delta, borrows)
        : venue.drift.utilisationOf(deposits, borrows - delta);
    const curve = curveOf(market, wholeOr(inputs, "minBorrowRate", 0n));
    const rate =
      textAt(inputs, "kind") === "borrow"
        ? venue.drift.borrowRateAt(curve, utilisation)
        : venue.drift.depositRateAt(curve, utilisation, wholeOr(inputs, "insuranceFactor", 0n));
    return computed({ rate: text(rate) });
  },
  "drift-labs/sdk-account": ({ inputs }) => {
    const account = {
      quote: wholeAt(inputs, "usdc"),
      perp: objectsAt(inputs, "positions").map((position) =>
        perpPositionOf(position, perpMarketOf(position, wholeAt(position, "oraclePrice"))),
      ),
    };
    const initial = venue.drift.clientMargin(account, "initial");
    const maintenance = venue.drift.clientMargin(account, "maintenance");
    return computed({
      marginRequirementInitial: text(initial.requirement),
      totalCollateralInitial: text(initial.collateral),
      freeCollateralInitial: text(initial.free),
      marginRequirementMaintenance: text(maintenance.requirement),
      totalCollateralMaintenance: text(maintenance.collateral),
      freeCollateralMaintenance: text(maintenance.free),
      health: text(venue.drift.clientHealth(account)),
      liquidationPrice: account.perp.map((_, at) => text(venue.drift.clientLiquidationPrice(account, at))),
    });
  },
};

const text = (value: bigint): string => value.toString();

function kindOf(inputs: JsonObject): venue.drift.MarginKind {
  const kind = textAt(inputs, "type");
  if (kind === "initial" || kind === "fill" || kind === "maintenance") return kind;
  throw new UnreadableInput("type", "initial, fill or maintenance", kind);
}

const averageOf = (inputs: JsonObject): bigint | null =>
  inputs["twap5min"] === null || inputs["twap5min"] === undefined ? null : wholeAt(inputs, "twap5min");

const fillAnswer = (fill: venue.drift.FillSimulation): Answered => ({
  tokenAmount: text(fill.tokens),
  ordersValue: text(fill.ordersValue),
  tokenValue: text(fill.tokenValue),
  weightedTokenValue: text(fill.weightedTokenValue),
  freeCollateralContribution: text(fill.contribution),
});

const spotMarketOf = (market: JsonObject): venue.drift.SpotMarket => {
  const decimals = wholeOr(market, "decimals", 6n);
  const index = wholeOr(market, "cumulativeDepositInterest", INDEX_START);
  return {
    isQuote: market["quote"] === true,
    decimals,
    initialAssetWeight: wholeOr(market, "initialAssetWeight", 0n),
    maintenanceAssetWeight: wholeOr(market, "maintenanceAssetWeight", 0n),
    initialLiabilityWeight: wholeOr(market, "initialLiabilityWeight", 0n),
    maintenanceLiabilityWeight: wholeOr(market, "maintenanceLiabilityWeight", 0n),
    sizeFactor: wholeOr(market, "imfFactor", 0n),
    scaleStart: wholeOr(market, "scaleInitialAssetWeightStart", 0n),
    deposits: venue.drift.tokensOf(wholeOr(market, "depositBalance", 0n), index, decimals),
  };
};

const perpMarketOf = (market: JsonObject, price: bigint, prediction?: unknown): venue.drift.PerpMarket => ({
  price,
  isPrediction: prediction === true,
  initialRatio: wholeOr(market, "marginRatioInitial", 0n),
  maintenanceRatio: wholeOr(market, "marginRatioMaintenance", 0n),
  highLeverageInitialRatio: wholeOr(market, "highLeverageMarginRatioInitial", 0n),
  highLeverageMaintenanceRatio: wholeOr(market, "highLeverageMarginRatioMaintenance", 0n),
  sizeFactor: wholeOr(market, "imfFactor", 0n),
  profitInitialWeight: wholeOr(market, "unrealizedPnlInitialAssetWeight", 0n),
  profitMaintenanceWeight: wholeOr(market, "unrealizedPnlMaintenanceAssetWeight", 0n),
  profitSizeFactor: wholeOr(market, "unrealizedPnlImfFactor", 0n),
});

const perpPositionOf = (position: JsonObject, market: venue.drift.PerpMarket): venue.drift.PerpPosition => ({
  base: wholeAt(position, "baseAssetAmount"),
  quote: wholeOr(position, "quoteAssetAmount", 0n),
  openBids: wholeOr(position, "openBids", 0n),
  openAsks: wholeOr(position, "openAsks", 0n),
  openOrders: wholeOr(position, "openOrders", 0n),
  ratioMin: wholeOr(position, "maxMarginRatio", 0n),
  market,
});

const spotPositionOf = (
  position: JsonObject,
  market: venue.drift.SpotMarket,
  price: venue.drift.StrictPrice,
): venue.drift.SpotPosition => ({
  tokens: signedTokens(position, market.decimals),
  openBids: wholeOr(position, "openBids", 0n),
  openAsks: wholeOr(position, "openAsks", 0n),
  openOrders: wholeOr(position, "openOrders", 0n),
  market,
  price,
});

function signedTokens(position: JsonObject, decimals: bigint): bigint {
  const balance = wholeOr(position, "scaledBalance", 0n);
  return position["balanceType"] === "borrow"
    ? -venue.drift.debtOf(balance, INDEX_START, decimals)
    : venue.drift.tokensOf(balance, INDEX_START, decimals);
}

function accountOf(account: JsonObject): venue.drift.Account {
  const spot = objectsAt(account, "spot").map((position) => {
    const market = objectAt(position, "market");
    return spotPositionOf(position, spotMarketOf(market), {
      price: wholeAt(market, "price"),
      average: averageOf(market),
    });
  });
  const perp = isList(account["perp"]) ? objectsAt(account, "perp") : [];
  const quote = isObject(account["quote"]) ? account["quote"] : {};
  return {
    spot,
    perp: perp.map((position) => {
      const market = objectAt(position, "market");
      return perpPositionOf(position, perpMarketOf(market, wholeAt(market, "price"), market["prediction"]));
    }),
    quotePrice: { price: wholeOr(quote, "price", 1_000_000n), average: averageOf(quote) },
    ratioMin: wholeOr(account, "maxMarginRatio", 0n),
    isHighLeverage: account["highLeverage"] === true,
  };
}

const perpShortageOf = (inputs: JsonObject) => ({
  shortage: wholeAt(inputs, "marginShortage"),
  ratio: wholeAt(inputs, "marginRatio"),
  price: wholeAt(inputs, "oraclePrice"),
});

/** The debt's own figures have a prefix in one group and none in another. */
function spotShortageOf(inputs: JsonObject, prefix: "liability" | "") {
  const [decimals, price] = prefix === "" ? ["decimals", "price"] : ["liabilityDecimals", "liabilityPrice"];
  return {
    shortage: wholeAt(inputs, "marginShortage"),
    assetWeight: wholeAt(inputs, "assetWeight"),
    assetMultiplier: wholeAt(inputs, "assetMultiplier"),
    liabilityWeight: wholeAt(inputs, "liabilityWeight"),
    liabilityMultiplier: wholeAt(inputs, "liabilityMultiplier"),
    liabilityDecimals: wholeAt(inputs, decimals as string),
    liabilityPrice: wholeAt(inputs, price as string),
  };
}

const swapOf = (inputs: JsonObject): venue.drift.TokenSwap => ({
  assetMultiplier: wholeAt(inputs, "assetMultiplier"),
  assetDecimals: wholeAt(inputs, "assetDecimals"),
  assetPrice: wholeAt(inputs, "assetPrice"),
  liabilityMultiplier: wholeAt(inputs, "liabilityMultiplier"),
  liabilityDecimals: wholeAt(inputs, "liabilityDecimals"),
  liabilityPrice: wholeAt(inputs, "liabilityPrice"),
});

function lentOf(market: JsonObject) {
  const decimals = wholeAt(market, "decimals");
  return {
    deposits: venue.drift.tokensOf(
      wholeAt(market, "depositBalance"),
      wholeAt(market, "cumulativeDepositInterest"),
      decimals,
    ),
    borrows: venue.drift.debtOf(
      wholeAt(market, "borrowBalance"),
      wholeAt(market, "cumulativeBorrowInterest"),
      decimals,
    ),
  };
}

const curveOf = (market: JsonObject, rateMin: bigint): venue.drift.BorrowCurve => ({
  optimalUtilisation: wholeAt(market, "optimalUtilization"),
  optimalRate: wholeAt(market, "optimalBorrowRate"),
  rateMax: wholeAt(market, "maxBorrowRate"),
  rateMin,
});
