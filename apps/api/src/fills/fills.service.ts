import { type FillBody, type FillsAnswer, type FillsRequest, parseTime } from "@ballast/api-contract";
import { accountId, type Fill, instrumentId, toUtcMillis } from "@ballast/model";
import { price, quantity, ratio, type Ratio } from "@ballast/money";
import type { Command, CommandAnswer, Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import type { Config } from "../config.js";
import { Events } from "../events.js";
import { runBatch } from "../house/batch.js";
import { marginUnder } from "../house/judge.js";
import { FeedWatch } from "../house/feed-watch.js";
import { CONFIG, STORE } from "../house/tokens.js";
import { itemRejection } from "../http/refusal.js";
import { clearFills, type FillOutcome, fillKey } from "./clear-fills.js";

@Injectable()
export class FillsService {
  private readonly priceBand: Ratio;

  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(Events) private readonly events: Events,
    @Inject(FeedWatch) private readonly feed: FeedWatch,
    @Inject(CONFIG) config: Config,
  ) {
    this.priceBand = ratio(config.priceBand);
  }

  /** Clears a batch; the admitted fills are posted in one transaction. Codes stand in the items: see `clearFills`. */
  async clear(command: Command, body: FillsRequest): Promise<CommandAnswer<FillsAnswer>> {
    const fills = body.fills.map(fillOf);
    const parties = fills.flatMap((fill) => [fill.buyer, fill.seller]);
    const answer = await runBatch<FillsAnswer>(this.store, command, parties, async (transaction, missing) => {
      const posted = await transaction.posted(fills.map((fill) => fillKey(fill.id)));
      const { parameters, accounts } = transaction;
      const market = this.feed.believed(transaction.market);
      const cleared = clearFills(
        {
          accounts,
          missing,
          market,
          parameters,
          posted,
          priceBand: this.priceBand,
          summarise: marginUnder(parameters),
        },
        fills,
      );
      await transaction.post(cleared.journals);
      return { results: cleared.outcomes.map(resultOf) };
    });
    if (!answer.replayed) this.tell(answer.response);
    return answer;
  }

  private tell({ results }: FillsAnswer): void {
    const count = (status: string) => results.filter((result) => result.status === status).length;
    this.events.fillsCleared(count("POSTED"), count("REPLAYED"), count("REJECTED"));
  }
}

function fillOf(body: FillBody): Fill {
  return {
    id: body.id,
    instrument: instrumentId(body.instrument),
    buyer: accountId(body.buyer),
    seller: accountId(body.seller),
    quantity: quantity(body.quantity),
    price: price(body.price),
    buyerFeeRate: ratio(body.buyerFeeRate),
    sellerFeeRate: ratio(body.sellerFeeRate),
    at: toUtcMillis(parseTime(body.at)),
  };
}

function resultOf(outcome: FillOutcome): FillsAnswer["results"][number] {
  if (outcome.status !== "REJECTED") return outcome;
  return { id: outcome.id, status: "REJECTED", rejection: itemRejection(outcome.rejection) };
}
