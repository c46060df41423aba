import type { AuctionRowBody, BidBody, BidRequest, ProviderRowBody } from "./auctions.js";
import type { NewApiKeyAnswer, NewApiKeyRequest, SessionBody, SignInRequest } from "./access.js";
import type { AccountBody, AccountRow, HealthStateText, OpenAccountsAnswer, OpenAccountsRequest } from "./accounts.js";
import type {
  DepositsAnswer,
  DepositsRequest,
  MovementAnswer,
  MovementRequest,
  TransferAnswer,
  TransferRequest,
} from "./collateral.js";
import type { DeleveragingBody, DeleveragingTrial, DeleveragingTrialBody } from "./deleveraging.js";
import type { Problem } from "./errors.js";
import { problem } from "./errors.js";
import type { FillsAnswer, FillsRequest } from "./fills.js";
import type {
  AuditRow,
  InstrumentRow,
  FundTargetBody,
  InsuranceFundBody,
  ReadyBody,
  RiskParametersBody,
  SummaryBody,
} from "./house.js";
import type { LedgerCheckBody, LedgerRow } from "./ledger.js";
import type {
  CaseReportBody,
  CaseStageText,
  LiquidationBody,
  LiquidationRow,
  PauseRow,
  QuarantineRow,
  StagesBody,
} from "./liquidations.js";
import type { RiskScoreBody, RiskScoreRow, RiskScoresBody, ScoreSort } from "./risk-scores.js";
import type { MarginBody, PositionsBody } from "./margin.js";
import type { MarksAccepted, MarksAnswer, MarksRequest } from "./marks.js";
import type {
  FundingRow,
  MarketBody,
  PersonPriceAnswer,
  PersonPriceRequest,
  PriceConfirmation,
  QuotesAccepted,
  QuotesRequest,
} from "./quotes.js";
import type { PageBody, PageRequest } from "./page.js";

/** What is sent, before it is signed. */
export interface OutgoingRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Path and query. */
  readonly target: string;
  /** JSON text; empty when there is no body. */
  readonly body: string;
}

/** Headers that make a request the caller's: a signature. Absent in the console, where the cookie speaks. */
export type Sign = (
  request: OutgoingRequest,
) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

