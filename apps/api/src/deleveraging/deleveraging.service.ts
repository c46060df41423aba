import type { DeleveragingBody, DeleveragingTrial, DeleveragingTrialBody } from "@ballast/api-contract";
import { type Account, type AccountId, instrumentId, type MarketSnapshot, type RiskParameters } from "@ballast/model";
import { type Decimal, price, printDecimal, quantity } from "@ballast/money";
import {
  type AdlCandidate,
  type AdlRank,
  adlCandidates,
  afterClosing,
  allocateAdl,
  isHouse,
  MissingPrice,
  rankAdl,
  type Side,
} from "@ballast/risk-core";
import type { Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { Refusal } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";

/** Everybody, and the prices they are judged at. */
interface Scene {
  readonly accounts: readonly Account[];
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
}

interface Line {
  readonly ranks: ReadonlyMap<string, AdlRank>;
  readonly candidates: ReadonlyMap<string, AdlCandidate>;
}

/**
 * The lines in which holders stand, as users see them and as an admin may try them.
 *
 * A line is made from one frozen snapshot: at the first question after new marks, from everybody's positions at that moment,
 * and kept until the next marks. So whoever asks twice is answered the same, and asking costs the house one reading of all accounts a
 * snapshot, whoever asks how often.
 */
@Injectable()
export class DeleveragingService {
  private frozen: {
    readonly sequence: number;
    readonly scene: Promise<Scene>;
    readonly lines: Map<string, Line>;
  } | null = null;

  constructor(@Inject(STORE) private readonly store: Store) {}

  /** Codes: ACCOUNT_UNKNOWN, MARKET_UNKNOWN, PRICE_MISSING. */
  async ofAccount(id: AccountId): Promise<DeleveragingBody> {
    const { scene, lines } = await this.frozenScene();
    const account = scene.accounts.find((one) => one.id === id);
    if (account === undefined)
      return { account: id, marksSequence: scene.market.sequence, positions: await this.none(id) };
    const positions = [...account.positions.values()]
      .sort((left, right) => (left.instrument < right.instrument ? -1 : 1))
      .map(({ instrument, quantity: held }): DeleveragingBody["positions"][number] => {
        const side = held.gt(0) ? "LONG" : "SHORT";
        const line = lineOf(instrument, side, scene, lines);
        const rank = line.ranks.get(id);
        return {
          instrument,
          side,
          lineLength: line.ranks.size,
          place: rank === undefined ? null : placeOf(rank),
          notInLine: rank === undefined ? whyNot(account, line.candidates.get(id)) : null,
        };
      });
    return { account: id, marksSequence: scene.market.sequence, positions };
  }

  /** Deleverages on paper. Codes: INSTRUMENT_UNKNOWN, AMOUNT_NOT_POSITIVE, QUANTITY_NOT_WHOLE_LOTS, MARKET_UNKNOWN, PRICE_MISSING. */
  async tryOut(instrumentText: string, trial: DeleveragingTrial): Promise<DeleveragingTrialBody> {
    const { scene } = await this.frozenScene();
    const instrument = scene.parameters.instruments.get(instrumentId(instrumentText));
    if (instrument === undefined) throw new Refusal("INSTRUMENT_UNKNOWN", { instrument: instrumentText });
    const units = quantity(trial.contracts);
    if (units.lte(0)) throw new Refusal("AMOUNT_NOT_POSITIVE", { amount: trial.contracts });
    if (!units.mod(instrument.lotSize).isZero()) {
      throw new Refusal("QUANTITY_NOT_WHOLE_LOTS", {
        quantity: trial.contracts,
        lotSize: printDecimal(instrument.lotSize),
      });
    }
    const at = price(trial.price);
    const byId = new Map<string, Account>(scene.accounts.map((account) => [account.id, account]));
    const plan = pricesKnown(() =>
      allocateAdl(
        { units, lotSize: instrument.lotSize, bankruptcyPrice: at },
        adlCandidates(instrument, trial.side, scene.accounts, scene),
        afterClosing(instrument, at, (id) => byId.get(id) as Account, scene),
      ),
    );
    return {
      instrument: instrument.id,
      marksSequence: scene.market.sequence,
      shares: plan.shares.map((share) => ({
        account: share.candidate.account,
        ...placeOf(share),
        contracts: printDecimal(share.units),
        ofThemHedging: printDecimal(share.unitsHedged),
        inAQueue: printDecimal(share.counterfactual),
        equityBefore: printDecimal(share.candidate.equity),
        equityAfter: printDecimal(share.equityAfter),
        maintenanceMarginBefore: printDecimal(share.candidate.maintenanceMargin),
        maintenanceMarginAfter: printDecimal(share.maintenanceMarginAfter),
      })),
      unmet: printDecimal(plan.unmet),
      spared: plan.spared.map(({ account, units: taken }) => ({ account, inAQueue: printDecimal(taken) })),
    };
  }

  /** An account that was opened after the lines were made stands in none. */
  private async none(id: AccountId): Promise<DeleveragingBody["positions"]> {
    if ((await this.store.account(id)) === null) throw new Refusal("ACCOUNT_UNKNOWN", { account: id });
    return [];
  }

  private async frozenScene() {
    const [market, parameters] = await Promise.all([this.store.latestSnapshot(), this.store.riskParameters()]);
    if (market === null || parameters === null) throw new Refusal("MARKET_UNKNOWN");
    if (this.frozen?.sequence !== market.sequence) {
      const scene = this.store.allAccounts().then((accounts) => ({ accounts, market, parameters }));
      this.frozen = { sequence: market.sequence, scene, lines: new Map() };
    }
    const frozen = this.frozen;
    try {
      return { scene: await frozen.scene, lines: frozen.lines };
    } catch (cause) {
      // What could not be read is asked for again by the next one.
      if (this.frozen === frozen) this.frozen = null;
      throw cause;
    }
  }
}

function lineOf(id: string, side: Side, scene: Scene, lines: Map<string, Line>): Line {
  const key = `${side} ${id}`;
  const known = lines.get(key);
  if (known !== undefined) return known;
  const instrument = scene.parameters.instruments.get(instrumentId(id));
  if (instrument === undefined) throw new Refusal("INSTRUMENT_UNKNOWN", { instrument: id });
  const candidates = pricesKnown(() => adlCandidates(instrument, side, scene.accounts, scene));
  const line: Line = {
    ranks: new Map(rankAdl(candidates).map((rank) => [rank.candidate.account, rank])),
    candidates: new Map(candidates.map((candidate) => [candidate.account, candidate])),
  };
  lines.set(key, line);
  return line;
}

function placeOf({ rank, lights, score, profitShare, leverage, unhedged }: AdlRank) {
  const text = (figure: Decimal) => printDecimal(figure.toDecimalPlaces(18));
  return {
    rank,
    lights,
    score: text(score),
    profitShare: text(profitShare),
    leverage: text(leverage),
    unhedged: text(unhedged),
  };
}

function whyNot(
  account: Account,
  candidate: AdlCandidate | undefined,
): DeleveragingBody["positions"][number]["notInLine"] {
  if (candidate === undefined || isHouse(account.kind)) return "HOUSE";
  if (candidate.isInLiquidation) return "IN_LIQUIDATION";
  return candidate.equity.lte(0) ? "NO_EQUITY" : "NO_PROFIT";
}

/** What needs a price that is not there is refused, not a fault. */
function pricesKnown<Answer>(of: () => Answer): Answer {
  try {
    return of();
  } catch (fault) {
    if (fault instanceof MissingPrice) throw new Refusal("PRICE_MISSING", { of: fault.of });
    throw fault;
  }
}
