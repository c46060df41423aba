import { type HealthStateText, healthState } from "@ballast/api-contract";
import { Anchor, Button, Chip, Group, Progress, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Rows } from "../components/rows.js";
import { barPercent } from "../drawing.f64.js";
import { dollars } from "../format.js";

export function Accounts() {
  const [state, setState] = useState<HealthStateText>();
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const accounts = useQuery({
    queryKey: ["accounts", state, cursor],
    queryFn: () => api.accounts({ sort: "usage", state, cursor }),
    refetchInterval: 5000,
  });
  const filter = (next: HealthStateText | undefined) => {
    setState(next);
    setCursors([]);
  };
  return (
    <Stack>
      <Title order={1}>Accounts</Title>
      <Group>
        {healthState.options.map((option) => (
          <Chip key={option} checked={state === option} onChange={(on) => filter(on ? option : undefined)}>
            {option}
          </Chip>
        ))}
      </Group>
      <Answer query={accounts}>
        {(body) => (
          <>
            <Rows
              caption="Nearest to liquidation first"
              head={["Account", "State", "Equity", "Maintenance margin", "Usage"]}
              rows={body.data.map((row) => [
                <Anchor key="id" href={`#/accounts/${encodeURIComponent(row.id)}`}>
                  {row.id}
                </Anchor>,
                row.health?.state ?? "not judged yet",
                row.health ? dollars(row.health.equity) : "",
                row.health ? dollars(row.health.maintenanceMargin) : "",
                row.health && (
                  <Progress key="usage" aria-label="Margin usage" value={barPercent(row.health.marginUsage)} />
                ),
              ])}
            />
            <Group>
              <Button
                variant="default"
                disabled={cursors.length === 0}
                onClick={() => setCursors(cursors.slice(0, -1))}
              >
                Previous
              </Button>
              <Button
                variant="default"
                disabled={!body.page.hasMore}
                onClick={() => body.page.nextCursor !== null && setCursors([...cursors, body.page.nextCursor])}
              >
                Next
              </Button>
            </Group>
          </>
        )}
      </Answer>
    </Stack>
  );
}
