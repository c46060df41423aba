import { type FillBody, type MarksRequest, printTime } from "@ballast/api-contract";
import { freshKey, type TestApi } from "./test-api.js";

/** Bitcoin at this price and ether at a fortieth of it, everywhere; depth for a hundred million dollars. */
export function marks(api: TestApi, sequence: number, bitcoin: string, ether = "200"): MarksRequest {
  return {
    sequence,
    at: printTime(api.now()),
    indexPrices: { USDC: "1", BTC: bitcoin, ETH: ether },
    markPrices: {
      "BTC_USDC-PERPETUAL": bitcoin,
      "BTC-PERPETUAL": bitcoin,
      "BTC_USDC-26JUN20": bitcoin,
      "ETH_USDC-PERPETUAL": ether,
      "ETH-PERPETUAL": ether,
    },
    depths: {
      "BTC_USDC-PERPETUAL": "5000000",
      "BTC-PERPETUAL": "5000000",
      "BTC_USDC-26JUN20": "1000000",
      "ETH_USDC-PERPETUAL": "2000000",
      "ETH-PERPETUAL": "2000000",
    },
  };
}

export async function publish(api: TestApi, sequence: number, bitcoin: string): Promise<void> {
  await api.client().publishMarks(freshKey("marks"), marks(api, sequence, bitcoin));
}

/** Opens accounts (`alice/hedge` is a sub-account `alice.hedge` of `alice`) and gives each this many dollars. */
export async function open(api: TestApi, names: readonly string[], dollars: string): Promise<void> {
  const accounts = names.map((name) => {
    const [parent, child] = name.split("/");
    return child === undefined
      ? { id: name, kind: "USER" as const, name, parent: null }
      : { id: `${parent}.${child}`, kind: "USER" as const, name, parent: parent ?? null };
  });
  await api.client().openAccounts(freshKey("open"), { accounts });
  if (dollars === "0") return;
  const deposits = accounts.map(({ id }) => ({ account: id, asset: "USDC", amount: dollars, key: freshKey("first") }));
  await api.client().deposits(freshKey("deposits"), { deposits });
}

/** A fill of BTC_USDC-PERPETUAL without fees; a contract is a thousandth of a bitcoin. */
export function fill(api: TestApi, change: Partial<FillBody> & Pick<FillBody, "buyer" | "seller">): FillBody {
  return {
    id: freshKey("fill"),
    instrument: "BTC_USDC-PERPETUAL",
    quantity: "100",
    price: "8000",
    buyerFeeRate: "0",
    sellerFeeRate: "0",
    at: printTime(api.now()),
    ...change,
  };
}
