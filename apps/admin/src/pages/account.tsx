import { Badge, Group, SimpleGrid, Stack, Title } from "@mantine/core";
import type { MarginBody } from "@ballast/api-contract";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { AccountScore } from "../components/account-score.js";
import { Figure } from "../components/figure.js";
import { MarginWaterfall } from "../components/margin-waterfall.js";
import { Pager, usePages } from "../components/pager.js";
import { Rows } from "../components/rows.js";
import { State } from "../components/state.js";
import { amount, dollars, percent, time, words } from "../format.js";

const LEDGER_PAGE = 25;

export function Account({ id }: { readonly id: string }) {
  const margin = useQuery({ queryKey: ["margin", id], queryFn: () => api.margin(id), refetchInterval: 2000 });
  const cases = useQuery({
    queryKey: ["cases", id],
    queryFn: () => api.accountLiquidations(id),
    refetchInterval: 2000,
  });
  return (
    <Stack>
      <Group>
        <Title order={1}>{id}</Title>
        {margin.data && <State code={margin.data.state} />}
        {margin.data?.marginMode === "PORTFOLIO" && <Badge variant="outline">Portfolio margin</Badge>}
      </Group>
      <Answer query={margin}>
        {(body) => (
          <>
            <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }}>
              <Figure name="Equity" note={`net value ${dollars(body.netValue)}`}>
                {dollars(body.equity)}
              </Figure>
              <Figure name="Initial margin" note={viewOf(body.portfolio?.initial) ?? "to open, increase or withdraw"}>
                {dollars(body.initialMargin)}
              </Figure>
              <Figure name="Maintenance margin" note={viewOf(body.portfolio?.maintenance) ?? "to stay open"}>
                {dollars(body.maintenanceMargin)}
              </Figure>
              <Figure name="Maintenance margin ÷ equity" note="liquidated above 100 %">
                {body.marginUsage === null ? "no equity" : percent(body.marginUsage)}
              </Figure>
            </SimpleGrid>
            <MarginWaterfall margin={body} />
            <Rows
              caption={`Positions at marks ${body.snapshot.marksSequence}`}
              head={[
                "Instrument",
                { numeric: "Contracts" },
                { numeric: "Mark" },
                { numeric: "Notional" },
                { numeric: "Unrealised profit" },
                { numeric: "Maintenance margin" },
                { numeric: "Bankruptcy price" },
              ]}
              rows={body.positions.map((row) => [
                row.instrument,
                amount(row.quantity, 8),
                amount(row.markPrice, 4, 2),
                dollars(row.notional),
                dollars(row.unrealisedProfit),
                dollars(row.maintenanceMargin),
                row.bankruptcyPrice === null ? "none" : amount(row.bankruptcyPrice, 4, 2),
              ])}
            />
          </>
        )}
      </Answer>
      <AccountScore id={id} />
      <Answer query={cases}>
        {(body) => (
          <Rows
            caption="Liquidations"
            head={["Breach", "Stage", "Outcome", { numeric: "Steps" }, "Opened"]}
            rows={body.data.map((row) => [
              row.epoch,
              words(row.stage),
              row.outcome === null ? "open" : <State key="outcome" code={row.outcome} />,
              row.steps,
              time(row.openedAt),
            ])}
          />
        )}
      </Answer>
      <Ledger id={id} />
    </Stack>
  );
}

function Ledger({ id }: { readonly id: string }) {
  const pages = usePages();
  const ledger = useQuery({
    queryKey: ["ledger", id, pages.cursor],
    queryFn: () => api.ledger(id, { limit: LEDGER_PAGE, cursor: pages.cursor }),
    refetchInterval: 5000,
  });
  return (
    <Answer query={ledger}>
      {(body) => (
        <>
          <Rows
            caption="Ledger, newest first"
            head={["No", "What", "Book", { numeric: "Amount" }, "Asset", { numeric: "Balance after" }]}
            rows={body.data.map((row) => [
              row.sequence,
              words(row.kind),
              row.book,
              amount(row.amount, 18),
              row.asset,
              amount(row.balanceAfter, 18),
            ])}
          />
          <Pager pages={pages} next={body.page.nextCursor} />
        </>
      )}
    </Answer>
  );
}

/** The view of the book that decides, and what it forgives for hedges; undefined under standard margin. */
function viewOf(level: NonNullable<MarginBody["portfolio"]>["initial"] | undefined): string | undefined {
  return level && `${words(level.bindingView)} decides; ${dollars(level.credit)} credit`;
}
