import { Card, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** One figure that is to be seen first, what it is, and a note below it. */
export function Figure(props: { readonly name: string; readonly children: ReactNode; readonly note?: ReactNode }) {
  return (
    <Card withBorder padding="sm">
      <Text size="sm" c="dimmed">
        {props.name}
      </Text>
      <Text fz={22} fw={600} style={{ fontVariantNumeric: "tabular-nums" }}>
        {props.children}
      </Text>
      {props.note && (
        <Text size="sm" c="dimmed">
          {props.note}
        </Text>
      )}
    </Card>
  );
}
