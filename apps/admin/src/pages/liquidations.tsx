import type { CaseStageText, LiquidationBody, LiquidationRow } from "@ballast/api-contract";
import { Anchor, Button, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Bid, OpenAuctions } from "../components/auctions.js";
import { Pager, usePages } from "../components/pager.js";
import { Rows } from "../components/rows.js";
import { State } from "../components/state.js";
import { amount, amounts, dollars, time, words } from "../format.js";

const PAGE = 25;

/** What is under way now, and what has come of it. */
export function Liquidations() {
  const [chosen, choose] = useState<LiquidationRow | null>(null);
  return (
    <Stack>
      <Title order={1}>Liquidations</Title>
      <Cases stage="REDUCE" caption="Being reduced in the market" choose={choose} />
      <Cases stage="TAKEOVER" caption="Waiting for the waterfall" choose={choose} />
      <OpenAuctions />
      <Cases stage="CLOSED" caption="Closed, newest first" choose={choose} />
      <Drawer
        opened={chosen !== null}
        onClose={() => choose(null)}
        position="right"
        size="xl"
        title={chosen && `Breach ${chosen.epoch} of ${chosen.account}`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {chosen && <Case chosen={chosen} />}
      </Drawer>
    </Stack>
  );
}

function Cases(props: {
  readonly stage: CaseStageText;
  readonly caption: string;
  readonly choose: (row: LiquidationRow) => void;
}) {
  const { stage } = props;
  const pages = usePages();
  const cases = useQuery({
    queryKey: ["cases-in", stage, pages.cursor],
    queryFn: () => api.liquidations({ stage, limit: PAGE, cursor: pages.cursor }),
    refetchInterval: 1000,
  });
  return (
    <Answer query={cases}>
      {(body) => (
        <>
          <Rows
            caption={props.caption}
            head={["Case", "Outcome", { numeric: "Steps" }, "Opened", "Closed"]}
            rows={body.data.map((row) => [
              <Button key="case" size="compact-sm" variant="subtle" onClick={() => props.choose(row)}>
                {row.account} #{row.epoch}
              </Button>,
              row.outcome === null ? "open" : <State key="outcome" code={row.outcome} />,
              row.steps,
              `${time(row.openedAt)}, marks ${row.openedSequence}`,
              row.closedAt === null ? "" : `${time(row.closedAt)}, marks ${row.closedSequence}`,
            ])}
          />
          <Pager pages={pages} next={body.page.nextCursor} />
        </>
      )}
    </Answer>
  );
}

function Case({ chosen }: { readonly chosen: LiquidationRow }) {
  const detail = useQuery({
    queryKey: ["case", chosen.account, chosen.epoch],
    queryFn: () => api.liquidation(chosen.account, chosen.epoch),
    refetchInterval: 1000,
  });
  return (
    <Answer query={detail}>
      {(body) => (
        <Stack>
          <Group>
            {body.outcome === null ? <Text>open</Text> : <State code={body.outcome} />}
            <Anchor href={`#/accounts/${encodeURIComponent(body.account)}`}>the account</Anchor>
          </Group>
          {body.stepList.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </Stack>
      )}
    </Answer>
  );
}

type CaseStep = LiquidationBody["stepList"][number];

function Step({ step }: { readonly step: CaseStep }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h4">
        {step.step}. {words(step.kind)}, {words(step.status)}, at marks {step.sequence}
      </Title>
      {step.kind === "TAKEOVER" && <Takeover step={step} />}
      {step.kind === "AUCTION" && <Bid step={step} />}
      {step.kind === "REDUCE" && <Why legs={(step.plan ?? []) as unknown as readonly PlannedOrder[]} />}
      {(step.kind === "REDUCE" || step.kind === "DISPOSE") && <Orders step={step} />}
    </Stack>
  );
}

/** Why each order of a reduction was chosen, as its record says. */
interface PlannedOrder {
  readonly instrument: string;
  readonly quantity: string;
  readonly released: string;
  readonly cost: string;
  /** Absent in records that are older than it. */
  readonly chosenBy?: string;
}

function Why({ legs }: { readonly legs: readonly PlannedOrder[] }) {
  const [first] = legs;
  return (
    <Rows
      caption={`Planned${first?.chosenBy === undefined ? "" : `, ${words(first.chosenBy)}`}`}
      head={["Instrument", { numeric: "Contracts" }, { numeric: "Margin released" }, { numeric: "Expected cost" }]}
      rows={legs.map(({ instrument, quantity, released, cost }) => [
        instrument,
        amount(quantity, 8),
        dollars(released),
        dollars(cost),
      ])}
    />
  );
}

function Orders({ step }: { readonly step: CaseStep }) {
  return (
    <Rows
      caption="Orders and what they traded at"
      head={["Instrument", { numeric: "Contracts" }, { numeric: "Price" }, { numeric: "Mark" }, "Maker"]}
      rows={step.orders.flatMap((order) =>
        order.fills.length === 0
          ? [[order.instrument, amount(order.quantity, 8), "not filled", "", ""]]
          : order.fills.map((fill) => [
              order.instrument,
              amount(fill.quantity, 8),
              amount(fill.price, 4, 2),
              amount(fill.markPrice, 4, 2),
              fill.maker,
            ]),
      )}
    />
  );
}

/** What a takeover was decided to be, as far as it is shown; it is posted in the transaction that decides it. */
interface TakeoverPlan {
  readonly fills: readonly TakeoverFill[];
  readonly deleveraging: readonly TakeoverFill[];
  readonly fees: readonly { readonly asset: string; readonly amount: string }[];
  readonly deficits: readonly { readonly asset: string; readonly amount: string }[];
  readonly layers: {
    readonly shortfall: string;
    readonly deleveraging: string;
    readonly fund: string;
    readonly socialised: string;
    readonly house: string;
  };
}

/** What the account had left when it was done. */
interface TakeoverResult {
  readonly kept: readonly { readonly asset: string; readonly amount: string }[];
}

interface TakeoverFill {
  readonly instrument: string;
  readonly counterparty: string;
  readonly quantity: string;
  readonly price: string;
}

/** The waterfall of one account: what was missing, and who paid it. */
function Takeover({ step }: { readonly step: CaseStep }) {
  const [plan, result] = [step.plan as TakeoverPlan | null, step.result as TakeoverResult | null];
  if (plan === null || result === null) return <Text c="dimmed">Nothing has been posted yet.</Text>;
  const { layers } = plan;
  const fills = [
    ...plan.deleveraging.map((fill) => ({ ...fill, to: `${fill.counterparty}, deleveraged` })),
    ...plan.fills.map((fill) => ({ ...fill, to: "the insurance fund, at the mark" })),
  ];
  return (
    <>
      <Rows
        caption="The waterfall"
        head={["Layer", { numeric: "Dollars" }]}
        rows={[
          ["Shortfall", dollars(layers.shortfall)],
          ["Deleveraging", dollars(layers.deleveraging)],
          ["Insurance fund", dollars(layers.fund)],
          ["Socialised loss", dollars(layers.socialised)],
          ["The house", dollars(layers.house)],
        ]}
      />
      <Rows
        caption="Positions passed on"
        head={["Instrument", { numeric: "Contracts" }, { numeric: "Price" }, "To"]}
        rows={fills.map((fill) => [fill.instrument, amount(fill.quantity, 8), amount(fill.price, 4, 2), fill.to])}
      />
      <Text size="sm">
        Fee {amounts(plan.fees)}; deficit {amounts(plan.deficits)}; the account keeps {amounts(result.kept)}.
      </Text>
    </>
  );
}
