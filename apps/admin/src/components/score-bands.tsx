import type { RiskScoresBody } from "@ballast/api-contract";
import { Box, Card, Group, Text } from "@mantine/core";
import { barLengths } from "../drawing.f64.js";
import { amount } from "../format.js";

/** How many accounts lie in each band of the risk score. */
export function ScoreBands({ bands }: { readonly bands: RiskScoresBody["distribution"] }) {
  const lengths = barLengths(bands.map(({ accounts }) => String(accounts)));
  const names = bands.map(({ from, to }) => `${from} – ${to}`);
  return (
    <Card withBorder padding="sm">
      <Text fw={600}>Accounts by risk score</Text>
      <Text size="sm" c="dimmed" mb={4}>
        0 nothing to see, 100 as good as lost
      </Text>
      <ol style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {bands.map(({ accounts }, at) => (
          <li key={names[at]}>
            <Group gap="sm" wrap="nowrap" py={2}>
              <Text size="sm" w={70} style={{ fontVariantNumeric: "tabular-nums" }}>
                {names[at]}
              </Text>
              <Box flex={1}>
                <Box h={12} w={`${lengths[at] ?? 0}%`} bg="blue.5" />
              </Box>
              <Text size="sm" w={60} ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
                {amount(String(accounts))}
              </Text>
            </Group>
          </li>
        ))}
      </ol>
    </Card>
  );
}
