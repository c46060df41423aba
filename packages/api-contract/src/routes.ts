import { z } from "zod";
import { newApiKeyAnswer, newApiKeyRequest, type Scope, sessionAnswer, signedOut, signInRequest } from "./access.js";
import {
  accountAnswer,
  accountsAnswer,
  accountsQuery,
  marginModeAnswer,
  marginModeRequest,
  openAccountsAnswer,
  openAccountsRequest,
} from "./accounts.js";
import { auctionsAnswer, bidAnswer, bidRequest, providerAnswer, providerRequest, providersAnswer } from "./auctions.js";
import {
  depositsAnswer,
  depositsRequest,
  movementAnswer,
  movementRequest,
  transferAnswer,
  transferRequest,
} from "./collateral.js";
import { deleveragingAnswer, deleveragingTrial, deleveragingTrialAnswer, instrumentParams } from "./deleveraging.js";
import { fillsAnswer, fillsRequest } from "./fills.js";
import {
  auditAnswer,
  fundTargetAnswer,
  instrumentsAnswer,
  insuranceFundAnswer,
  liveAnswer,
  readyAnswer,
  riskParametersAnswer,
  summaryAnswer,
} from "./house.js";
import { ledgerAnswer, ledgerCheckAnswer } from "./ledger.js";
import {
  caseReportAnswer,
  liquidationAnswer,
  liquidationsAnswer,
  liquidationsQuery,
  nothing,
  pauseAnswer,
  pauseRequest,
  pausesAnswer,
  quarantineAnswer,
  releaseAnswer,
  stageParams,
  stagesAnswer,
} from "./liquidations.js";
import { marginAnswer, positionsAnswer } from "./margin.js";
import { marksAccepted, marksAnswer, marksRequest } from "./marks.js";
import { pageQuery } from "./page.js";
import {
  fundingsAnswer,
  marketAnswer,
  personPriceAnswer,
  personPriceRequest,
  priceConfirmation,
  quotesAccepted,
  quotesRequest,
} from "./quotes.js";
import { riskScoreAnswer, riskScoresAnswer, riskScoresQuery } from "./risk-scores.js";
import { idText, jsonValue } from "./wire.js";

/*
 * Every address of the API, once: what it takes, what it answers, and who may ask. The guard, the OpenAPI document and
 * the authorisation matrix are made from this table, so an address that is not in it answers nobody.
 */

/** Bytes of a body unless the route takes batches. */
export const BODY_BYTES_MAX = 16 * 1024;
/** Bytes of a batch. */
export const BATCH_BYTES_MAX = 1024 * 1024;

/** Who may ask. `subject`: where the request names the account that a bound key has to belong to. */
export interface Access {
  /** Nobody has to say who they are. */
  readonly anyone: boolean;
  /** Scopes of which a key needs one; `exchange` may do everything and is always among them. */
  readonly scopes: readonly Scope[];
  /** A console session may ask as well. */
  readonly session: boolean;
  readonly subject: "none" | "path" | "transfer";
}

const ANYONE: Access = { anyone: true, scopes: [], session: false, subject: "none" };
const EXCHANGE: Access = { anyone: false, scopes: ["exchange"], session: false, subject: "none" };
const EXCHANGE_OF_ACCOUNT: Access = { ...EXCHANGE, subject: "path" };
const OVERSEER: Access = { anyone: false, scopes: ["exchange"], session: true, subject: "none" };
const SESSION: Access = { anyone: false, scopes: [], session: true, subject: "none" };
/** Somebody with a name: what two people have to answer for is not done with a key. */
const PERSON: Access = SESSION;
const PERSON_ON_ACCOUNT: Access = { ...SESSION, subject: "path" };
const READER: Access = {
  anyone: false,
  scopes: ["exchange", "account:read", "account:withdraw", "account:transfer"],
  session: true,
  subject: "none",
};
const ACCOUNT_READER: Access = {
  anyone: false,
  scopes: ["exchange", "account:read"],
  session: true,
  subject: "path",
};
const WITHDRAWER: Access = {
  anyone: false,
  scopes: ["exchange", "account:withdraw"],
  session: false,
  subject: "path",
};
/** A backstop provider, of its own account. */
const BIDDER: Access = { anyone: false, scopes: ["exchange", "auction:bid"], session: false, subject: "path" };
const TRANSFERRER: Access = {
  anyone: false,
  scopes: ["exchange", "account:transfer"],
  session: false,
  subject: "transfer",
};

export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** Parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  /** Status of a yes. */
  readonly status: 200 | 201;
  /** Changes something, so it carries an `Idempotency-Key`. */
  readonly idempotent: boolean;
  readonly bodyBytesMax: number;
}

