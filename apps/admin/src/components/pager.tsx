import { Button, Group } from "@mantine/core";
import { useState } from "react";

/** Where one is in a list that is read page by page. */
export interface Pages {
  readonly cursor: string | undefined;
  toFirst(): void;
  back(): void;
  on(cursor: string): void;
}

export function usePages(): Pages {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    cursor: cursors.at(-1),
    toFirst: () => setCursors([]),
    back: () => setCursors(cursors.slice(0, -1)),
    on: (cursor) => setCursors([...cursors, cursor]),
  };
}

/** The two buttons below such a list; nothing when everything is on one page. */
export function Pager({ pages, next }: { readonly pages: Pages; readonly next: string | null }) {
  if (pages.cursor === undefined && next === null) return null;
  return (
    <Group>
      <Button variant="default" disabled={pages.cursor === undefined} onClick={pages.back}>
        Previous
      </Button>
      <Button variant="default" disabled={next === null} onClick={() => next !== null && pages.on(next)}>
        Next
      </Button>
    </Group>
  );
}
