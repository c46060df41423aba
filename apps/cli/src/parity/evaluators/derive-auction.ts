import { Decimal, type Ratio, type Usd } from "@ballast/money";
import {
  auctionFee,
  type AuctionRules,
  bidFor,
  bufferMargin,
  largestShare,
  levelNamed,
  priceFactor,
  type Scenario,
} from "@ballast/risk-core";
import { decimalAt, numberAt, objectAt, objectsAt } from "../inputs.js";
import {
  type Answered,
  checked,
  type Check,
  type Evaluators,
  type JsonObject,
  type ParityCase,
} from "../parity-case.js";
import { isObject } from "../split-document.js";
import { assessPm1, sharedOf } from "./derive.js";
import { auctionRules } from "./liquidation-rules.js";

/*
 * An account of Derive's first portfolio manager in its Dutch auction: every bid takes a slice of all it holds but reserved
 * cash, pays into it, and what is left is margined again. What is expected stands beside each bid.
 */

export const DERIVE_AUCTION: Evaluators = {
  "PMRM1+AUCTION": (parityCase) => {
    const { checks, value } = auctioned(parityCase);
    return checked(checks, value);
  },
};

/** What is left of the account: a share of its options and of unreserved cash, and what bidders have paid in. */
interface Remaining {
  readonly share: Decimal;
  readonly cash: Decimal;
  readonly reservedCash: Decimal;
}

function auctioned(parityCase: ParityCase): { readonly checks: readonly Check[]; readonly value: Answered } {
  const { inputs, document, tolerance } = parityCase;
  const { parameters, scenarios } = sharedOf(parityCase);
  const rules = auctionRules(inputs, document);
  const held = objectAt(inputs, "portfolio");
  const standing = (left: Remaining, feeds: JsonObject, time: number) =>
    standingOf(held, left, feeds, time, parameters, scenarios, rules);
  let left: Remaining = { share: new Decimal(1), cash: decimalAt(held, "cash"), reservedCash: new Decimal(0) };

  const begun = standing(left, objectAt(inputs, "feedsAtStart"), numberAt(inputs, "startTime"));
  const liquidationFee = auctionFee(begun.value, begun.missing, rules.feeRate);
  // Putting the account up costs it the fee at once.
  left = { ...left, cash: left.cash.sub(liquidationFee) };
  const checks: Check[] = [];
  const compare = (path: string, expected: JsonObject, got: Readonly<Record<string, Decimal>>) => {
    for (const [key, value] of Object.entries(got)) {
      if (expected[key] === undefined) continue;
      const wanted = decimalAt(expected, key);
      const passed = value
        .sub(wanted)
        .abs()
        .lte(Decimal.max(tolerance.absolute, wanted.abs().mul(tolerance.relative)));
      checks.push({ path: `${path}.${key}`, passed, expected: wanted.toFixed(), got: value.toFixed() });
    }
  };
  compare("expected", isObject(parityCase.expected) ? parityCase.expected : {}, { liquidationFee });

  const value = objectsAt(inputs, "actions").map((action, at): Answered => {
    const time = numberAt(action, "time");
    const factor = priceFactor(rules, 1000 * (time - numberAt(inputs, "startTime")));
    const before = standing(left, objectAt(action, "feeds"), time);
    const account = { value: before.value, reservedCash: left.reservedCash as Usd };
    const asked = decimalAt(objectAt(action, "bid"), "percentWanted") as unknown as Ratio;
    const bid = bidFor(account, before.missing, factor, asked, rules.valueCutoff);
    left = afterBid(left, bid.share, bid.payment);
    const after = standing(left, objectAt(action, "feeds"), time);
    const got = {
      preMtm: before.value,
      preMaintenanceMargin: before.maintenanceMargin,
      preBufferMargin: before.missing,
      preMaxProportion: largestShare(account, before.missing, factor, rules.valueCutoff),
      cashFromBidder: bid.payment,
      percentLiquidated: bid.share,
      postMtm: after.value,
      postMaintenanceMargin: after.maintenanceMargin,
      postBufferMargin: after.missing,
      postMaxProportion: largestShare(
        { value: after.value, reservedCash: left.reservedCash as Usd },
        after.missing.abs().lte(tolerance.absolute) ? (new Decimal(0) as Usd) : after.missing,
        factor,
        rules.valueCutoff,
      ),
    };
    compare(`actions[${at}]`, objectAt(action, "expected"), got);
    return Object.fromEntries(Object.entries(got).map(([key, figure]) => [key, figure.toFixed()]));
  });
  return { checks, value: { liquidationFee: liquidationFee.toFixed(), actions: value } };
}

/** A slice of everything but reserved cash goes, and the payment is reserved. */
function afterBid(left: Remaining, share: Decimal, payment: Decimal): Remaining {
  const kept = new Decimal(1).sub(share);
  return {
    share: left.share.mul(kept),
    cash: left.cash.sub(left.reservedCash).mul(kept).add(left.reservedCash).add(payment),
    reservedCash: left.reservedCash.add(payment),
  };
}

function standingOf(
  held: JsonObject,
  left: Remaining,
  feeds: JsonObject,
  time: number,
  parameters: JsonObject,
  scenarios: readonly Scenario[],
  rules: AuctionRules,
): { readonly value: Usd; readonly maintenanceMargin: Usd; readonly missing: Usd } {
  const volatilities = objectsAt(feeds, "vols");
  const margin = assessPm1(
    {
      cash: left.cash.toFixed(),
      spot: feeds["spot"] ?? null,
      spotConfidence: feeds["spotConfidence"] ?? null,
      stablePrice: feeds["stablePrice"] ?? null,
      perp: {
        position: decimalAt(held, "perp").mul(left.share).toFixed(),
        price: feeds["spot"] ?? null,
        confidence: 1,
        unsettledAndUnrealisedCash: 0,
      },
      base: { position: decimalAt(held, "base").mul(left.share).toFixed() },
      expiries: objectsAt(feeds, "expiries").map((expiry) => ({
        ...expiry,
        secToExpiry: numberAt(expiry, "expiryTime") - time,
      })),
      options: objectsAt(held, "options").map((option) => {
        const quoted = volatilities.find(
          (volatility) =>
            numberAt(volatility, "expiryTime") === numberAt(option, "expiryTime") &&
            numberAt(volatility, "strike") === numberAt(option, "strike"),
        );
        return {
          ...option,
          amount: decimalAt(option, "amount").mul(left.share).toFixed(),
          secToExpiry: numberAt(option, "expiryTime") - time,
          vol: quoted?.["vol"] ?? null,
          volConfidence: 1,
        };
      }),
    },
    parameters,
    scenarios,
  );
  const value = margin.netValue;
  const maintenanceMargin = levelNamed(margin, "maintenance").slack;
  return { value, maintenanceMargin, missing: bufferMargin({ value, maintenanceMargin }, rules.buffer) };
}
