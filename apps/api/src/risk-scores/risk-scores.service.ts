import { setImmediate } from "node:timers/promises";
import type { RiskScoreBody, RiskScoreRow, RiskScoresBody, ScoreSort } from "@ballast/api-contract";
import type { AccountHealth, AccountId, AccountKind, MarketSnapshot, RiskParameters } from "@ballast/model";
import {
  assessHealth,
  type EstimatesDocument,
  MissingEstimate,
  MissingPrice,
  NoEstimate,
  score as chance,
} from "@ballast/risk-core";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { CursorSeal } from "../http/cursor.js";
import { Refusal } from "../http/refusal.js";
import { onceEvery } from "../house/once-every.js";
import { ENGINE_VERSION, MONOTONIC, type MonotonicClock, STORE } from "../house/tokens.js";
import { estimatesInForce } from "./estimates-in-force.js";
import { type Placed, pageOfRanking, scoreBands } from "./ranking.js";
import { estimatesUsed, scoreFigures, scoreInputs } from "./score-view.js";

/** What a list of scores is asked for. */
export interface ScoresFilter {
  readonly kind: AccountKind | undefined;
  readonly sort: ScoreSort;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** Accounts that are scored before others may use the processor: some milliseconds. */
const PORTION = 250;

const RULE = chance.STANDARD_SCORE_RULE;

/**
 * Scores: for one account when it is asked, for all of them at most once a second and in portions, so that no request waits
 * for a house of thousands to be scored. Nothing is stored, and nothing here changes what an account may do.
 *
 * @method SCORE-10
 */
@Injectable()
export class RiskScoresService {
  private readonly openInterest: () => ReturnType<Store["openInterest"]>;
  private readonly ranking: () => Promise<Ranking>;
  private prepared: PreparedEstimates | null = null;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CursorSeal) private readonly cursors: CursorSeal,
    @Inject(MONOTONIC) elapsedMs: MonotonicClock,
  ) {
    this.openInterest = onceEvery(1000, () => this.store.openInterest(), elapsedMs);
    this.ranking = onceEvery(1000, () => this.rank(), elapsedMs);
  }

  /** The score of one account at the latest marks. Codes: ACCOUNT_UNKNOWN, MARKET_UNKNOWN, PRICE_MISSING, ESTIMATE_MISSING. */
  async one(id: AccountId): Promise<RiskScoreBody> {
    const [holding, setting] = await Promise.all([this.store.holding(id), this.setting()]);
    if (holding === null) throw new Refusal("ACCOUNT_UNKNOWN", { account: id });
    const { account, postingSequence } = holding;
    const { market, parameters, estimates, scored } = setting;
    const found = refusing(() => {
      const health = assessHealth(account, market, parameters);
      return { health, scored: scored.score(account, health.summary) };
    });
    if (!found.isScored) throw new Refusal(found.code, found.facts);
    return {
      account: id,
      snapshot: {
        marksSequence: market.sequence,
        parametersVersion: parameters.version,
        ledgerSequence: postingSequence,
        engineVersion: ENGINE_VERSION,
      },
      estimates: estimatesUsed(estimates),
      rule: { ...RULE },
      state: found.value.health.state,
      ...scoreFigures(found.value.scored),
      ...scoreInputs(found.value.scored),
    };
  }

  /** One page of all accounts that are margined. Codes: CURSOR_INVALID, MARKET_UNKNOWN, ESTIMATE_MISSING. */
  async list({ kind, sort, limit, cursor }: ScoresFilter): Promise<RiskScoresBody> {
    const list = `risk-scores ${kind ?? ""} ${sort}`;
    const after = cursor === undefined ? undefined : this.cursors.open(list, cursor);
    const { header, rows } = await this.ranking();
    const wanted = kind === undefined ? rows : rows.filter((row) => row.kind === kind);
    const { data, page } = this.cursors.page(list, pageOfRanking(wanted, sort, limit, after), rowOf);
    return { ...header, data: [...data], page };
  }

  private async rank(): Promise<Ranking> {
    const { market, parameters, estimates, scored } = await this.setting();
    const rows: ScoredRow[] = [];
    const without = new Map<string, { readonly example: AccountId; accounts: number }>();
    const margined = (await this.store.holdings()).filter(({ account }) => isMargined(account.kind));
    for (const [at, { account }] of margined.entries()) {
      if (at > 0 && at % PORTION === 0) await setImmediate();
      const found = refusing((): ScoredRow => {
        const health = assessHealth(account, market, parameters);
        return { id: account.id, kind: account.kind, health, scored: scored.score(account, health.summary) };
      });
      if (found.isScored) rows.push(found.value);
      else {
        const counted = without.get(found.code);
        if (counted === undefined) without.set(found.code, { example: account.id, accounts: 1 });
        else counted.accounts += 1;
      }
    }
    return {
      header: {
        marksSequence: market.sequence,
        parametersVersion: parameters.version,
        estimates: estimatesUsed(estimates),
        rule: { ...RULE },
        distribution: scoreBands(rows.map((row) => row.scored.score.score)),
        withoutScore: [...without].map(([code, counted]) => ({ code, ...counted })),
      },
      rows,
    };
  }

  private async setting(): Promise<Setting> {
    const [market, parameters, openInterest] = await Promise.all([
      this.store.latestSnapshot(),
      this.store.riskParameters(),
      this.openInterest(),
    ]);
    if (market === null || parameters === null) throw new Refusal("MARKET_UNKNOWN");
    const { estimates, estimated } = this.estimatesOf(parameters);
    const scored = chance.scoredMarket({ market, parameters, estimated, rule: RULE, openInterest });
    return { market, parameters, estimates, scored };
  }

  /** Covariances are made once for a version of the parameters. */
  private estimatesOf(parameters: RiskParameters): PreparedEstimates {
    if (this.prepared?.parameters === parameters) return this.prepared;
    const estimates = estimatesInForce(parameters);
    if (estimates === null) throw new Refusal("ESTIMATE_MISSING");
    const found = refusing(() => chance.estimatedRisk(estimates, RULE));
    if (!found.isScored) throw new Refusal(found.code, found.facts);
    this.prepared = { parameters, estimates, estimated: found.value };
    return this.prepared;
  }
}

