import { setImmediate } from "node:timers/promises";
import type { FundTargetBody } from "@ballast/api-contract";
import { INSURANCE_FUND, type MarketSnapshot, type RiskParameters } from "@ballast/model";
import { printDecimal, sub, type Usd, ZERO_USD } from "@ballast/money";
import {
  assessHealth,
  type FundTarget,
  fundTarget,
  MissingPrice,
  type StressDeficit,
  type StressScenario,
  stressDeficitsOf,
  stressScenarios,
} from "@ballast/risk-core";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Refusal } from "../http/refusal.js";
import { onceEvery } from "../house/once-every.js";
import { MONOTONIC, type MonotonicClock, STORE } from "../house/tokens.js";

/** How old a target may be that is told again. It is a figure to plan with: nothing is decided by it. */
const AGE_MS_MAX = 10_000;
/** Accounts that are stressed before others may use the processor: some milliseconds. */
const PORTION = 50;

/**
 * The fund's target: every account stressed at the latest marks when somebody asks, at most once in ten seconds and in portions,
 * so that no request waits for a house of thousands. Nothing is stored, and nothing here changes what anybody may do.
 *
 * @method LIQUIDATION-25 LIQUIDATION-32
 */
@Injectable()
export class FundTargetService {
  private readonly latest: () => Promise<FundTargetBody | null>;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(MONOTONIC) elapsedMs: MonotonicClock,
  ) {
    this.latest = onceEvery(AGE_MS_MAX, () => this.measure(), elapsedMs);
  }

  /** The target and what it rests on. Codes: MARKET_UNKNOWN. */
  async now(): Promise<FundTargetBody> {
    const target = await this.latest();
    if (target === null) throw new Refusal("MARKET_UNKNOWN");
    return target;
  }

  /** The same without the names of owners; null before there are prices. */
  async withoutNames() {
    const target = await this.latest();
    if (target === null) return null;
    const { losses, scenarios: _, ...figures } = target;
    return { ...figures, losses: losses.map(({ deficit }) => deficit) };
  }

  private async measure(): Promise<FundTargetBody | null> {
    const [market, parameters] = await Promise.all([this.store.latestSnapshot(), this.store.riskParameters()]);
    if (market === null || parameters === null) return null;
    const scenarios = stressScenarios(market, parameters);
    const deficits: StressDeficit[] = [];
    let held: Usd = ZERO_USD;
    let accountsWithoutPrice = 0;
    for (const [at, { account }] of (await this.store.holdings()).entries()) {
      if (at > 0 && at % PORTION === 0) await setImmediate();
      try {
        if (account.id === INSURANCE_FUND) held = assessHealth(account, market, parameters).summary.netValue;
        deficits.push(...stressDeficitsOf(account, scenarios, parameters));
      } catch (fault) {
        if (!(fault instanceof MissingPrice)) throw fault;
        accountsWithoutPrice += 1;
      }
    }
    return bodyOf({ market, parameters, scenarios, deficits, held, accountsWithoutPrice });
  }
}

interface Measured {
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
  readonly scenarios: readonly StressScenario[];
  readonly deficits: readonly StressDeficit[];
  readonly held: Usd;
  readonly accountsWithoutPrice: number;
}

function bodyOf({ market, parameters, scenarios, deficits, held, accountsWithoutPrice }: Measured): FundTargetBody {
  const found: FundTarget = fundTarget(deficits);
  const worst = scenarios.find(({ id }) => id === found.scenario);
  const missing = sub(found.target, held);
  const targetIn = (id: string) => fundTarget(deficits.filter(({ scenario }) => scenario === id)).target;
  return {
    marksSequence: market.sequence,
    parametersVersion: parameters.version,
    target: printDecimal(found.target),
    held: printDecimal(held),
    gap: printDecimal(missing.gt(0) ? missing : ZERO_USD),
    scenario: worst === undefined ? null : jumpOf(worst),
    accountsWithoutPrice,
    losses: found.losses.map(({ owner, deficit }) => ({ owner, deficit: printDecimal(deficit) })),
    scenarios: scenarios.map((one) => ({ ...jumpOf(one), target: printDecimal(targetIn(one.id)) })),
  };
}

const jumpOf = ({ id, of, move }: StressScenario) => ({ scenario: id, of, move: printDecimal(move) });