/** A snapshot's sequence, a case's epoch: digits in a path. */
export const numberInPath = z.string().regex(/^(0|[1-9]\d{0,14})$/, "expected a whole number of at most 15 digits");
export const accountParams = z.strictObject({ account: idText });
export const caseParams = z.strictObject({ account: idText, epoch: numberInPath });
export const marksParams = z.strictObject({ sequence: numberInPath });
export const assetParams = z.strictObject({ asset: idText });

interface Words {
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
}

function get(
  path: string,
  words: Words,
  answer: z.ZodType,
  asked: { params?: z.ZodObject; query?: z.ZodObject } = {},
): Route {
  return {
    method: "GET",
    path,
    ...words,
    ...asked,
    answer,
    status: 200,
    idempotent: false,
    bodyBytesMax: BODY_BYTES_MAX,
  };
}

function post(
  path: string,
  words: Words,
  body: z.ZodType,
  answer: z.ZodType,
  more: Partial<Pick<Route, "params" | "bodyBytesMax" | "idempotent" | "status">> = {},
): Route {
  return {
    method: "POST",
    path,
    ...words,
    body,
    answer,
    status: 201,
    idempotent: true,
    bodyBytesMax: BODY_BYTES_MAX,
    ...more,
  };
}

const anObject = z.record(z.string(), jsonValue);