interface PreparedEstimates {
  readonly parameters: RiskParameters;
  readonly estimates: EstimatesDocument;
  readonly estimated: chance.EstimatedRisk;
}

interface Setting {
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
  readonly estimates: EstimatesDocument;
  readonly scored: chance.ScoredMarket;
}

interface ScoredRow extends Placed {
  readonly kind: AccountKind;
  readonly health: AccountHealth;
}

interface Ranking {
  readonly header: Omit<RiskScoresBody, "data" | "page">;
  readonly rows: readonly ScoredRow[];
}

function rowOf({ id, kind, health, scored }: ScoredRow): RiskScoreRow {
  return { account: id, kind, state: health.state, ...scoreFigures(scored) };
}

/** House accounts are never liquidated, so that nothing is told by how close they are to it. */
const isMargined = (kind: AccountKind): boolean => kind === "USER" || kind === "MARKET_MAKER";

type Found<Value> =
  | { readonly isScored: true; readonly value: Value }
  | {
      readonly isScored: false;
      readonly code: "PRICE_MISSING" | "ESTIMATE_MISSING";
      readonly facts: Readonly<Record<string, string>>;
    };

/** A score, or what it lacks. */
function refusing<Value>(make: () => Value): Found<Value> {
  try {
    return { isScored: true, value: make() };
  } catch (fault) {
    if (fault instanceof MissingPrice) return { isScored: false, code: fault.code, facts: { of: fault.of } };
    if (fault instanceof MissingEstimate) return { isScored: false, code: fault.code, facts: { of: fault.of } };
    if (fault instanceof NoEstimate)
      return { isScored: false, code: "ESTIMATE_MISSING", facts: { because: fault.message } };
    throw fault;
  }
}
