import { createHmac, timingSafeEqual } from "node:crypto";
import type { PageBody } from "@ballast/api-contract";
import type { Page } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import type { Config } from "../config.js";
import { CONFIG } from "../house/tokens.js";
import { Refusal } from "./refusal.js";

const MAC_BYTES = 12;

/**
 * Cursors as they go out: the store's place in a list, sealed together with the list it belongs to, so that a cursor
 * can neither be made up nor be carried to another list, filter or account.
 */
@Injectable()
export class CursorSeal {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Returns the text for `page.nextCursor`. */
  seal(list: string, place: string): string {
    return Buffer.concat([this.mac(list, place), Buffer.from(place)]).toString("base64url");
  }

  /** Returns the store's place. @throws Refusal CURSOR_INVALID when the text is not a cursor of this list. */
  open(list: string, text: string): string {
    const bytes = Buffer.from(text, "base64url");
    const place = bytes.subarray(MAC_BYTES).toString("utf8");
    const mac = bytes.subarray(0, MAC_BYTES);
    if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, this.mac(list, place))) throw new Refusal("CURSOR_INVALID");
    return place;
  }

  /** A page of the store as it goes out. */
  page<Item, Row>(list: string, page: Page<Item>, view: (item: Item) => Row): PageBody<Row> {
    return {
      data: page.items.map(view),
      page: { nextCursor: page.next === null ? null : this.seal(list, page.next), hasMore: page.next !== null },
    };
  }

  private mac(list: string, place: string): Buffer {
    return createHmac("sha256", this.config.sessionSecret)
      .update(`cursor\n${list}\n${place}`)
      .digest()
      .subarray(0, MAC_BYTES);
  }
}
