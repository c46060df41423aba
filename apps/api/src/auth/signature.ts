import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import {
  canonicalRequest,
  type EdgeCode,
  NONCE_GRAMMAR,
  SIGNATURE_HEADERS,
  SIGNATURE_PREFIX,
  SIGNATURE_WINDOW_MS,
  type SignedParts,
} from "@ballast/api-contract";
import { ok, reject, type Result } from "@ballast/model";

/** The signature headers of a request, each of its form. */
export interface SignatureHeaders {
  readonly keyId: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly digest: Buffer;
}

type HeaderBag = Readonly<Record<string, string | string[] | undefined>>;

const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/;
const TIMESTAMP = /^[1-9]\d{11,13}$/;
const SIGNATURE = /^v1=([0-9a-f]{64})$/;

/** Does the request bring any part of a signature? */
export function isSigned(headers: HeaderBag): boolean {
  return Object.values(SIGNATURE_HEADERS).some((name) => headers[name] !== undefined);
}

/** Returns the signature headers. Rejects with SIGNATURE_MISSING when one is absent, SIGNATURE_INVALID when malformed. */
export function readSignature(headers: HeaderBag): Result<SignatureHeaders, EdgeCode> {
  const keyId = headers[SIGNATURE_HEADERS.key];
  const timestamp = headers[SIGNATURE_HEADERS.timestamp];
  const nonce = headers[SIGNATURE_HEADERS.nonce];
  const signature = headers[SIGNATURE_HEADERS.signature];
  if (!isText(keyId) || !isText(timestamp) || !isText(nonce) || !isText(signature)) return reject("SIGNATURE_MISSING");
  const digest = SIGNATURE.exec(signature)?.[1];
  if (!KEY_ID.test(keyId) || !TIMESTAMP.test(timestamp) || !NONCE_GRAMMAR.test(nonce) || digest === undefined) {
    return reject("SIGNATURE_INVALID");
  }
  return ok({ keyId, timestamp, nonce, digest: Buffer.from(digest, "hex") });
}

/** Is the timestamp at most `SIGNATURE_WINDOW_MS` away from `now`, either way? */
export function isInWindow(timestamp: string, now: number): boolean {
  return Math.abs(now - Number.parseInt(timestamp, 10)) <= SIGNATURE_WINDOW_MS;
}

/** Is the digest that of these parts under this secret? Takes the same time wherever they differ. */
export function isAuthentic(digest: Buffer, secret: string, parts: SignedParts): boolean {
  return timingSafeEqual(digest, hmac(secret, parts));
}

/** Lower-case hex SHA-256. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The value of `Ballast-Signature` for these parts. */
export function signatureOf(secret: string, parts: SignedParts): string {
  return SIGNATURE_PREFIX + hmac(secret, parts).toString("hex");
}

function hmac(secret: string, parts: SignedParts): Buffer {
  return createHmac("sha256", secret).update(canonicalRequest(parts)).digest();
}

function isText(value: string | string[] | undefined): value is string {
  return typeof value === "string" && value !== "";
}
