import type { Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountId,
  assertInvariant,
  compareIds,
  INSURANCE_FUND,
  type Instrument,
  type InstrumentId,
} from "@ballast/model";
import { magnitude, type Ratio, ratio } from "@ballast/money";
import type { TakeoverFill, TakeoverPlan } from "@ballast/risk-core";
import type { Random } from "../random.js";
import type { Case, World } from "./world.js";

/*
 * The end of a snapshot, one worker at a time: who cannot be reduced in the market is taken over, in ascending account
 * id; the insurance fund then sells a little of what it holds; then the snapshot is settled. Nothing here happens while
 * any reduction is still due.
 */

const NO_FEE: Ratio = ratio("0");

/** Takes over every account that waits for it. Answers how many there were. */
export function takeOverAll(world: World, random: Random): number {
  const waiting = [...world.openCases.values()]
    .filter(({ stage }) => stage === "TAKEOVER")
    .sort((left, right) => compareIds(left.account, right.account));
  for (const open of waiting) takeOver(world, open, random);
  return waiting.length;
}

function takeOver(world: World, open: Case, random: Random): void {
  const account = world.account(open.account);
  const { state } = world.health(account);
  if (state === "HEALTHY" || state === "MARGIN_CALL") {
    world.closeCase(open, open.steps > 0 ? "REDUCED" : "RECOVERED");
    return;
  }
  const fund = world.account(INSURANCE_FUND);
  const holders = world.rules.exceedsFund(account, fund, world.market, world.parameters)
    ? [...world.accounts.values()].filter(({ id }) => id !== account.id && id !== INSURANCE_FUND)
    : [];
  const plan = world.rules.planTakeover(account, fund, world.market, world.parameters, holders);
  world.commit("TAKEOVER", { plan }, takeoverJournals(world, open, plan), random);
  world.closeCase(open, plan.outcome);
}

/** Everything the plan says, in its order, each journal on what the ones before it have left. */
function takeoverJournals(world: World, { account, epoch }: Case, plan: TakeoverPlan): readonly Journal[] {
  const key = `takeover.${account}.${epoch}`;
  const standing = new Map<AccountId, Account>();
  const journals: Journal[] = [];
  const take = (journal: Journal): void => {
    journals.push(journal);
    for (const id of new Set(journal.postings.map((posting) => posting.account))) {
      standing.set(id, world.rules.apply(standing.get(id) ?? world.account(id), journal));
    }
  };
  const trade = (kind: "ADL_FILL" | "TAKEOVER_FILL", name: string, fill: TakeoverFill): void => {
    const sells = fill.quantity.lt(0);
    const terms = {
      instrument: listed(world, fill.instrument),
      buyer: sells ? fill.counterparty : account,
      seller: sells ? account : fill.counterparty,
      quantity: magnitude(fill.quantity),
      price: fill.price,
      buyerRate: NO_FEE,
      sellerRate: NO_FEE,
    };
    take(world.tradeJournal(`${key}.${name}`, kind, terms, standing));
  };
  const pay = (kind: "TAKEOVER_FEE" | "DEFICIT" | "SOCIALISED_LOSS", name: string, payment: Paid): void => {
    take(world.rules.payment({ key: `${key}.${name}`, kind, at: world.now, ...payment }));
  };

  plan.deleveraging.forEach((fill, index) => trade("ADL_FILL", `adl.${index}`, fill));
  plan.fills.forEach((fill, index) => trade("TAKEOVER_FILL", `fill.${index}`, fill));
  plan.conversions.forEach(({ gives, receives }, index) => {
    const terms = { account, counterparty: INSURANCE_FUND, gives, receives };
    take(world.rules.conversion({ key: `${key}.conversion.${index}`, at: world.now, ...terms }));
  });
  plan.fees.forEach(({ asset, amount }, index) => {
    pay("TAKEOVER_FEE", `fee.${index}`, { from: account, to: INSURANCE_FUND, asset: asset as Paid["asset"], amount });
  });
  for (const [name, kind, layer] of [
    ["fund", "DEFICIT", plan.fund],
    ["socialised", "SOCIALISED_LOSS", plan.socialised],
    ["house", "DEFICIT", plan.house],
  ] as const) {
    layer.forEach(({ from, asset, amount }, index) =>
      pay(kind, `${name}.${index}`, { from, to: account, asset, amount }),
    );
  }
  return journals;
}

type Paid = Omit<Parameters<World["rules"]["payment"]>[0], "key" | "kind" | "at">;

function listed(world: World, id: InstrumentId): Instrument {
  const instrument = world.parameters.instruments.get(id);
  assertInvariant(instrument !== undefined, "SIM positions are of listed instruments", { id });
  return instrument;
}
