import { accountKind, type HealthStateText, healthState } from "@ballast/api-contract";
import { Anchor, Chip, Group, Progress, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Pager, usePages } from "../components/pager.js";
import { Rows } from "../components/rows.js";
import { State } from "../components/state.js";
import { barPercent } from "../drawing.f64.js";
import { dollars, percent, words } from "../format.js";

const PAGE = 50;

export function Accounts() {
  const [kind, setKind] = useState<(typeof accountKind.options)[number]>("USER");
  const [state, setState] = useState<HealthStateText>();
  const pages = usePages();
  const accounts = useQuery({
    queryKey: ["accounts", kind, state, pages.cursor],
    queryFn: () => api.accounts({ sort: "usage", limit: PAGE, kind, state, cursor: pages.cursor }),
    refetchInterval: 5000,
  });
  return (
    <Stack>
      <Title order={1}>Accounts</Title>
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Kind of account"
          value={kind}
          data={accountKind.options.map((value) => ({ value, label: words(value) }))}
          onChange={(next) => {
            setKind(accountKind.parse(next));
            pages.toFirst();
          }}
        />
        <Group gap="xs">
          {healthState.options.map((option) => (
            <Chip
              key={option}
              checked={state === option}
              onChange={(on) => {
                setState(on ? option : undefined);
                pages.toFirst();
              }}
            >
              {words(option)}
            </Chip>
          ))}
        </Group>
      </Group>
      <Answer query={accounts}>
        {(body) => (
          <>
            <Rows
              caption="Nearest to liquidation first"
              head={[
                "Account",
                "State",
                { numeric: "Equity" },
                { numeric: "Initial margin" },
                { numeric: "Maintenance margin" },
                "Maintenance margin ÷ equity",
              ]}
              rows={body.data.map(({ id, health, openCase, frozen }) => [
                <Anchor key="id" href={`#/accounts/${encodeURIComponent(id)}`}>
                  {id}
                </Anchor>,
                <Group key="state" gap="xs">
                  {health === null ? "not judged yet" : <State code={health.state} />}
                  {openCase !== null && <Text size="sm">case {openCase}</Text>}
                  {frozen && <Text size="sm">frozen</Text>}
                </Group>,
                health && dollars(health.equity),
                health && dollars(health.initialMargin),
                health && dollars(health.maintenanceMargin),
                health && (
                  <Group key="usage" gap="sm" wrap="nowrap">
                    <Progress w={120} aria-label="Margin usage" value={barPercent(health.marginUsage)} />
                    <Text size="sm">{health.marginUsage === null ? "no equity" : percent(health.marginUsage)}</Text>
                  </Group>
                ),
              ])}
            />
            <Pager pages={pages} next={body.page.nextCursor} />
          </>
        )}
      </Answer>
    </Stack>
  );
}
