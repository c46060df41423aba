import { Anchor, Button, Container, Group, Loader, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { api, isSignedOut } from "./api.js";
import { ProblemNote } from "./components/answer.js";
import { Account } from "./pages/account.js";
import { Accounts } from "./pages/accounts.js";
import { Liquidations } from "./pages/liquidations.js";
import { Overview } from "./pages/overview.js";
import { Risk } from "./pages/risk.js";
import { SignIn } from "./pages/sign-in.js";

const PAGES = [
  { address: "", name: "Overview" },
  { address: "accounts", name: "Accounts" },
  { address: "risk", name: "Risk" },
  { address: "liquidations", name: "Liquidations" },
] as const;

/** The whole console: who is signed in, where they are, and the page of it. */
export function Console() {
  const queries = useQueryClient();
  const session = useQuery({ queryKey: ["session"], queryFn: api.session, retry: false, refetchInterval: 15_000 });
  const signOut = useMutation({ mutationFn: api.signOut, onSuccess: () => queries.resetQueries() });
  const address = useSyncExternalStore(listen, () => window.location.hash);
  if (isSignedOut(session.error)) return <SignIn />;
  if (session.data === undefined)
    return session.error ? <ProblemNote error={session.error} /> : <Loader aria-label="Loading" />;
  const [, page = "", id] = address.split("/");
  return (
    <Container size="xl" py="md">
      <Group component="nav" mb="lg" gap="lg">
        <Text fw={700}>Ballast</Text>
        {PAGES.map(({ address: at, name }) => (
          <Anchor
            key={at}
            href={`#/${at}`}
            fw={page === at ? 700 : 400}
            aria-current={page === at ? "page" : undefined}
          >
            {name}
          </Anchor>
        ))}
        <Button ml="auto" variant="default" size="xs" onClick={() => signOut.mutate()}>
          Sign out {session.data.name}
        </Button>
      </Group>
      <main>{pageAt(page, id)}</main>
    </Container>
  );
}

function listen(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

function pageAt(page: string, id: string | undefined) {
  if (page === "accounts" && id !== undefined) return <Account key={id} id={decodeURIComponent(id)} />;
  if (page === "accounts") return <Accounts />;
  if (page === "risk") return <Risk />;
  if (page === "liquidations") return <Liquidations />;
  return <Overview />;
}
