import type { MarginBody } from "@ballast/api-contract";
import { Button } from "@mantine/core";
import { useState } from "react";
import { barLengths } from "../drawing.f64.js";
import { dollars } from "../format.js";
import { Rows } from "./rows.js";

/** From collateral to margin, as bars or as a table. */
export function MarginWaterfall({ margin }: { readonly margin: MarginBody }) {
  const [asTable, setAsTable] = useState(false);
  const lines: [string, string][] = [
    ...margin.collateral.map((row): [string, string] => [`Collateral ${row.asset}`, row.haircutValue]),
    ["Equity", margin.equity],
    ["Initial margin", margin.initialMargin],
    ["Maintenance margin", margin.maintenanceMargin],
    ["Available margin", margin.availableMargin],
  ];
  const lengths = barLengths(lines.map(([, text]) => text));
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setAsTable(!asTable)}>
        {asTable ? "Show as bars" : "Show as table"}
      </Button>
      {asTable ? (
        <Rows caption="Margin" head={["Part", "Dollars"]} rows={lines.map(([name, text]) => [name, dollars(text)])} />
      ) : (
        <svg
          role="img"
          aria-label="Margin, from collateral to what is available"
          viewBox={`0 0 640 ${lines.length * 30}`}
        >
          {lines.map(([name, text], row) => (
            <g key={name} transform={`translate(0 ${row * 30})`} fontSize="13">
              <title>{`${name}: ${dollars(text)}`}</title>
              <text y="18">{name}</text>
              <rect
                x="150"
                y="5"
                height="18"
                width={(lengths[row] ?? 0) * 3}
                fill={text.startsWith("-") ? "#c92a2a" : "#1971c2"}
              />
              <text x="460" y="18">
                {dollars(text)}
              </text>
            </g>
          ))}
        </svg>
      )}
    </>
  );
}
