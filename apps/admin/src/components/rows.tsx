import { Card, Table, Text, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";

/** A column by its heading; numbers stand to the right, so that their digits line up. */
export type Column = string | { readonly numeric: string; readonly order?: Order };

/** The list may be put in the order of a column: whether it is now, and what to do when that is asked for. */
export interface Order {
  readonly isChosen: boolean;
  readonly choose: () => void;
}

/** A table with a caption, or a sentence when it is empty. */
export function Rows(props: {
  readonly caption: string;
  readonly head: readonly Column[];
  readonly rows: readonly (readonly ReactNode[])[];
}) {
  const columns = props.head.map((column) =>
    typeof column === "string"
      ? { name: column, align: "left" as const, order: undefined }
      : { name: column.numeric, align: "right" as const, order: column.order },
  );
  return (
    <Card withBorder padding="sm">
      {props.rows.length === 0 ? (
        <Text c="dimmed">{props.caption}: none.</Text>
      ) : (
        <Table.ScrollContainer minWidth={Math.min(480, columns.length * 120)}>
          <Table captionSide="top" verticalSpacing={6} style={{ fontVariantNumeric: "tabular-nums" }}>
            <Table.Caption ta="left" mt={0} fw={600}>
              {props.caption}
            </Table.Caption>
            <Table.Thead>
              <Table.Tr>
                {columns.map(({ name, align, order }) => (
                  <Table.Th
                    key={name}
                    ta={align}
                    c="dimmed"
                    fw={500}
                    aria-sort={order === undefined ? undefined : order.isChosen ? "descending" : "none"}
                  >
                    {order === undefined ? (
                      name
                    ) : (
                      <UnstyledButton ta={align} fz="inherit" fw={order.isChosen ? 700 : 500} onClick={order.choose}>
                        {name}
                        {order.isChosen ? " ↓" : ""}
                      </UnstyledButton>
                    )}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {props.rows.map((row, at) => (
                // Rows are told apart by their place only: they are facts, and are replaced together.
                <Table.Tr key={at}>
                  {row.map((cell, column) => (
                    <Table.Td key={columns[column]?.name} ta={columns[column]?.align ?? "left"}>
                      {cell}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}
