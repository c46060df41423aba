import { Badge } from "@mantine/core";
import { words } from "../format.js";

/** The colour of a health state, a stage or an outcome, and of nothing else: green is good, red has cost somebody. */
const COLOUR: Readonly<Record<string, string>> = {
  HEALTHY: "teal",
  MARGIN_CALL: "yellow",
  LIQUIDATABLE: "orange",
  BANKRUPT: "red",
  REDUCE: "orange",
  TAKEOVER: "red",
  RECOVERED: "teal",
  REDUCED: "blue",
  AUCTIONED: "blue",
  TAKEN_OVER: "grape",
  BANKRUPT_FUND: "orange",
  BANKRUPT_ADL: "red",
  BANKRUPT_SOCIALISED: "red",
};

/** What the outcomes say, for whoever meets them for the first time. */
const MEANING: Readonly<Record<string, string>> = {
  HEALTHY: "equity covers initial margin",
  MARGIN_CALL: "equity covers maintenance margin only",
  LIQUIDATABLE: "equity is below maintenance margin",
  BANKRUPT: "more is owed than is there",
  RECOVERED: "above maintenance margin again before anything was sold",
  REDUCED: "reduced in the market, back to its target",
  AUCTIONED: "a share of it passed to backstop providers, back to its target",
  TAKEN_OVER: "taken over; its own money paid everything",
  BANKRUPT_FUND: "taken over; the insurance fund paid the rest",
  BANKRUPT_ADL: "taken over; winners of the other side were closed",
  BANKRUPT_SOCIALISED: "taken over; holders of the other side shared the loss",
};

/** A state, stage or outcome in words. */
export function State({ code }: { readonly code: string }) {
  return (
    <Badge
      variant="light"
      radius="sm"
      miw="max-content"
      color={COLOUR[code] ?? "gray"}
      title={MEANING[code] ?? words(code)}
    >
      {words(code)}
    </Badge>
  );
}
