import { describe, expect, test } from "@jest/globals";
import { type Account, type AssetId, assetId, type MarketSnapshot, toUtcMillis } from "@ballast/model";
import { type Amount, amount, Decimal, negate, quantity, ratio, ZERO_AMOUNT } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { afterFill, withPaid } from "../position/after-fill.js";
import { accountOf, anyAccount, anyMarket, listed, marketOf, PARAMETERS } from "../testing.js";
import {
  type AuctionSale,
  auctionStanding,
  planAuctionSale,
  type RunningAuction,
  STANDARD_AUCTION,
} from "./takeover-auction.js";

const STARTED = toUtcMillis(1_583_971_200_000);

const after = (market: MarketSnapshot, seconds: number): MarketSnapshot => ({
  ...market,
  at: toUtcMillis(STARTED + seconds * 1000),
});
const running = (reserved = "0"): RunningAuction => ({
  ...STANDARD_AUCTION,
  startedAt: STARTED,
  reserved: amount(reserved),
});

/** Both accounts after a sale, played here leg by leg. */
function played(account: Account, bidder: Account, { fills, passed, payment }: AuctionSale): [Account, Account] {
  let [left, right] = [account, bidder];
  const give = (asset: string, given: Amount): void => {
    left = { ...left, balances: withPaid(left.balances, asset as AssetId, negate(given)) };
    right = { ...right, balances: withPaid(right.balances, asset as AssetId, given) };
  };
  for (const { instrument: id, quantity, price } of fills) {
    const instrument = listed(id);
    left = afterFill(left, { instrument, quantity, price, fee: ZERO_AMOUNT });
    right = afterFill(right, { instrument, quantity: negate(quantity), price, fee: ZERO_AMOUNT });
  }
  for (const part of passed) give(part.asset, part.amount);
  give(payment.asset, negate(payment.amount));
  return [left, right];
}

const BIDDER = accountOf({ id: "provider", balances: { USDC: "1000000000000" } });
/** The account with dollars added or taken until equity is about this share of maintenance margin. */
function failing(account: Account, market: MarketSnapshot, percent: number): Account {
  const { equity, maintenanceMargin } = assessAccount(account, market, PARAMETERS).summary;
  const asset = assetId("USDC");
  const change = maintenanceMargin.mul(percent).div(100).sub(equity).toDecimalPlaces(6) as unknown as Amount;
  return { ...account, balances: withPaid(account.balances, asset, change) };
}

const anyShare = fc.integer({ min: 1, max: 1000 }).map((parts) => ratio(new Decimal(parts).div(1000)));

const anyPercent = fc.integer({ min: 1, max: 99 });
const anySecond = fc.integer({ min: 0, max: 300 });

