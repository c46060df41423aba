import type { FillTerms, Journal, Posting } from "@ballast/ledger";
import { fillJournal, paymentJournal } from "@ballast/ledger";
import { type Account, type AccountHealth, contractValue, ok, type RiskParameters } from "@ballast/model";
import { type Amount, add, Decimal, LEDGER_SCALE, magnitude, negate, type Quantity, scale, usd } from "@ballast/money";
import { assessHealth, planForAccount, planTakeover } from "@ballast/risk-core";
import { HOUSE_RULES, type Rules } from "./world/rules.js";

/*
 * Bugs on purpose: the house with one rule bent, as a hurried programmer might bend it. They prove that the invariants see
 * something; nothing outside the simulator can reach them.
 */

export interface PlantedBug {
  readonly name: string;
  /** What the bent rule does, in a few words. */
  readonly bends: string;
  /** The invariant that sees it first. */
  readonly seenBy: string;
  readonly rules: Partial<Rules>;
}

const UNIT = new Decimal("1e-18");

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: "no-fee-leg",
    bends: "a fee leaves the wallet and arrives nowhere",
    seenBy: "SIM-1",
    rules: { fill: (terms) => legsOf(fillJournal(terms), (legs) => legs.filter((leg) => leg.book !== "fees")) },
  },
  {
    name: "one-sided-fill",
    bends: "the seller keeps the contracts that the buyer got",
    seenBy: "SIM-1",
    rules: {
      fill: (terms) =>
        legsOf(fillJournal(terms), (legs) =>
          legs.filter((leg) => leg.account !== terms.seller.id || leg.asset !== terms.instrument.id),
        ),
    },
  },
  {
    name: "fee-rounded-down",
    bends: "a fee is rounded down, in favour of the account",
    seenBy: "SIM-2",
    rules: {
      fee: (instrument, quantity, price, rate) =>
        scale(magnitude(contractValue(instrument, quantity, price)), rate).toDecimalPlaces(
          LEDGER_SCALE,
          Decimal.ROUND_FLOOR,
        ) as Amount,
    },
  },
  {
    name: "profit-rounded-half-up",
    bends: "realised profit is rounded half-up instead of down",
    seenBy: "SIM-2",
    rules: { fill: (terms) => roundedUp(terms) },
  },
  {
    name: "inverse-sign",
    bends: "an inverse contract is booked at plus size / price, for both sides alike",
    seenBy: "SIM-2",
    rules: { fill: (terms) => inverseTurned(terms) },
  },
  {
    name: "admission-skipped",
    bends: "every fill is admitted",
    seenBy: "SIM-4",
    rules: { admit: () => ok("ADMITTED") },
  },
  {
    name: "withdraw-unrealised",
    bends: "unrealised profit counts when money leaves",
    seenBy: "SIM-4",
    rules: {
      checkWithdrawal: (account, taken, next) =>
        HOUSE_RULES.checkWithdrawal(account, taken, { ...next, equityWithoutProfit: next.equity }),
    },
  },
  {
    name: "withdraw-into-debt",
    bends: "the balance of the asset is not looked at",
    seenBy: "SIM-4",
    rules: {
      checkWithdrawal: (account, taken, next) => {
        const answer = HOUSE_RULES.checkWithdrawal(account, taken, next);
        return !answer.ok && answer.rejection.code === "BALANCE_INSUFFICIENT" && next.equity.gte(next.initialMargin)
          ? ok("ADMITTED")
          : answer;
      },
    },
  },
  {
    name: "debt-haircut",
    bends: "a debt is haircut like an asset, so that owing looks better",
    seenBy: "SIM-8",
    rules: { assess: (account, market, parameters) => kinder(assessHealth(account, market, parameters)) },
  },
  {
    name: "liquidates-the-called",
    bends: "an account in margin call is liquidated already",
    seenBy: "SIM-5",
    rules: {
      assess: (account, market, parameters) => {
        const health = assessHealth(account, market, parameters);
        return health.state === "MARGIN_CALL" ? { ...health, state: "LIQUIDATABLE" } : health;
      },
      planLiquidation: (account, market, parameters) => {
        const plan = planForAccount(account, market, parameters);
        if (plan.kind === "TAKEOVER" || plan.legs.length > 0) return plan;
        const [held] = account.positions.values();
        if (held === undefined) return { kind: "TAKEOVER", because: "DEBT_WITHOUT_POSITIONS" };
        const instrument = parameters.instruments.get(held.instrument);
        const markPrice = market.markPrices.get(held.instrument);
        if (instrument === undefined || markPrice === undefined) return plan;
        const quantity = held.quantity.gt(0) ? negate(instrument.lotSize) : instrument.lotSize;
        const zero = usd("0");
        const leg = {
          instrument: instrument.id,
          quantity,
          markPrice,
          expectedPrice: markPrice,
          released: zero,
          cost: zero,
        };
        return { ...plan, legs: [leg] };
      },
    },
  },
  {
    name: "liquidation-flips",
    bends: "a liquidation order is twice the position",
    seenBy: "SIM-5",
    rules: {
      planLiquidation: (account, market, parameters) => {
        const plan = planForAccount(account, market, parameters);
        if (plan.kind === "TAKEOVER") return plan;
        const legs = plan.legs.map((leg) => {
          const held = account.positions.get(leg.instrument)?.quantity;
          return held === undefined ? leg : { ...leg, quantity: negate(add(held, held)) as Quantity };
        });
        return { ...plan, legs };
      },
    },
  },
  {
    name: "acts-under-orders",
    bends: "an account trades while an order of the house is on its way for it",
    seenBy: "SIM-5",
    rules: { mayAct: () => true },
  },
  {
    name: "duplicate-job-twice",
    bends: "a step that two workers carry is posted by both",
    seenBy: "SIM-7",
    rules: { isDone: () => false, isFresh: () => true },
  },
  {
    name: "deficit-not-paid",
    bends: "a takeover closes the case and leaves the debt where it is",
    seenBy: "SIM-11",
    rules: {
      planTakeover: (...parties) => ({
        ...planTakeover(...parties),
        fund: [],
        socialised: [],
        house: [],
      }),
    },
  },
  {
    name: "fund-pays-all",
    bends: "the fund pays every deficit, whether it has the money or not",
    seenBy: "SIM-11",
    rules: {
      exceedsFund: () => false,
      planTakeover: (account, fund, market, parameters) =>
        planTakeover(account, bottomless(fund, parameters), market, parameters),
    },
  },
  {
    name: "old-marks-win",
    bends: "a late snapshot replaces the newer one",
    seenBy: "SIM-13",
    rules: { isNewer: () => true },
  },
  {
    name: "payment-counted-twice",
    bends: "who is paid receives twice what the other pays",
    seenBy: "SIM-1",
    rules: {
      payment: (payment) =>
        legsOf(paymentJournal(payment), (legs) =>
          legs.map((leg) => (leg.amount.isPositive() ? { ...leg, amount: add(leg.amount, leg.amount) } : leg)),
        ),
    },
  },
];

