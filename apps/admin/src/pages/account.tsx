import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { MarginWaterfall } from "../components/margin-waterfall.js";
import { Rows } from "../components/rows.js";
import { amount, dollars } from "../format.js";

export function Account({ id }: { readonly id: string }) {
  const margin = useQuery({ queryKey: ["margin", id], queryFn: () => api.margin(id), refetchInterval: 2000 });
  const ledger = useQuery({ queryKey: ["ledger", id], queryFn: () => api.ledger(id), refetchInterval: 5000 });
  const cases = useQuery({
    queryKey: ["cases", id],
    queryFn: () => api.accountLiquidations(id),
    refetchInterval: 2000,
  });
  return (
    <Stack>
      <Title order={1}>{id}</Title>
      <Answer query={margin}>
        {(body) => (
          <>
            <MarginWaterfall margin={body} />
            <Rows
              caption={`Positions at marks ${body.snapshot.marksSequence}`}
              head={["Instrument", "Contracts", "Mark", "Notional", "Unrealised", "Bankruptcy price"]}
              rows={body.positions.map((row) => [
                row.instrument,
                amount(row.quantity, 8),
                amount(row.markPrice, 8),
                dollars(row.notional),
                dollars(row.unrealisedProfit),
                row.bankruptcyPrice === null ? "none" : amount(row.bankruptcyPrice, 8),
              ])}
            />
          </>
        )}
      </Answer>
      <Answer query={cases}>
        {(body) => (
          <Rows
            caption="Liquidations"
            head={["Epoch", "Stage", "Outcome", "Opened"]}
            rows={body.data.map((row) => [row.epoch, row.stage, row.outcome ?? "open", row.openedAt])}
          />
        )}
      </Answer>
      <Answer query={ledger}>
        {(body) => (
          <Rows
            caption="Ledger, newest first"
            head={["No", "Kind", "Book", "Amount", "Balance after"]}
            rows={body.data.map((row) => [
              row.sequence,
              row.kind,
              row.book,
              `${amount(row.amount, 18)} ${row.asset}`,
              amount(row.balanceAfter, 18),
            ])}
          />
        )}
      </Answer>
    </Stack>
  );
}
