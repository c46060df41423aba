import { Badge, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Rows } from "../components/rows.js";
import { amount, amounts, dollars } from "../format.js";

export function Overview() {
  const summary = useQuery({ queryKey: ["summary"], queryFn: api.summary, refetchInterval: 2000 });
  const check = useQuery({ queryKey: ["ledger-check"], queryFn: api.ledgerCheck, refetchInterval: 30_000 });
  const marks = useQuery({ queryKey: ["marks"], queryFn: api.latestMarks, refetchInterval: 1000 });
  return (
    <Stack>
      <Title order={1}>Overview</Title>
      <Answer query={check}>
        {(body) => (
          <Badge color={body.balanced ? "green" : "red"}>
            {body.balanced ? "Ledger balanced" : "Ledger NOT balanced"} ({body.postings} postings)
          </Badge>
        )}
      </Answer>
      <Answer query={summary}>
        {(body) => (
          <>
            <Rows caption="Accounts" head={["State", "Accounts"]} rows={Object.entries(body.accounts.byState)} />
            <Rows
              caption="Liquidations"
              head={["Outcome", "Cases"]}
              rows={[["open", body.cases.open], ...Object.entries(body.cases.byOutcome)]}
            />
            <Rows
              caption="House"
              head={["What", "Amount"]}
              rows={[
                ["Insurance fund at start", amounts(body.fund.first)],
                ["Insurance fund now", amounts(body.fund.now)],
                ["Liquidated notional", dollars(body.liquidatedNotional)],
                ["Slippage", dollars(body.slippage)],
                [
                  "Deleveraged",
                  body.adl.map((row) => `${amount(row.quantity, 8)} ${row.instrument}`).join(", ") || "none",
                ],
                ["Deficits", amounts(body.deficits)],
                ["Socialised loss", amounts(body.socialisedLosses)],
              ]}
            />
          </>
        )}
      </Answer>
      <Answer query={marks}>
        {(body) => (
          <Rows
            caption={`Marks ${body.sequence}, ${body.status}, ${body.at}`}
            head={["Instrument", "Mark"]}
            rows={Object.entries(body.markPrices).map(([id, price]) => [id, amount(price, 8)])}
          />
        )}
      </Answer>
    </Stack>
  );
}