/** The house's rules with the named bug in them. @throws RangeError when there is no bug of that name. */
export function plantedRules(name: string): Rules {
  const bug = PLANTED_BUGS.find((planted) => planted.name === name);
  if (bug === undefined) throw new RangeError(`expected the name of a planted bug; found ${name}`);
  return { ...HOUSE_RULES, ...bug.rules };
}

function legsOf(journal: Journal, change: (legs: readonly Posting[]) => readonly Posting[]): Journal {
  return { ...journal, postings: change(journal.postings) };
}

/** Moves one unit from the position's book to the wallet whenever something was realised with more than 18 digits. */
function roundedUp(terms: FillTerms): Journal {
  return legsOf(fillJournal(terms), (legs) =>
    legs.map((leg) => {
      const side = leg.account === terms.buyer.id ? terms.buyer : terms.seller;
      const traded = leg.account === terms.buyer.id ? terms.quantity : negate(terms.quantity);
      const held = side.positions.get(terms.instrument.id);
      const reduces = held !== undefined && held.quantity.mul(traded).lt(0) && held.quantity.abs().gt(traded.abs());
      if (!reduces || leg.asset !== terms.instrument.settlementAsset || leg.book === "fees") return leg;
      const share = held.entryCash.mul(traded.abs()).div(held.quantity.abs());
      if (share.eq(share.toDecimalPlaces(LEDGER_SCALE))) return leg;
      const moved = leg.book === "collateral" ? leg.amount.add(UNIT) : leg.amount.sub(UNIT);
      return { ...leg, amount: moved as Amount };
    }),
  );
}

function inverseTurned(terms: FillTerms): Journal {
  const journal = fillJournal(terms);
  if (terms.instrument.payoff !== "inverse") return journal;
  return legsOf(journal, (legs) =>
    legs.map((leg) =>
      leg.book.startsWith("position/") && leg.asset === terms.instrument.settlementAsset
        ? { ...leg, amount: negate(leg.amount as Amount) }
        : leg,
    ),
  );
}

/** As if five per cent of what is owed were forgiven: equity between what it is and net value. */
function kinder(health: AccountHealth): AccountHealth {
  const { summary } = health;
  if (summary.equity.gte(0)) return health;
  return { ...health, summary: { ...summary, equity: usd(summary.equity.mul("0.95")) } };
}

/** The fund as somebody sees it who does not look at its means. */
function bottomless(fund: Account, parameters: RiskParameters): Account {
  const [asset] = parameters.assets.keys();
  if (asset === undefined) return fund;
  return { ...fund, balances: new Map(fund.balances).set(asset, new Decimal("1e15") as unknown as Amount) };
}
