import type { MarginBody } from "@ballast/api-contract";
import { Box, Button, Card, Group, Text } from "@mantine/core";
import { useState } from "react";
import { barLengths } from "../drawing.f64.js";
import { dollars } from "../format.js";
import { Rows } from "./rows.js";

/** One bar: what it is called, its dollars, and what kind of thing it is. */
interface Line {
  readonly name: string;
  readonly text: string;
  readonly of: "collateral" | "total" | "requirement";
}

const COLOUR = { collateral: "blue.4", total: "blue.7", requirement: "orange.5" } as const;

/** From collateral to margin, as bars or as a table. */
export function MarginWaterfall({ margin }: { readonly margin: MarginBody }) {
  const [asTable, setAsTable] = useState(false);
  const lines: Line[] = [
    ...margin.collateral.map(
      (row): Line => ({
        name: `${row.asset} after haircut`,
        text: row.haircutValue,
        of: "collateral",
      }),
    ),
    { name: "Equity", text: margin.equity, of: "total" },
    { name: "Initial margin", text: margin.initialMargin, of: "requirement" },
    { name: "Maintenance margin", text: margin.maintenanceMargin, of: "requirement" },
    { name: "Available margin", text: margin.availableMargin, of: "total" },
  ];
  return (
    <>
      <Group justify="flex-end">
        <Button variant="default" size="xs" onClick={() => setAsTable(!asTable)}>
          {asTable ? "Show as bars" : "Show as table"}
        </Button>
      </Group>
      {asTable ? (
        <Rows
          caption="Margin"
          head={["Part", { numeric: "Dollars" }]}
          rows={lines.map(({ name, text }) => [name, dollars(text)])}
        />
      ) : (
        <Bars lines={lines} />
      )}
    </>
  );
}

function Bars({ lines }: { readonly lines: readonly Line[] }) {
  const lengths = barLengths(lines.map(({ text }) => text));
  return (
    <Card withBorder padding="sm" role="img" aria-label="Margin, from collateral to what is available">
      {lines.map(({ name, text, of }, at) => (
        <Group key={name} gap="sm" wrap="nowrap" py={3}>
          <Text size="sm" w={170}>
            {name}
          </Text>
          <Box flex={1}>
            <Box h={14} w={`${lengths[at] ?? 0}%`} bg={text.startsWith("-") ? "red.7" : COLOUR[of]} />
          </Box>
          <Text size="sm" w={170} ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
            {dollars(text)}
          </Text>
        </Group>
      ))}
    </Card>
  );
}
