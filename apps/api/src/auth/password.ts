import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/*
 * Passwords of console users: scrypt with its cost written beside the hash, so that the cost can rise without breaking
 * a stored one.
 */

const COST = { N: 1 << 15, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const STORED = /^scrypt\$(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** Returns the text to store for a password: `scrypt$N$r$p$salt$hash`. About 0.1 s and 32 MB. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, COST.N, COST.r, COST.p);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/**
 * Is this the password? Pass null when there is no such user: it takes as long, so that an answer's time does not tell
 * which names exist.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = STORED.exec(stored ?? NOBODY);
  if (parts === null) throw new Error("expected a stored password of the form scrypt$N$r$p$salt$hash");
  const [, n = "", r = "", p = "", salt = "", hash = ""] = parts;
  const expected = Buffer.from(hash, "base64url");
  const derived = await derive(
    password,
    Buffer.from(salt, "base64url"),
    Number.parseInt(n, 10),
    Number.parseInt(r, 10),
    Number.parseInt(p, 10),
  );
  return expected.length === derived.length && timingSafeEqual(expected, derived) && stored !== null;
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

function derive(password: string, salt: Buffer, n: number, r: number, p: number): Promise<Buffer> {
  return new Promise((resolve, fail) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { N: n, r, p, maxmem: 256 * n * r }, (fault, key) =>
      fault === null ? resolve(key) : fail(fault),
    );
  });
}
