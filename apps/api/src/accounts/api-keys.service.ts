import { randomBytes } from "node:crypto";
import type { Scope } from "@ballast/api-contract";
import type { AccountId } from "@ballast/model";
import type { Command, CommandAnswer, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { KeyVault, newSecret } from "../auth/key-vault.js";
import { Events } from "../events.js";
import { accept } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";

export interface MadeKey {
  readonly answer: CommandAnswer<{ id: string; account: string; scopes: Scope[] }>;
  /** Shown this once; null when the request is a replay. */
  readonly secret: string | null;
}

@Injectable()
export class ApiKeysService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(KeyVault) private readonly vault: KeyVault,
    @Inject(Events) private readonly events: Events,
  ) {}

  /** Makes a key bound to an account and its sub-accounts. Codes: ACCOUNT_UNKNOWN. */
  async make(command: Command, account: AccountId, scopes: readonly Scope[]): Promise<MadeKey> {
    const id = `key-${randomBytes(9).toString("hex")}`;
    const secret = newSecret();
    const named = [...new Set(scopes)];
    const answer = accept(
      await this.store.createApiKey(command, {
        id,
        account,
        scopes: named,
        secretEncrypted: this.vault.seal(id, secret),
      }),
    );
    if (!answer.replayed) this.events.keyMade(account, id, named);
    return {
      answer: { replayed: answer.replayed, response: { id: answer.response.id, account, scopes: named } },
      secret: answer.replayed ? null : secret,
    };
  }
}
