import { assessAccount, planForAccount } from "@ballast/risk-core";
import { planInOrder } from "../dist/liquidation/in-order-plan.js";
import { accountOf, marketOf, PARAMETERS } from "../dist/testing.js";

/*
 * standard_plan: the plan of accounts under standard margin that hold two to five positions, against working their positions in
 * the order of what they require. Cost: slippage and fees of the accounts that both restore, in dollars. Unhedged: dollars by which
 * plans raise the net exposure to an underlying. Time: one whole plan. Accounts are drawn from a fixed seed: equity from 40 to 99 per
 * cent of maintenance margin, books in the calm market's depth and in a tenth of it.
 */

const ACCOUNTS = 150;
const BOOKS = {
  one_side: (at, coin) => coin,
  both_sides: (at, coin, toss) => (toss() < 0.5 ? 1 : -1),
  against_each_other: (at, coin) => (at % 2 === 0 ? coin : -coin),
};
const DEPTHS = { calm: "1", thin: "0.1" };

export async function run({ progress }) {
  return Object.entries(BOOKS).flatMap(([book, sideOf]) =>
    Object.entries(DEPTHS).flatMap(([depth, share]) => {
      const market = marketIn(share);
      const accounts = drawAccounts(sideOf, market);
      for (const account of accounts) plansOf(account, market);
      const plans = accounts.map((account) => ({ account, ...plansOf(account, market) }));
      const both = plans.filter(({ ours, inOrder }) => restores(ours.plan) && restores(inOrder.plan));
      const figure = (name, unit, of, which = both) => {
        const [value, baseline] = [of(which, "ours"), of(which, "inOrder")];
        const note = `${which.length} of ${plans.length} accounts`;
        return { name: `standard_plan.${name}_${book}_${depth}`, value, unit, baseline, ratio: value / baseline, note };
      };
      progress(`${book}, ${depth} book`);
      return [
        figure("cost", "USD", (list, by) => sum(list.map((one) => costOf(one[by].plan)))),
        ...(book === "one_side"
          ? []
          : [
              figure("unhedged", "USD", (list, by) =>
                sum(list.map((one) => exposureRaised(one.account, market, one[by].plan))),
              ),
            ]),
        figure("ms", "ms", (list, by) => median(list.map((one) => one[by].ms)), plans),
      ];
    }),
  );
}

function marketIn(share) {
  const calm = marketOf();
  return { ...calm, depths: new Map([...calm.depths].map(([id, depth]) => [id, depth.mul(share)])) };
}

function drawAccounts(sideOf, market) {
  const toss = tosses(20200312);
  return Array.from({ length: ACCOUNTS }, () => {
    const coin = toss() < 0.5 ? 1 : -1;
    const size = 20_000 * 100 ** toss();
    const pool = [...PARAMETERS.instruments.keys()];
    const positions = Array.from({ length: 2 + Math.floor(toss() * 4) }, (_, at) => {
      const [id] = pool.splice(Math.floor(toss() * pool.length), 1);
      const contracts = Math.max(1, Math.round((size * (0.2 + 2 * toss())) / dollarsOf(id, market)));
      return [id, String(sideOf(at, coin, toss) * contracts), market.markPrices.get(id).toFixed()];
    });
    const { equity, maintenanceMargin } = assessAccount(accountOf({ positions }), market, PARAMETERS).summary;
    const share = (40 + Math.floor(60 * toss())) / 100;
    return accountOf({ balances: { USDC: maintenanceMargin.mul(share).sub(equity).toFixed(6) }, positions });
  });
}

function dollarsOf(id, market) {
  const { payoff, contractSize } = PARAMETERS.instruments.get(id);
  return (payoff === "inverse" ? contractSize : contractSize.mul(market.markPrices.get(id))).toNumber();
}

const plansOf = (account, market) => ({
  ours: timed(() => planForAccount(account, market, PARAMETERS)),
  inOrder: timed(() => planInOrder(account, market, PARAMETERS)),
});

function timed(work) {
  const begun = performance.now();
  const plan = work();
  return { plan, ms: performance.now() - begun };
}

const restores = (plan) => plan.kind === "REDUCE" && plan.restoresTarget;
const costOf = ({ legs }) => sum(legs.map(({ cost }) => cost.toNumber()));

function exposureRaised(account, market, { legs }) {
  const net = new Map();
  for (const { instrument, quantity } of account.positions.values()) {
    const { underlying } = PARAMETERS.instruments.get(instrument);
    const [before, after] = net.get(underlying) ?? [0, 0];
    const traded = legs.find((leg) => leg.instrument === instrument)?.quantity.toNumber() ?? 0;
    const dollars = dollarsOf(instrument, market);
    const held = quantity.toNumber();
    net.set(underlying, [before + held * dollars, after + (held + traded) * dollars]);
  }
  return sum([...net.values()].map(([before, after]) => Math.max(0, Math.abs(after) - Math.abs(before))));
}

/** Numbers from 0 to 1, the same for the same seed. */
function tosses(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const sum = (values) => values.reduce((total, value) => total + value, 0);
const median = (values) => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
