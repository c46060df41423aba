import type { RiskScoreRow, ScoreSort } from "@ballast/api-contract";
import { Anchor, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api.js";
import { Answer } from "../components/answer.js";
import { Pager, usePages } from "../components/pager.js";
import { type Column, Rows } from "../components/rows.js";
import { ScoreBands } from "../components/score-bands.js";
import { State } from "../components/state.js";
import { amount, percent } from "../format.js";

const PAGE = 50;
const KINDS = ["USER", "MARKET_MAKER"] as const;
const COLUMNS: readonly (readonly [sort: ScoreSort, name: string])[] = [
  ["score", "Score"],
  ["breach", "Breach within a day, stressed"],
  ["depletion", "Nothing left, stressed"],
  ["days-to-liquidate", "Days to close"],
  ["open-interest", "Share of open interest"],
  ["effective-bets", "Equal bets"],
];

/** Who is nearest to being emptied, and why. */
export function Risk() {
  const [sort, setSort] = useState<ScoreSort>("score");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("USER");
  const pages = usePages();
  const scores = useQuery({
    queryKey: ["risk-scores", sort, kind, pages.cursor],
    queryFn: () => api.riskScores({ sort, kind, limit: PAGE, cursor: pages.cursor }),
    refetchInterval: 5000,
  });
  const columns = COLUMNS.map(([of, name]): Column => {
    const choose = () => {
      setSort(of);
      pages.toFirst();
    };
    return { numeric: name, order: { isChosen: sort === of, choose } };
  });
  return (
    <Stack>
      <Title order={1}>Risk</Title>
      <Text c="dimmed">
        How close each account is to being emptied by chance. Advice: it changes no requirement and liquidates nobody.
      </Text>
      <SegmentedControl
        aria-label="Kind of account"
        style={{ alignSelf: "flex-start" }}
        value={kind}
        data={KINDS.map((value) => ({ value, label: value === "USER" ? "users" : "market makers" }))}
        onChange={(next) => {
          setKind(next as (typeof KINDS)[number]);
          pages.toFirst();
        }}
      />
      <Answer query={scores}>
        {(body) => (
          <>
            <ScoreBands bands={body.distribution} />
            {body.withoutScore.map(({ code, accounts, example }) => (
              <Text key={code} c="red.8">
                {`${accounts} accounts have no score (${code}), ${example} among them`}
              </Text>
            ))}
            <Rows
              caption={`Marks ${body.marksSequence}, estimates of ${body.estimates.day} (${body.estimates.recipe})`}
              head={["Account", "State", ...columns, "Largest part", "Why"]}
              rows={body.data.map(rowOf)}
            />
            <Pager pages={pages} next={body.page.nextCursor} />
          </>
        )}
      </Answer>
    </Stack>
  );
}

function rowOf(row: RiskScoreRow) {
  const { largestContributor } = row;
  return [
    <Anchor key="account" href={`#/accounts/${encodeURIComponent(row.account)}`}>
      {row.account}
    </Anchor>,
    <State key="state" code={row.state} />,
    <Text key="score" fw={700} inherit>
      {amount(row.score, 1, 1)}
    </Text>,
    percent(row.breachProbability.stressed),
    percent(row.depletionProbability.stressed),
    amount(row.daysToLiquidate, 2, 2),
    percent(row.openInterestShare),
    amount(row.effectiveBets, 1, 1),
    largestContributor === null ? "–" : `${largestContributor.underlying} ${percent(largestContributor.share)}`,
    <Text key="why" size="sm">
      {row.drivers.length === 0 ? "nothing to see" : row.drivers.join("; ")}
    </Text>,
  ];
}
