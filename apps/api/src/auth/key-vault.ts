import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/*
 * Secrets of API keys at rest. A secret that signs cannot be stored as a hash, because the server has to compute the
 * same signature; so it is encrypted, bound to the id of its key, under a key that lives outside the database.
 */

const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts and decrypts the secrets of API keys. */
export class KeyVault {
  constructor(private readonly key: Buffer) {}

  /** Returns `v1.` and base64url of iv, tag and ciphertext. Two calls never return the same text. */
  seal(keyId: string, secret: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(Buffer.from(keyId));
    const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return `v1.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url")}`;
  }

  /** Returns the secret. @throws when the text was changed, or belongs to another key id or another vault. */
  open(keyId: string, sealed: string): string {
    if (!sealed.startsWith("v1.")) throw new Error("expected a sealed secret of version 1");
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(keyId))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
  }
}

/** A new secret: 32 random bytes in hex. */
export function newSecret(): string {
  return randomBytes(32).toString("hex");
}
