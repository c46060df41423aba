import { type AccountId, frozenPriceOf, type MarketSnapshot, ok } from "@ballast/model";
import { auctionStanding } from "@ballast/risk-core";
import { ZERO_AMOUNT } from "@ballast/money";
import type { AccountTransaction, AuctionOutcome, LiquidationCase, Store } from "@ballast/store";
import { refuseUnlessPermitted } from "../not-now.js";
import { liquidatorCommand, type Setting } from "../setting.js";

/** What is to be done with a case in its takeover stage at this snapshot. */
export type AuctionVerdict = "TAKE_OVER" | "WAIT" | "RESTORED";

/** What this look at an auction came to. */
type Held =
  | { readonly verdict: "TAKE_OVER"; readonly closed: AuctionOutcome | null }
  | { readonly verdict: "WAIT"; readonly opened: boolean }
  | { readonly verdict: "RESTORED" };

/**
 * Offers a failing account to backstop providers before the house takes it over: opens its auction, lets it go on, or closes
 * it, once a snapshot. TAKE_OVER when nobody is registered, nothing is left to sell, or the time is over; without registered
 * providers and without an auction that is two reads, and nothing is written.
 *
 * @throws NotNow
 * @method LIQUIDATION-29 CASE-16
 */
export async function holdAuction(
  setting: Setting,
  open: LiquidationCase,
  snapshot: MarketSnapshot,
): Promise<AuctionVerdict> {
  const { store, events } = setting;
  const { account, epoch } = open;
  const auction = await store.auction(account, epoch);
  const isNoneToHold = auction === null ? !(await hasProviders(store, account)) : auction.outcome !== null;
  if (isNoneToHold) return "TAKE_OVER";
  const command = liquidatorCommand("hold-auction", `auction.${account}.${epoch}.${snapshot.sequence}`, snapshot.at);
  const answer = await store.runCommand(command, [account], async (transaction) =>
    ok({ ...(await hold(setting, transaction, open, snapshot)) }),
  );
  // A frozen account is refused; it waits for a person.
  if (!answer.ok) return "WAIT";
  const held = answer.value.response;
  if (!answer.value.replayed) events.auctioned(account, { epoch, ...held });
  return held.verdict;
}

async function hasProviders(store: Store, beside: AccountId): Promise<boolean> {
  return (await store.backstopProviders()).some(({ account, retired }) => account !== beside && retired === null);
}

async function hold(
  { rules }: Setting,
  transaction: AccountTransaction,
  { account: id, epoch }: LiquidationCase,
  snapshot: MarketSnapshot,
): Promise<Held> {
  const { auctions, cases, parameters } = transaction;
  const { sequence, at } = snapshot;
  const current = await cases.openCase(id);
  if (current === null || current.epoch !== epoch) return { verdict: "RESTORED" };
  await refuseUnlessPermitted(cases, rules, ["AUCTION"]);
  const account = transaction.account(id);
  const auction = await auctions.auction(id, epoch);
  if (auction === null) {
    if (frozenPriceOf(account, snapshot, parameters.instruments) !== null)
      return { verdict: "TAKE_OVER", closed: null };
    const offered = { ...rules.auction, startedAt: at, reserved: ZERO_AMOUNT };
    const { state, largestShare } = auctionStanding(account, offered, snapshot, parameters, rules.stages);
    const isForSale = state === "OPEN" && largestShare.gt(0);
    if (!isForSale || !(await auctions.hasProvidersBeside(id))) return { verdict: "TAKE_OVER", closed: null };
    await auctions.open({ ...rules.auction, account: id, epoch, startedSequence: sequence, startedAt: at });
    return { verdict: "WAIT", opened: true };
  }
  if (auction.outcome !== null) return { verdict: "TAKE_OVER", closed: auction.outcome };
  // Nobody sells or buys at a price that nobody vouches for; the auction goes on when it is good again.
  if (frozenPriceOf(account, snapshot, parameters.instruments) !== null) {
    await auctions.goesOn(id, epoch, sequence);
    return { verdict: "WAIT", opened: false };
  }
  const { state } = auctionStanding(account, auction, snapshot, parameters, rules.stages);
  if (state === "RESTORED") {
    await auctions.close(id, epoch, "RESTORED", sequence);
    const outcome = auction.bids > 0 ? "AUCTIONED" : "RECOVERED";
    await cases.advance(id, epoch, { stage: "CLOSED", worked: sequence, outcome });
    return { verdict: "RESTORED" };
  }
  const over = state !== "OPEN" ? state : (await auctions.hasProvidersBeside(id)) ? null : "NO_PROVIDERS";
  if (over !== null) {
    await auctions.close(id, epoch, over, sequence);
    return { verdict: "TAKE_OVER", closed: over };
  }
  await auctions.goesOn(id, epoch, sequence);
  return { verdict: "WAIT", opened: false };
}