export const ROUTES = {
  live: get("/health/live", { tag: "health", summary: "Is the process up?", access: ANYONE }, liveAnswer),
  ready: get(
    "/health/ready",
    { tag: "health", summary: "Is the database there, are marks known, is the ledger check recent?", access: ANYONE },
    readyAnswer,
  ),
  openapi: get("/openapi.json", { tag: "health", summary: "This document.", access: ANYONE }, anObject),

  openAccounts: post(
    "/v1/accounts",
    { tag: "accounts", summary: "Opens accounts and sub-accounts.", access: EXCHANGE },
    openAccountsRequest,
    openAccountsAnswer,
    { bodyBytesMax: BATCH_BYTES_MAX },
  ),
  accounts: get(
    "/v1/accounts",
    { tag: "accounts", summary: "Lists accounts with their health.", access: OVERSEER },
    accountsAnswer,
    { query: accountsQuery },
  ),
  account: get(
    "/v1/accounts/:account",
    { tag: "accounts", summary: "One account: balances, positions, health.", access: ACCOUNT_READER },
    accountAnswer,
    { params: accountParams },
  ),
  marginMode: post(
    "/v1/accounts/:account/margin-mode",
    {
      tag: "accounts",
      summary: "Changes the margin mode when initial margin is covered in the new one.",
      access: EXCHANGE_OF_ACCOUNT,
    },
    marginModeRequest,
    marginModeAnswer,
    { params: accountParams },
  ),
  newApiKey: post(
    "/v1/accounts/:account/api-keys",
    { tag: "accounts", summary: "Makes an API key bound to an account.", access: EXCHANGE_OF_ACCOUNT },
    newApiKeyRequest,
    newApiKeyAnswer,
    { params: accountParams },
  ),

  deposit: post(
    "/v1/accounts/:account/deposits",
    { tag: "collateral", summary: "Books collateral that came in.", access: EXCHANGE_OF_ACCOUNT },
    movementRequest,
    movementAnswer,
    { params: accountParams },
  ),
  deposits: post(
    "/v1/deposits",
    { tag: "collateral", summary: "Books many deposits, each once under its own key.", access: EXCHANGE },
    depositsRequest,
    depositsAnswer,
    { bodyBytesMax: BATCH_BYTES_MAX, status: 200 },
  ),
  withdraw: post(
    "/v1/accounts/:account/withdrawals",
    {
      tag: "collateral",
      summary: "Pays collateral out when initial margin stays covered without profit.",
      access: WITHDRAWER,
    },
    movementRequest,
    movementAnswer,
    { params: accountParams },
  ),
  transfer: post(
    "/v1/transfers",
    { tag: "collateral", summary: "Moves collateral between accounts of one owner.", access: TRANSFERRER },
    transferRequest,
    transferAnswer,
  ),

  fills: post(
    "/v1/fills",
    { tag: "fills", summary: "Clears matches of the matching engine.", access: EXCHANGE },
    fillsRequest,
    fillsAnswer,
    { bodyBytesMax: BATCH_BYTES_MAX, status: 200 },
  ),

  publishMarks: post(
    "/v1/marks",
    { tag: "marks", summary: "Publishes a market snapshot.", access: EXCHANGE },
    marksRequest,
    marksAccepted,
    { bodyBytesMax: BATCH_BYTES_MAX },
  ),
  latestMarks: get("/v1/marks/latest", { tag: "marks", summary: "The latest snapshot.", access: READER }, marksAnswer),
  marks: get("/v1/marks/:sequence", { tag: "marks", summary: "One snapshot.", access: READER }, marksAnswer, {
    params: marksParams,
  }),

  publishQuotes: post(
    "/v1/quotes",
    {
      tag: "marks",
      summary: "Takes what sources and own books say, makes indices and marks of it, and publishes them.",
      access: EXCHANGE,
    },
    quotesRequest,
    quotesAccepted,
    { bodyBytesMax: BATCH_BYTES_MAX },
  ),
  market: get(
    "/v1/market",
    { tag: "marks", summary: "Every index and how each of its sources stands.", access: OVERSEER },
    marketAnswer,
  ),
  fundings: get(
    "/v1/fundings",
    { tag: "marks", summary: "Fundings of the perpetuals, newest first.", access: READER },
    fundingsAnswer,
  ),
  proposePrice: post(
    "/v1/market/:asset/price",
    {
      tag: "marks",
      summary: "Proposes the price of an asset whose index is frozen; two people say it.",
      access: PERSON,
    },
    personPriceRequest,
    personPriceAnswer,
    { params: assetParams },
  ),
  confirmPrice: post(
    "/v1/market/:asset/price/confirm",
    { tag: "marks", summary: "Confirms the price that another person has proposed: it is in force.", access: PERSON },
    priceConfirmation,
    quotesAccepted,
    { params: assetParams },
  ),

  margin: get(
    "/v1/accounts/:account/margin",
    {
      tag: "margin",
      summary: "Equity and margin with their breakdown, and the snapshot they come from.",
      access: ACCOUNT_READER,
    },
    marginAnswer,
    { params: accountParams },
  ),
  riskScore: get(
    "/v1/accounts/:account/risk-score",
    {
      tag: "risk-scores",
      summary: "How close the account is to being emptied, 0 to 100, and why. Advice; liquidates nobody.",
      access: ACCOUNT_READER,
    },
    riskScoreAnswer,
    { params: accountParams },
  ),
  riskScores: get(
    "/v1/risk-scores",
    { tag: "risk-scores", summary: "All accounts by their risk score, the riskiest first.", access: OVERSEER },
    riskScoresAnswer,
    { query: riskScoresQuery },
  ),
  positions: get(
    "/v1/accounts/:account/positions",
    { tag: "positions", summary: "Open positions at the latest marks.", access: ACCOUNT_READER },
    positionsAnswer,
    { params: accountParams },
  ),
  ledger: get(
    "/v1/accounts/:account/ledger",
    { tag: "ledger", summary: "Postings of an account, newest first.", access: ACCOUNT_READER },
    ledgerAnswer,
    { params: accountParams, query: pageQuery },
  ),
  ledgerCheck: get(
    "/v1/ledger/check",
    { tag: "ledger", summary: "Audits the whole ledger now.", access: OVERSEER },
    ledgerCheckAnswer,
  ),

  accountLiquidations: get(
    "/v1/accounts/:account/liquidations",
    { tag: "liquidations", summary: "Liquidations of one account.", access: ACCOUNT_READER },
    liquidationsAnswer,
    { params: accountParams, query: pageQuery },
  ),
  liquidations: get(
    "/v1/liquidations",
    { tag: "liquidations", summary: "Liquidations of all accounts, newest first.", access: OVERSEER },
    liquidationsAnswer,
    { query: liquidationsQuery },
  ),
  liquidation: get(
    "/v1/liquidations/:account/:epoch",
    { tag: "liquidations", summary: "One liquidation: steps, orders, fills.", access: ACCOUNT_READER },
    liquidationAnswer,
    { params: caseParams },
  ),

  liquidationReport: get(
    "/v1/liquidations/:account/:epoch/report",
    {
      tag: "liquidations",
      summary: "Everything one liquidation was decided on, did and paid, decided again.",
      access: ACCOUNT_READER,
    },
    caseReportAnswer,
    { params: caseParams },
  ),
  releaseLiquidation: post(
    "/v1/liquidations/:account/:epoch/release",
    { tag: "liquidations", summary: "Lets a quarantined liquidation go on.", access: PERSON_ON_ACCOUNT },
    nothing,
    releaseAnswer,
    { params: caseParams },
  ),
  quarantine: get(
    "/v1/liquidation-quarantine",
    { tag: "liquidations", summary: "Steps that failed too often and wait for a person.", access: OVERSEER },
    quarantineAnswer,
  ),
  liquidationStages: get(
    "/v1/liquidation-stages",
    { tag: "liquidations", summary: "The stages of a failing account, and who is in an early one.", access: OVERSEER },
    stagesAnswer,
  ),
  pauses: get(
    "/v1/liquidation-pauses",
    { tag: "liquidations", summary: "Stages of liquidation that are paused.", access: OVERSEER },
    pausesAnswer,
  ),
  pauseLiquidation: post(
    "/v1/liquidation-pauses",
    { tag: "liquidations", summary: "Stops a stage of liquidation, or all; one person is enough.", access: PERSON },
    pauseRequest,
    pauseAnswer,
  ),
  resumeLiquidation: post(
    "/v1/liquidation-pauses/:stage/resume",
    { tag: "liquidations", summary: "Signs for the end of a pause; two people end it.", access: PERSON },
    nothing,
    pauseAnswer,
    { params: stageParams },
  ),

  deleveraging: get(
    "/v1/accounts/:account/deleveraging",
    {
      tag: "liquidations",
      summary: "Where each position stands in the line of deleveraging, and why.",
      access: ACCOUNT_READER,
    },
    deleveragingAnswer,
    { params: accountParams },
  ),
  deleveragingTrial: get(
    "/v1/deleveraging/:instrument",
    {
      tag: "liquidations",
      summary: "Deleverages on paper: who would give up what. Nothing happens.",
      access: OVERSEER,
    },
    deleveragingTrialAnswer,
    { params: instrumentParams, query: deleveragingTrial },
  ),
  auctions: get(
    "/v1/auctions",
    { tag: "auctions", summary: "Failing accounts that are offered to backstop providers.", access: OVERSEER },
    auctionsAnswer,
  ),
  offeredAuctions: get(
    "/v1/accounts/:account/auctions",
    { tag: "auctions", summary: "What this backstop provider may bid for, and at what price.", access: BIDDER },
    auctionsAnswer,
    { params: accountParams },
  ),
  bid: post(
    "/v1/accounts/:account/auction-bids",
    { tag: "auctions", summary: "Bids for a share of a failing account; taken or refused at once.", access: BIDDER },
    bidRequest,
    bidAnswer,
    { params: accountParams },
  ),
  backstopProviders: get(
    "/v1/backstop-providers",
    { tag: "auctions", summary: "Accounts that may bid, or might once, and who said so.", access: OVERSEER },
    providersAnswer,
  ),
  registerProvider: post(
    "/v1/backstop-providers",
    { tag: "auctions", summary: "Lets an account bid in takeover auctions.", access: PERSON },
    providerRequest,
    providerAnswer,
  ),
  retireProvider: post(
    "/v1/backstop-providers/:account/retire",
    { tag: "auctions", summary: "Lets an account bid no more.", access: PERSON_ON_ACCOUNT },
    nothing,
    providerAnswer,
    { params: accountParams },
  ),

  insuranceFund: get(
    "/v1/insurance-fund",
    { tag: "insurance-fund", summary: "What the insurance fund holds, and should hold.", access: READER },
    insuranceFundAnswer,
  ),
  fundTarget: get(
    "/v1/insurance-fund/target",
    { tag: "insurance-fund", summary: "What the fund's target rests on: jumps, owners, deficits.", access: OVERSEER },
    fundTargetAnswer,
  ),
  instruments: get(
    "/v1/instruments",
    { tag: "risk-parameters", summary: "Instruments that can be cleared.", access: READER },
    instrumentsAnswer,
  ),
  riskParameters: get(
    "/v1/risk-parameters",
    { tag: "risk-parameters", summary: "The parameters in force.", access: READER },
    riskParametersAnswer,
  ),
  summary: get("/v1/summary", { tag: "summary", summary: "What happened so far.", access: OVERSEER }, summaryAnswer),
  audit: get("/v1/audit", { tag: "summary", summary: "Who did what, newest first.", access: OVERSEER }, auditAnswer, {
    query: pageQuery,
  }),

  signIn: post(
    "/v1/admin/session",
    { tag: "session", summary: "Signs in to the console.", access: ANYONE },
    signInRequest,
    sessionAnswer,
    { idempotent: false },
  ),
  session: get("/v1/admin/session", { tag: "session", summary: "Who is signed in.", access: SESSION }, sessionAnswer),
  signOut: {
    ...get("/v1/admin/session", { tag: "session", summary: "Signs out.", access: SESSION }, signedOut),
    method: "DELETE",
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** All routes as a list of the common form. */
export const ROUTE_LIST: readonly (Route & { readonly name: RouteName })[] = (
  Object.entries(ROUTES) as [RouteName, Route][]
).map(([name, route]) => ({ name, ...route }));
