import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A table with a caption, or a sentence when it is empty. */
export function Rows(props: {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReactNode[])[];
}) {
  if (props.rows.length === 0) return <Text c="dimmed">{props.caption}: none.</Text>;
  return (
    <Table.ScrollContainer minWidth={500}>
      <Table
        captionSide="top"
        data={{ caption: props.caption, head: [...props.head], body: props.rows.map((row) => [...row]) }}
      />
    </Table.ScrollContainer>
  );
}