/** The part of `fetch` that the client uses, so that it runs in a browser, in Node and in tests alike. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    credentials?: "same-origin";
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface ClientOptions {
  /** Without a slash at the end; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly sign?: Sign | undefined;
}

/** The house said no, or could not answer: the problem as it was sent. */
export class ProblemAnswer extends Error {
  override readonly name = "ProblemAnswer";
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${problem.code} (${status}): ${problem.detail}${problem.facts ? ` ${JSON.stringify(problem.facts)}` : ""}`);
  }
  get code(): Problem["code"] {
    return this.problem.code;
  }
}

/** An answer that is not one of this API: a proxy's page, a cut connection. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";
  constructor(
    readonly status: number,
    readonly text: string,
  ) {
    super(`expected JSON of this API; found status ${status}: ${text.slice(0, 200)}`);
  }
}

export interface AccountsRequest extends PageRequest {
  readonly state?: HealthStateText | undefined;
  readonly kind?: AccountRow["kind"] | undefined;
  readonly sort?: "id" | "usage" | undefined;
}

export interface RiskScoresRequest extends PageRequest {
  readonly kind?: RiskScoreRow["kind"] | undefined;
  readonly sort?: ScoreSort | undefined;
}

export interface LiquidationsRequest extends PageRequest {
  readonly stage?: CaseStageText | undefined;
}

/**
 * Every call of the API, typed. `key` is the idempotency key, chosen before the first attempt; asking again with the
 * same key and body is safe. Each throws `ProblemAnswer` on a no and `UnreadableAnswer` on nonsense.
 */
export interface Client {
  live(): Promise<{ status: "live" }>;
  /** Both verdicts are answers here: 503 comes back as `not-ready`. */
  ready(): Promise<ReadyBody>;
  openAccounts(key: string, body: OpenAccountsRequest): Promise<OpenAccountsAnswer>;
  accounts(request?: AccountsRequest): Promise<PageBody<AccountRow>>;
  account(account: string): Promise<AccountBody>;
  newApiKey(key: string, account: string, body: NewApiKeyRequest): Promise<NewApiKeyAnswer>;
  deposit(key: string, account: string, body: MovementRequest): Promise<MovementAnswer>;
  deposits(key: string, body: DepositsRequest): Promise<DepositsAnswer>;
  withdraw(key: string, account: string, body: MovementRequest): Promise<MovementAnswer>;
  transfer(key: string, body: TransferRequest): Promise<TransferAnswer>;
  fills(key: string, body: FillsRequest): Promise<FillsAnswer>;
  publishMarks(key: string, body: MarksRequest): Promise<MarksAccepted>;
  latestMarks(): Promise<MarksAnswer>;
  marks(sequence: number): Promise<MarksAnswer>;
  publishQuotes(key: string, body: QuotesRequest): Promise<QuotesAccepted>;
  market(): Promise<MarketBody>;
  fundings(): Promise<{ readonly data: readonly FundingRow[] }>;
  proposePrice(key: string, asset: string, body: PersonPriceRequest): Promise<PersonPriceAnswer>;
  confirmPrice(key: string, asset: string, body: PriceConfirmation): Promise<QuotesAccepted>;
  margin(account: string): Promise<MarginBody>;
  riskScore(account: string): Promise<RiskScoreBody>;
  riskScores(request?: RiskScoresRequest): Promise<RiskScoresBody>;
  positions(account: string): Promise<PositionsBody>;
  ledger(account: string, request?: PageRequest): Promise<PageBody<LedgerRow>>;
  ledgerCheck(): Promise<LedgerCheckBody>;
  accountLiquidations(account: string, request?: PageRequest): Promise<PageBody<LiquidationRow>>;
  liquidations(request?: LiquidationsRequest): Promise<PageBody<LiquidationRow>>;
  liquidation(account: string, epoch: number): Promise<LiquidationBody>;
  liquidationReport(account: string, epoch: number): Promise<CaseReportBody>;
  liquidationStages(): Promise<StagesBody>;
  pauses(): Promise<{ readonly data: readonly PauseRow[] }>;
  quarantine(): Promise<{ readonly data: readonly QuarantineRow[] }>;
  deleveraging(account: string): Promise<DeleveragingBody>;
  deleveragingTrial(instrument: string, trial: DeleveragingTrial): Promise<DeleveragingTrialBody>;
  auctions(): Promise<{ readonly data: readonly AuctionRowBody[] }>;
  offeredAuctions(provider: string): Promise<{ readonly data: readonly AuctionRowBody[] }>;
  bid(key: string, provider: string, body: BidRequest): Promise<BidBody>;
  backstopProviders(): Promise<{ readonly data: readonly ProviderRowBody[] }>;
  insuranceFund(): Promise<InsuranceFundBody>;
  fundTarget(): Promise<FundTargetBody>;
  instruments(): Promise<{ readonly data: readonly InstrumentRow[] }>;
  riskParameters(): Promise<RiskParametersBody>;
  summary(): Promise<SummaryBody>;
  audit(request?: PageRequest): Promise<PageBody<AuditRow>>;
  signIn(body: SignInRequest): Promise<SessionBody>;
  session(): Promise<SessionBody>;
  signOut(): Promise<{ signedOut: true }>;
}

/** Returns a client of the API at `baseUrl`. */
export function createClient(options: ClientOptions): Client {
  const ask = <Answer>(target: string) => send<Answer>(options, { method: "GET", target, body: "" });
  const tell = <Answer>(target: string, body: unknown, key?: string) =>
    send<Answer>(options, { method: "POST", target, body: JSON.stringify(body) }, key);
  const of = (account: string) => `/v1/accounts/${encodeURIComponent(account)}`;

  return {
    live: () => ask("/health/live"),
    ready: () => send(options, { method: "GET", target: "/health/ready", body: "" }, undefined, [503]),
    openAccounts: (key, body) => tell("/v1/accounts", body, key),
    accounts: (request = {}) => ask(`/v1/accounts${queryText(request)}`),
    account: (account) => ask(of(account)),
    newApiKey: (key, account, body) => tell(`${of(account)}/api-keys`, body, key),
    deposit: (key, account, body) => tell(`${of(account)}/deposits`, body, key),
    deposits: (key, body) => tell("/v1/deposits", body, key),
    withdraw: (key, account, body) => tell(`${of(account)}/withdrawals`, body, key),
    transfer: (key, body) => tell("/v1/transfers", body, key),
    fills: (key, body) => tell("/v1/fills", body, key),
    publishMarks: (key, body) => tell("/v1/marks", body, key),
    latestMarks: () => ask("/v1/marks/latest"),
    marks: (sequence) => ask(`/v1/marks/${sequence}`),
    publishQuotes: (key, body) => tell("/v1/quotes", body, key),
    fundings: () => ask("/v1/fundings"),
    market: () => ask("/v1/market"),
    proposePrice: (key, asset, body) => tell(`/v1/market/${encodeURIComponent(asset)}/price`, body, key),
    confirmPrice: (key, asset, body) => tell(`/v1/market/${encodeURIComponent(asset)}/price/confirm`, body, key),
    margin: (account) => ask(`${of(account)}/margin`),
    riskScore: (account) => ask(`${of(account)}/risk-score`),
    riskScores: (request = {}) => ask(`/v1/risk-scores${queryText(request)}`),
    positions: (account) => ask(`${of(account)}/positions`),
    ledger: (account, request = {}) => ask(`${of(account)}/ledger${queryText(request)}`),
    ledgerCheck: () => ask("/v1/ledger/check"),
    accountLiquidations: (account, request = {}) => ask(`${of(account)}/liquidations${queryText(request)}`),
    liquidations: (request = {}) => ask(`/v1/liquidations${queryText(request)}`),
    liquidationReport: (account, epoch) => ask(`/v1/liquidations/${encodeURIComponent(account)}/${epoch}/report`),
    liquidationStages: () => ask("/v1/liquidation-stages"),
    pauses: () => ask("/v1/liquidation-pauses"),
    quarantine: () => ask("/v1/liquidation-quarantine"),
    liquidation: (account, epoch) => ask(`/v1/liquidations/${encodeURIComponent(account)}/${epoch}`),
    deleveraging: (account) => ask(`${of(account)}/deleveraging`),
    deleveragingTrial: (instrument, trial) =>
      ask(`/v1/deleveraging/${encodeURIComponent(instrument)}${queryText(trial)}`),
    auctions: () => ask("/v1/auctions"),
    offeredAuctions: (provider) => ask(`${of(provider)}/auctions`),
    bid: (key, provider, body) => tell(`${of(provider)}/auction-bids`, body, key),
    backstopProviders: () => ask("/v1/backstop-providers"),
    insuranceFund: () => ask("/v1/insurance-fund"),
    fundTarget: () => ask("/v1/insurance-fund/target"),
    instruments: () => ask("/v1/instruments"),
    riskParameters: () => ask("/v1/risk-parameters"),
    summary: () => ask("/v1/summary"),
    audit: (request = {}) => ask(`/v1/audit${queryText(request)}`),
    signIn: (body) => tell("/v1/admin/session", body),
    session: () => ask("/v1/admin/session"),
    signOut: () => send(options, { method: "DELETE", target: "/v1/admin/session", body: "" }),
  };
}

async function send<Answer>(
  options: ClientOptions,
  request: OutgoingRequest,
  key?: string,
  alsoAnswers: readonly number[] = [],
): Promise<Answer> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (request.body !== "") headers["content-type"] = "application/json";
  if (key !== undefined) headers["idempotency-key"] = key;
  if (options.sign !== undefined) Object.assign(headers, await options.sign(request));
  const response = await options.fetch(options.baseUrl + request.target, {
    method: request.method,
    headers,
    ...(request.body === "" ? {} : { body: request.body }),
    ...(options.sign === undefined ? { credentials: "same-origin" as const } : {}),
  });
  const text = await response.text();
  const body = read(response.status, text);
  if ((response.status >= 200 && response.status < 300) || alsoAnswers.includes(response.status)) return body as Answer;
  const refused = problem.safeParse(body);
  if (!refused.success) throw new UnreadableAnswer(response.status, text);
  throw new ProblemAnswer(response.status, refused.data);
}

function read(status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw Object.assign(new UnreadableAnswer(status, text), { cause });
  }
}

function queryText(query: object): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
