import type { IndexHealth, MarketBody } from "@ballast/api-contract";
import { Text } from "@mantine/core";
import { amount, percent, time, words } from "../format.js";
import { Rows } from "./rows.js";

/** Every index and every source of it: who says what, how old it is, and why it is not heard. */
export function Sources({ market }: { readonly market: MarketBody }) {
  return (
    <>
      <Rows
        caption={`Indices, ${time(market.at)}`}
        head={["Asset", { numeric: "Price" }, { numeric: "As collateral" }, "Condition", { numeric: "Confidence" }]}
        rows={market.indices.map((index) => [
          index.asset,
          shown(index.price),
          shown(index.creditPrice),
          <Condition key="condition" index={index} />,
          percent(index.confidence),
        ])}
      />
      <Rows
        caption="Sources"
        head={["Asset", "Source", { numeric: "Says" }, { numeric: "Age" }, "Heard"]}
        rows={market.indices.flatMap(({ asset, sources }) =>
          sources.map(({ source, price, quotedIn, ageMs, excluded }) => [
            asset,
            source,
            `${shown(price)}${quotedIn === null || price === null ? "" : ` ${quotedIn}`}`,
            ageMs === null ? "–" : `${amount(String(ageMs / 1000), 1)} s`,
            excluded === null ? "yes" : <Text key="heard" inherit c="orange.8">{`no: ${words(excluded)}`}</Text>,
          ]),
        )}
      />
    </>
  );
}

function Condition({ index: { condition, reason, proposal } }: { readonly index: IndexHealth }) {
  const colour = condition === "LIVE" ? "teal.8" : condition === "DEGRADED" ? "orange.8" : "red.8";
  const waits = proposal === null ? "" : `; ${proposal.proposedBy} proposes ${amount(proposal.price, 4)}`;
  return (
    <Text inherit c={colour}>
      {words(condition)}
      {reason === null ? "" : `: ${words(reason)}`}
      {waits}
    </Text>
  );
}

function shown(price: string | null): string {
  return price === null ? "–" : amount(price, 4, 2);
}
