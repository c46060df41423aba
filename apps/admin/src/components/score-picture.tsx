import type { RiskScoreBody } from "@ballast/api-contract";
import { Group, Text } from "@mantine/core";
import { BELLS, bells } from "../drawing.f64.js";
import { dollars } from "../format.js";

const COLOUR = { calm: "#1c7ed6", stressed: "#868e96", margin: "#f08c00", zero: "#c92a2a" } as const;

/** What a day may change, calm and stressed, and where maintenance margin and zero stand in it. */
export function ScorePicture({ score }: { readonly score: RiskScoreBody }) {
  const drawn = bells(score);
  if (drawn === null) {
    return (
      <Text size="sm" c="dimmed">
        Nothing that this account holds moves.
      </Text>
    );
  }
  const { width, height } = BELLS;
  const line = (at: number | null, colour: string) =>
    at !== null && <line x1={at} x2={at} y1={4} y2={height} stroke={colour} strokeWidth={2} />;
  return (
    <figure style={{ margin: 0 }}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width="100%"
        role="img"
        aria-label="What a day may change: maintenance margin and zero on the bells of today's and the stressed covariance"
      >
        <path d={drawn.beyondMargin} fill={COLOUR.margin} fillOpacity={0.35} />
        <path d={drawn.beyondZero} fill={COLOUR.zero} fillOpacity={0.6} />
        <path d={drawn.stressed} fill="none" stroke={COLOUR.stressed} strokeWidth={1.5} />
        <path d={drawn.calm} fill="none" stroke={COLOUR.calm} strokeWidth={1.5} />
        <line x1={width / 2} x2={width / 2} y1={height - 8} y2={height} stroke={COLOUR.stressed} />
        {line(drawn.marginAt, COLOUR.margin)}
        {line(drawn.zeroAt, COLOUR.zero)}
      </svg>
      <Group component="figcaption" gap="md">
        <Key colour={COLOUR.calm} text={`a day, calm: ± ${dollars(score.deviation.calm)}`} />
        <Key colour={COLOUR.stressed} text={`stressed: ± ${dollars(score.deviation.stressed)}`} />
        <Key colour={COLOUR.margin} text={`maintenance margin${far(drawn.marginAt)}: ${dollars(score.slack)} down`} />
        <Key colour={COLOUR.zero} text={`zero${far(drawn.zeroAt)}: ${dollars(score.netValue)} down`} />
      </Group>
    </figure>
  );
}

const far = (at: number | null): string => (at === null ? ", off the picture" : "");

function Key({ colour, text }: { readonly colour: string; readonly text: string }) {
  return (
    <Group gap={6} wrap="nowrap">
      <span aria-hidden style={{ width: 12, height: 3, background: colour, display: "inline-block" }} />
      <Text size="sm">{text}</Text>
    </Group>
  );
}
