import type { InsuranceFundBody, SummaryBody } from "@ballast/api-contract";
import { Anchor, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Figure } from "../components/figure.js";
import { Rows } from "../components/rows.js";
import { ScoreBands } from "../components/score-bands.js";
import { Sources } from "../components/sources.js";
import { State } from "../components/state.js";
import { amount, amounts, dollars, percent, time, words } from "../format.js";

/** What a person who comes in wants to know first: do the books balance, who is in trouble, what has it cost? */
export function Overview() {
  const summary = useQuery({ queryKey: ["summary"], queryFn: api.summary, refetchInterval: 2000 });
  const marks = useQuery({ queryKey: ["marks"], queryFn: api.latestMarks, refetchInterval: 1000 });
  return (
    <Stack>
      <Title order={1}>Overview</Title>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }}>
        <LedgerFigure />
        <FundFigure />
        <Answer query={summary}>
          {(body) => (
            <>
              <Figure name="Liquidated notional" note={`at a slippage of ${dollars(body.slippage)}`}>
                {dollars(body.liquidatedNotional)}
              </Figure>
              <Figure name="Decisions" note={`${amount(String(body.journals))} journals`}>
                {amount(String(body.decisions))}
              </Figure>
            </>
          )}
        </Answer>
      </SimpleGrid>
      <Answer query={summary}>{(body) => <Numbers summary={body} />}</Answer>
      <FundTarget />
      <RiskFigures />
      <MarketHealth />
      <Answer query={marks}>
        {(body) => (
          <Rows
            caption={`Marks ${body.sequence}, ${words(body.status)}, ${time(body.at)}`}
            head={["Instrument", { numeric: "Mark" }]}
            rows={Object.entries(body.markPrices).map(([id, price]) => [id, amount(price, 4, 2)])}
          />
        )}
      </Answer>
    </Stack>
  );
}

/** A house that takes finished marks has no sources to show. */
function MarketHealth() {
  const market = useQuery({ queryKey: ["market"], queryFn: api.market, refetchInterval: 2000, retry: false });
  if (market.error !== null && market.data === undefined) return null;
  return <Answer query={market}>{(body) => <Sources market={body} />}</Answer>;
}

function LedgerFigure() {
  const check = useQuery({ queryKey: ["ledger-check"], queryFn: api.ledgerCheck, refetchInterval: 30_000 });
  if (check.data === undefined && check.error === null) {
    return (
      <Figure name="Ledger" note="every posting is read">
        <Text inherit c="dimmed">
          checking …
        </Text>
      </Figure>
    );
  }
  return (
    <Answer query={check}>
      {({ balanced, postings }) => (
        <Figure name="Ledger" note={`${amount(String(postings))} postings, chains and balances verified`}>
          <Text inherit c={balanced ? "teal.8" : "red.8"}>
            {balanced ? "balanced" : "NOT balanced"}
          </Text>
        </Figure>
      )}
    </Answer>
  );
}

/** How the accounts are spread over the score, and who is at its top. */
function RiskFigures() {
  const scores = useQuery({
    queryKey: ["risk-scores", "top"],
    queryFn: () => api.riskScores({ limit: 5 }),
    refetchInterval: 5000,
  });
  return (
    <Answer query={scores}>
      {(body) => (
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <ScoreBands bands={body.distribution} />
          <Rows
            caption="Riskiest accounts"
            head={["Account", { numeric: "Score" }, "Why"]}
            rows={body.data.map((row) => [
              <Anchor key="account" href={`#/accounts/${encodeURIComponent(row.account)}`}>
                {row.account}
              </Anchor>,
              amount(row.score, 1, 1),
              <Text key="why" size="sm">
                {row.drivers[0] ?? "nothing to see"}
              </Text>,
            ])}
          />
        </SimpleGrid>
      )}
    </Answer>
  );
}

const useFund = () => useQuery({ queryKey: ["insurance-fund"], queryFn: api.insuranceFund, refetchInterval: 5000 });

function FundFigure() {
  return (
    <Answer query={useFund()}>
      {({ health, positions, target }) => (
        <Figure
          name="Insurance fund, net"
          note={`${positions.length === 0 ? "holds no position" : "with what it took over"}${noteOf(target)}`}
        >
          {health === null ? "not judged yet" : dollars(health.netValue)}
        </Figure>
      )}
    </Answer>
  );
}

function noteOf(target: InsuranceFundBody["target"]): string {
  if (target === null) return "";
  return target.gap === "0" ? "; its target is met" : `; ${dollars(target.gap)} short of its target`;
}

/** What the fund's target rests on, once there are prices. */
function FundTarget() {
  const fund = useFund();
  return fund.data === undefined || fund.data.target === null ? null : <FundTargetRows />;
}

function FundTargetRows() {
  const target = useQuery({ queryKey: ["fund-target"], queryFn: api.fundTarget, refetchInterval: 10_000 });
  return (
    <Answer query={target}>
      {(body) => (
        <Rows
          caption={`Fund's target at marks ${body.marksSequence}: what the two largest losses of the worst jump would leave unpaid`}
          head={["What", { numeric: "Amount" }]}
          rows={[
            ["Target", dollars(body.target)],
            ["Held by the fund", dollars(body.held)],
            ["Missing", dollars(body.gap)],
            ["Worst jump", body.scenario === null ? "none" : jump(body.scenario)],
            ...body.losses.map(({ owner, deficit }) => [
              <Anchor key="owner" href={`#/accounts/${encodeURIComponent(owner)}`}>
                {owner}
              </Anchor>,
              dollars(deficit),
            ]),
            ...(body.accountsWithoutPrice === 0
              ? []
              : [["Accounts left out, a price is missing", amount(String(body.accountsWithoutPrice))]]),
          ]}
        />
      )}
    </Answer>
  );
}

const jump = ({ of, move }: { readonly of: string | null; readonly move: string }): string =>
  `${of ?? "all coins"} by ${percent(move)}`;

function Numbers({ summary }: { readonly summary: SummaryBody }) {
  const { accounts, cases, fund, adl, deficits, socialisedLosses } = summary;
  const counted = (code: string, count: number) => [<State key="state" code={code} />, amount(String(count))];
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Rows
          caption={`${amount(String(accounts.total))} accounts`}
          head={["State", { numeric: "Accounts" }]}
          rows={Object.entries(accounts.byState).map(([code, count]) => counted(code, count))}
        />
        <Rows
          caption={`Liquidations, ${amount(String(cases.open))} open`}
          head={["Outcome", { numeric: "Cases" }]}
          rows={Object.entries(cases.byOutcome).map(([code, count]) => counted(code, count))}
        />
      </SimpleGrid>
      <Rows
        caption="The house"
        head={["What", "Amount"]}
        rows={[
          ["Insurance fund at start", amounts(fund.first)],
          ["Insurance fund now, without positions", amounts(fund.now)],
          ["Deficits paid", amounts(deficits)],
          [
            "Deleveraged",
            adl.length === 0 ? (
              "none"
            ) : (
              <Group key="adl" gap="md">
                {adl.map((row) => (
                  <Text key={row.instrument} inherit>
                    {amount(row.quantity, 8)} {row.instrument}
                  </Text>
                ))}
              </Group>
            ),
          ],
          ["Socialised loss", amounts(socialisedLosses)],
        ]}
      />
    </>
  );
}
