import type { RiskScoreBody } from "@ballast/api-contract";
import { Card, Group, List, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.js";
import { amount, dollars, percent } from "../format.js";
import { Answer } from "./answer.js";
import { Rows } from "./rows.js";
import { ScorePicture } from "./score-picture.js";

/** The risk score of an account, what drives it, and what it is made of. */
export function AccountScore({ id }: { readonly id: string }) {
  const score = useQuery({ queryKey: ["risk-score", id], queryFn: () => api.riskScore(id), refetchInterval: 2000 });
  return <Answer query={score}>{(body) => <Score body={body} />}</Answer>;
}

const deviations = (distance: string | null): string => (distance === null ? "no risk" : amount(distance, 1, 1));

function Score({ body }: { readonly body: RiskScoreBody }) {
  const { breachProbability, depletionProbability, distanceToBreach, distanceToDepletion, rule } = body;
  const horizon = rule.horizonDays === 1 ? "a day" : `${rule.horizonDays} days`;
  return (
    <Card withBorder padding="sm" component={Stack} gap="sm">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack gap="xs">
          <Group align="baseline" gap="sm">
            <Text component="h2" fw={600} m={0}>
              Risk score
            </Text>
            <Text fz={28} fw={700} style={{ fontVariantNumeric: "tabular-nums" }}>
              {amount(body.score, 1, 1)}
            </Text>
            <Text size="sm" c="dimmed">
              of 100; advice, liquidates nobody
            </Text>
          </Group>
          {body.drivers.length === 0 ? (
            <Text>Nothing to see.</Text>
          ) : (
            <List spacing={2}>
              {body.drivers.map((driver) => (
                <List.Item key={driver}>{driver}</List.Item>
              ))}
            </List>
          )}
          <Text size="sm" c="dimmed">
            {`Equal bets: ${amount(body.effectiveBets, 1, 1)}. Days to close: ${amount(body.daysToLiquidate, 2, 2)}. Largest share of an open interest: ${percent(body.openInterestShare)}.`}
          </Text>
        </Stack>
        <ScorePicture score={body} />
      </SimpleGrid>
      <Rows
        caption={`Within ${horizon}, estimates of ${body.estimates.day} (${body.estimates.recipe}), marks ${body.snapshot.marksSequence}`}
        head={["", { numeric: "Calm" }, { numeric: "Stressed" }]}
        rows={[
          ["Maintenance margin is breached", percent(breachProbability.calm), percent(breachProbability.stressed)],
          ["Nothing is left", percent(depletionProbability.calm), percent(depletionProbability.stressed)],
          [
            "Deviations to maintenance margin",
            deviations(distanceToBreach.calm),
            deviations(distanceToBreach.stressed),
          ],
          ["Deviations to zero", deviations(distanceToDepletion.calm), deviations(distanceToDepletion.stressed)],
        ]}
      />
      {body.underlyings.length > 0 && (
        <Rows
          caption="What it depends on"
          head={[
            "Underlying",
            { numeric: "Net delta" },
            { numeric: "Share of risk" },
            { numeric: "Volatility of a day" },
            { numeric: "Stressed" },
            { numeric: "Can be closed in a day" },
            { numeric: "Share of open interest" },
          ]}
          rows={body.underlyings.map((row) => [
            row.underlying,
            dollars(row.delta),
            percent(row.riskShare),
            percent(row.volatility),
            percent(row.stressedVolatility),
            dollars(row.dailyLiquidity),
            percent(row.openInterestShare),
          ])}
        />
      )}
    </Card>
  );
}