describe("LIQUIDATION-29: what a bid moves", () => {
  test("takes no more than the largest share of any position, turns none round, and never leaves more missing", () => {
    let sold = 0;
    fc.assert(
      fc.property(anyAccount, anyMarket, anyShare, anyPercent, anySecond, (drawn, calm, share, percent, seconds) => {
        const market = after(calm, seconds);
        const account = failing(drawn, market, percent);
        const standing = auctionStanding(account, running(), market, PARAMETERS);
        const answer = planAuctionSale(
          { account, epoch: 1, auction: running() },
          BIDDER,
          { share, priceFactorMax: ratio("1"), caps: null },
          market,
          PARAMETERS,
        );
        if (!answer.ok) return;
        sold += 1;
        const sale = answer.value;
        for (const { instrument, quantity } of sale.fills) {
          const held = account.positions.get(instrument)?.quantity ?? new Decimal(0);
          const most = held.abs().mul(standing.largestShare);
          expect(quantity.isNegative()).toBe(held.isPositive());
          expect(quantity.abs().lte(most)).toBe(true);
        }
        expect(sale.share.lte(share) && sale.share.lte(standing.largestShare)).toBe(true);
        const [left, right] = played(account, BIDDER, sale);
        const [before, now] = [account, left].map((one) => assessAccount(one, market, PARAMETERS).summary);
        if (before === undefined || now === undefined) throw new Error("two summaries");
        expect(now.maintenanceMargin.lte(before.maintenanceMargin)).toBe(true);
        const missing = ({ equity, maintenanceMargin }: typeof before) => equity.sub(maintenanceMargin);
        expect(missing(now).gte(missing(before).sub("0.00000003"))).toBe(true);
        const provider = assessAccount(right, market, PARAMETERS).summary;
        expect(provider.equity.gte(provider.initialMargin)).toBe(true);
        // What the bidder gains at the mark is the discount on what it took.
        const gained = provider.netValue.sub(assessAccount(BIDDER, market, PARAMETERS).summary.netValue);
        const discount = standing.value.mul(sale.share).mul(new Decimal(1).sub(sale.priceFactor));
        expect(gained.lte(discount.add("0.001"))).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(sold).toBeGreaterThan(20);
  });

  /** Ten bitcoin long at 8,000 with 5,000 dollars: at 7,520 there are 200 left, and 752 would have to be. */
  const LONG = accountOf({ balances: { USDC: "5000" }, positions: [["BTC_USDC-PERPETUAL", "10000", "8000"]] });
  const at = (seconds: number, dollars = "7520"): MarketSnapshot =>
    after(marketOf({ index: { BTC: dollars }, mark: { "BTC_USDC-PERPETUAL": dollars } }), seconds);
  const bid = (share: string, market: MarketSnapshot, bidder = BIDDER, priceFactorMax = "1", auction = running()) =>
    planAuctionSale(
      { account: LONG, epoch: 1, auction },
      bidder,
      { share: ratio(share), priceFactorMax: ratio(priceFactorMax), caps: null },
      market,
      PARAMETERS,
    );

  test("the largest share brings the account a tenth beyond maintenance margin, to the lot", () => {
    const answer = bid("1", at(0));
    if (!answer.ok) throw new Error(answer.rejection.code);
    expect(answer.value.restores).toBe(true);
    const [left] = played(LONG, BIDDER, answer.value);
    const { equity, maintenanceMargin } = assessAccount(left, at(0), PARAMETERS).summary;
    const reached = equity.div(maintenanceMargin);
    expect(reached.gt("1.09") && reached.lt("1.101")).toBe(true);
  });

  test("shares that were sold one after the other come to no more than the largest at once", () => {
    const first = bid("0.3", at(0));
    if (!first.ok) throw new Error(first.rejection.code);
    const [left, right] = played(LONG, BIDDER, first.value);
    const auction = running(first.value.payment.amount.toFixed());
    const second = planAuctionSale(
      { account: left, epoch: 1, auction },
      right,
      { share: ratio("1"), priceFactorMax: ratio("1"), caps: null },
      at(0),
      PARAMETERS,
    );
    if (!second.ok) throw new Error(second.rejection.code);
    expect(second.value.restores).toBe(true);
    const whole = bid("1", at(0));
    if (!whole.ok) throw new Error(whole.rejection.code);
    const contracts = (sale: AuctionSale) =>
      sale.fills.reduce((sum, { quantity }) => sum.add(quantity.abs()), new Decimal(0));
    const apart = contracts(first.value).add(contracts(second.value));
    expect(apart.sub(contracts(whole.value)).abs().lte(2)).toBe(true);
  });

  //  what is wrong with it                              share    bidder                     limit   second  bitcoin  code
  const poor = (dollars: string) => accountOf({ id: "provider", balances: { USDC: dollars } });
  test.each([
    ["its own account", "1", { ...BIDDER, id: LONG.id }, "1", 0, "7520", "SAME_ACCOUNT"],
    ["after the last second", "1", BIDDER, "1", 300, "7520", "AUCTION_CLOSED"],
    ["the account is worth nothing", "1", BIDDER, "1", 0, "7490", "AUCTION_CLOSED"],
    ["the account has enough again", "1", BIDDER, "1", 0, "7900", "AUCTION_CLOSED"],
    ["above maintenance margin, and watched", "1", BIDDER, "1", 0, "7577", "AUCTION_SHARE_TOO_SMALL"],
    ["a price that has not fallen so far yet", "1", BIDDER, "0.97", 0, "7520", "AUCTION_PRICE_ABOVE_LIMIT"],
    ["less than a lot", "0.00001", BIDDER, "1", 0, "7520", "AUCTION_SHARE_TOO_SMALL"],
    ["without the margin", "1", poor("300"), "1", 0, "7520", "INITIAL_MARGIN_INSUFFICIENT"],
  ] as const)("a bid is refused: %s", (_, share, bidder, limit, second, dollars, code) => {
    const answer = bid(share, at(second, dollars), bidder, limit);
    expect(answer.ok ? "taken" : answer.rejection.code).toBe(code);
  });

  //  what the bidder holds and may hold          held    caps of the perpetual  answer
  test.each([
    ["nothing, and as much as it asks for", "0", "5000", "taken"],
    ["nothing, and a contract less", "0", "4999", "PROVIDER_CAP_EXCEEDED"],
    ["something already, and too little for both", "100", "5000", "PROVIDER_CAP_EXCEEDED"],
    ["the other side, which gets smaller", "-6000", "1", "taken"],
    ["the other side, which is turned round within the cap", "-100", "4900", "taken"],
    ["nothing, and this market is not named", "0", null, "PROVIDER_CAP_EXCEEDED"],
  ] as const)("LIQUIDATION-24: caps of a bidder who holds %s", (_, held, most, expected) => {
    const market = at(0);
    const bidder = accountOf({
      id: "provider",
      balances: { USDC: "1000000" },
      positions: [["BTC_USDC-PERPETUAL", held, "7520"]],
    });
    const named = most === null ? "ETH_USDC-PERPETUAL" : "BTC_USDC-PERPETUAL";
    const caps = new Map([[listed(named).id, quantity(most ?? "1000000")]]);
    const offer = { share: ratio("0.5"), priceFactorMax: ratio("1"), caps };
    const answer = planAuctionSale({ account: LONG, epoch: 1, auction: running() }, bidder, offer, market, PARAMETERS);
    expect(answer.ok ? "taken" : answer.rejection.code).toBe(expected);
  });

  test("a debt that passes with a share takes cash, not only margin", () => {
    const account = accountOf({ balances: { BTC: "0.7" }, positions: [["BTC_USDC-PERPETUAL", "10000", "8000"]] });
    const take = (balances: Record<string, string>) =>
      planAuctionSale(
        { account, epoch: 1, auction: running() },
        accountOf({ id: "provider", balances }),
        { share: ratio("0.5"), priceFactorMax: ratio("1"), caps: null },
        at(0),
        PARAMETERS,
      );
    expect(take({ BTC: "10" })).toMatchObject({
      ok: false,
      rejection: { code: "BALANCE_INSUFFICIENT", asset: "USDC" },
    });
    expect(take({ USDC: "80000" }).ok).toBe(true);
  });
});
