import { fillJournal, type Journal, paymentJournal } from "@ballast/ledger";
import { type AccountId, assertInvariant, type AssetId, type UtcMillis } from "@ballast/model";
import { type AssetAmount, magnitude, ZERO_AMOUNT } from "@ballast/money";
import type { AuctionSale } from "@ballast/risk-core";
import type { AccountTransaction } from "@ballast/store";

/** Which bid is posted. */
export interface SaleTerms {
  readonly failing: AccountId;
  readonly epoch: number;
  readonly step: number;
  readonly provider: AccountId;
  readonly at: UtcMillis;
}

/** A journal that is made when those before it are posted: a fill realises the profit of the position as it then stands. */
type Later = (transaction: AccountTransaction) => Journal;

/**
 * The journals of an accepted bid, in their order: contracts at the mark, the share of what the account has, the price. Their
 * keys are a function of case, step and place, so a bid cannot be posted twice.
 *
 * @method LIQUIDATION-29
 */
export function saleJournals(terms: SaleTerms, { fills, passed, payment }: AuctionSale): readonly Later[] {
  return [
    ...fills.map((fill, index) => fillOf(terms, fill, index)),
    ...passed.map((part, index) => paymentOf(terms, "share", index, part)),
    // The other way round: the price goes to the account.
    ...(payment.amount.isZero()
      ? []
      : [paymentOf(terms, "price", 0, { ...payment, amount: payment.amount.neg() as typeof payment.amount })]),
  ];
}

const keyOf = ({ failing, epoch, step }: SaleTerms, what: string, index: number): string =>
  `auction.${failing}.${epoch}.${step}.${what}.${index + 1}`;

function fillOf(
  terms: SaleTerms,
  { instrument: id, quantity, price }: AuctionSale["fills"][number],
  index: number,
): Later {
  return (transaction) => {
    const instrument = transaction.parameters.instruments.get(id);
    assertInvariant(instrument !== undefined, "LIQUIDATION-29 what is sold is listed", { instrument: id });
    const [account, bidder] = [transaction.account(terms.failing), transaction.account(terms.provider)];
    const sells = quantity.isNegative();
    return fillJournal({
      key: keyOf(terms, "fill", index),
      kind: "AUCTION_FILL",
      at: terms.at,
      instrument,
      buyer: sells ? bidder : account,
      seller: sells ? account : bidder,
      quantity: magnitude(quantity),
      price,
      buyerFee: ZERO_AMOUNT,
      sellerFee: ZERO_AMOUNT,
    });
  };
}

/** Above zero the failing account gives, below zero it receives. */
function paymentOf(terms: SaleTerms, what: string, index: number, { asset, amount }: AssetAmount): Later {
  const [from, to] = amount.isNegative() ? [terms.provider, terms.failing] : [terms.failing, terms.provider];
  return () =>
    paymentJournal({
      key: keyOf(terms, what, index),
      kind: "AUCTION_PAYMENT",
      at: terms.at,
      from,
      to,
      asset: asset as AssetId,
      amount: magnitude(amount),
    });
}
