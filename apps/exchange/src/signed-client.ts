import { createHash, createHmac, randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  type Client,
  canonicalRequest,
  createClient,
  type Fetch,
  type OutgoingRequest,
  ProblemAnswer,
  SIGNATURE_HEADERS,
  SIGNATURE_PREFIX,
  UnreadableAnswer,
} from "@ballast/api-contract";

export interface SignedClientOptions {
  readonly baseUrl: string;
  readonly keyId: string;
  readonly secret: string;
  /** How long a call is tried again while the API is away. */
  readonly patienceMs: number;
}

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 1_000;

/**
 * Returns the API's client with an HMAC signature on every request, and patience: a call that meets no answer, or a
 * 503, is sent again until `patienceMs` have passed. That is safe because every change goes under an idempotency key.
 */
export function signedClient(options: SignedClientOptions): Client {
  const client = createClient({
    baseUrl: options.baseUrl,
    fetch: fetchWhole,
    sign: (request) => signature(request, options),
  });
  const patient = Object.entries(client).map(([name, call]) => [
    name,
    (...parts: readonly unknown[]) =>
      patiently(() => (call as (...parts: readonly unknown[]) => Promise<unknown>)(...parts), options.patienceMs),
  ]);
  return Object.fromEntries(patient) as Client;
}

function signature(request: OutgoingRequest, options: SignedClientOptions): Record<string, string> {
  const timestamp = String(Date.now());
  const nonce = randomBytes(16).toString("base64url");
  const bodySha256 = createHash("sha256").update(request.body).digest("hex");
  const text = canonicalRequest({ timestamp, nonce, method: request.method, target: request.target, bodySha256 });
  return {
    [SIGNATURE_HEADERS.key]: options.keyId,
    [SIGNATURE_HEADERS.timestamp]: timestamp,
    [SIGNATURE_HEADERS.nonce]: nonce,
    [SIGNATURE_HEADERS.signature]: SIGNATURE_PREFIX + createHmac("sha256", options.secret).update(text).digest("hex"),
  };
}

/** No connection to the API, or one that broke before the answer was whole. */
export class ApiAway extends Error {
  override readonly name = "ApiAway";
  constructor(url: string, cause: unknown) {
    super(`no whole answer from ${url}`, { cause });
  }
}

/** `fetch` with the body read, so that every fault of the connection is met in one place. */
const fetchWhole: Fetch = async (url, init) => {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text: () => Promise.resolve(text) };
  } catch (fault) {
    throw new ApiAway(url, fault);
  }
};

/** Runs `work` again while the API is away, each time with a fresh signature, pausing longer and longer. */
export async function patiently<Answer>(work: () => Promise<Answer>, patienceMs: number): Promise<Answer> {
  const begun = performance.now();
  let wait = PAUSE_MS_MIN;
  for (;;) {
    try {
      return await work();
    } catch (fault) {
      if (!isAway(fault) || performance.now() - begun + wait > patienceMs) throw fault;
    }
    await pause(wait);
    wait = Math.min(wait * 2, PAUSE_MS_MAX);
  }
}

/** No answer, not the API's answer, or "not now": worth asking again. A problem with a reason is an answer. */
function isAway(fault: unknown): boolean {
  if (fault instanceof ProblemAnswer) return fault.status === 503;
  return fault instanceof ApiAway || fault instanceof UnreadableAnswer;
}
