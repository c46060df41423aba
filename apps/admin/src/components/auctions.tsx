import type { BidBody, LiquidationBody } from "@ballast/api-contract";
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.js";
import { amount, amounts, dollars, time, words } from "../format.js";
import { Answer } from "./answer.js";
import { Rows } from "./rows.js";

/** Failing accounts that backstop providers may bid for now; nothing where there are none. */
export function OpenAuctions() {
  const auctions = useQuery({ queryKey: ["auctions"], queryFn: () => api.auctions(), refetchInterval: 1000 });
  return (
    <Answer query={auctions}>
      {({ data }) =>
        data.length === 0 ? null : (
          <Rows
            caption="Offered to backstop providers"
            head={[
              "Case",
              "State",
              { numeric: "Worth" },
              { numeric: "Price factor" },
              { numeric: "Largest share" },
              { numeric: "Bids" },
              "Until",
            ]}
            rows={data.map((row) => [
              `${row.account} #${row.epoch}`,
              words(row.state),
              dollars(row.value),
              amount(row.priceFactor, 4),
              amount(row.largestShare, 4),
              row.bids,
              time(row.endsAt),
            ])}
          />
        )
      }
    </Answer>
  );
}

/** One bid, as its step keeps it. */
export function Bid({ step }: { readonly step: LiquidationBody["stepList"][number] }) {
  const bid = step.plan as BidBody | null;
  if (bid === null) return null;
  return (
    <>
      <Rows
        caption={`What ${bid.provider} took, at the mark`}
        head={["Instrument", { numeric: "Contracts" }, { numeric: "Price" }]}
        rows={bid.fills.map((fill) => [fill.instrument, amount(fill.quantity, 8), amount(fill.price, 4, 2)])}
      />
      <Text size="sm">
        Share {amount(bid.share, 4)} at price factor {amount(bid.priceFactor, 4)}: {amounts(bid.passed)} passed to the
        provider, who paid {amounts([bid.payment])}.
      </Text>
    </>
  );
}
