import { type CaseStageText, caseStage, type LiquidationRow } from "@ballast/api-contract";
import { Button, Drawer, SimpleGrid, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Rows } from "../components/rows.js";
import { amount } from "../format.js";

export function Liquidations() {
  const [chosen, choose] = useState<LiquidationRow | null>(null);
  return (
    <Stack>
      <Title order={1}>Liquidations</Title>
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        {caseStage.options.map((stage) => (
          <Lane key={stage} stage={stage} choose={choose} />
        ))}
      </SimpleGrid>
      <Drawer
        opened={chosen !== null}
        onClose={() => choose(null)}
        position="right"
        size="lg"
        title="Liquidation"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {chosen && <Detail chosen={chosen} />}
      </Drawer>
    </Stack>
  );
}

function Lane(props: { readonly stage: CaseStageText; readonly choose: (row: LiquidationRow) => void }) {
  const { stage } = props;
  const cases = useQuery({
    queryKey: ["lane", stage],
    queryFn: () => api.liquidations({ stage }),
    refetchInterval: 1000,
  });
  return (
    <Stack>
      <Title order={2}>{stage}</Title>
      <Answer query={cases}>
        {(body) => (
          <Rows
            caption={`${stage} cases`}
            head={["Case", "Outcome", "Steps"]}
            rows={body.data.map((row) => [
              <Button key="case" size="compact-xs" variant="subtle" onClick={() => props.choose(row)}>
                {row.account} #{row.epoch}
              </Button>,
              row.outcome ?? "open",
              row.steps,
            ])}
          />
        )}
      </Answer>
    </Stack>
  );
}

function Detail({ chosen }: { readonly chosen: LiquidationRow }) {
  const detail = useQuery({
    queryKey: ["case", chosen.account, chosen.epoch],
    queryFn: () => api.liquidation(chosen.account, chosen.epoch),
    refetchInterval: 1000,
  });
  return (
    <Answer query={detail}>
      {(body) =>
        body.stepList.map((step) => (
          <Stack key={step.step}>
            <Title order={3}>
              {step.step}. {step.kind}, {step.status}, marks {step.sequence}
            </Title>
            <Rows
              caption="Orders"
              head={["Order", "Instrument", "Contracts"]}
              rows={step.orders.map((order) => [order.clientOrderId, order.instrument, amount(order.quantity, 8)])}
            />
            <Rows
              caption="Fills"
              head={["Maker", "Contracts", "Price", "Mark"]}
              rows={step.orders.flatMap((order) =>
                order.fills.map((fill) => [
                  fill.maker,
                  amount(fill.quantity, 8),
                  amount(fill.price, 8),
                  amount(fill.markPrice, 8),
                ]),
              )}
            />
          </Stack>
        ))
      }
    </Answer>
  );
}
