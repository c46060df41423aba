/** What a signature covers. Changing any of it makes the signature another one. */
export interface SignedParts {
  /** Milliseconds since 1970, as sent in `Ballast-Timestamp`. */
  readonly timestamp: string;
  /** New for every request, as sent in `Ballast-Nonce`. */
  readonly nonce: string;
  readonly method: string;
  /** Path and query exactly as they stand in the request line. */
  readonly target: string;
  /** Lower-case hex SHA-256 of the body's bytes; of nothing when there is no body. */
  readonly bodySha256: string;
}

export const SIGNATURE_HEADERS = {
  key: "ballast-key",
  timestamp: "ballast-timestamp",
  nonce: "ballast-nonce",
  signature: "ballast-signature",
} as const;

/** How far a timestamp may be from the server's clock, both ways. */
export const SIGNATURE_WINDOW_MS = 60_000;

/** The form of a nonce: 16 to 64 URL-safe characters. */
export const NONCE_GRAMMAR = /^[A-Za-z0-9_-]{16,64}$/;

/** The signature's version, written before its hex digits: `v1=…`. */
export const SIGNATURE_PREFIX = "v1=";

/**
 * Returns the text that is signed with HMAC-SHA-256: one part a line, in fixed order, with a version in front, so that no
 * two different requests have the same text.
 */
export function canonicalRequest(parts: SignedParts): string {
  return `v1\n${parts.timestamp}\n${parts.nonce}\n${parts.method}\n${parts.target}\n${parts.bodySha256}\n`;
}
