import { type InstrumentRow, printTime, type RiskParametersBody } from "@ballast/api-contract";
import { compareIds, type Instrument } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import { ParametersMissing, type Store } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { STORE } from "../house/tokens.js";

@Injectable()
export class RiskParametersService {
  constructor(@Inject(STORE) private readonly store: Store) {}

  /** The parameters in force. */
  async inForce(): Promise<RiskParametersBody> {
    const parameters = await this.store.riskParameters();
    if (parameters === null) throw new ParametersMissing();
    return {
      version: parameters.version,
      content: await this.store.riskParametersContent(parameters.version),
    };
  }

  /** Instruments in order of id. */
  async instruments(): Promise<{ data: InstrumentRow[] }> {
    const parameters = await this.store.riskParameters();
    const instruments = [...(parameters?.instruments.values() ?? [])];
    return { data: instruments.sort((left, right) => compareIds(left.id, right.id)).map(instrumentRow) };
  }
}

function instrumentRow(instrument: Instrument): InstrumentRow {
  return {
    id: instrument.id,
    kind: instrument.kind,
    payoff: instrument.payoff,
    underlying: instrument.underlying,
    settlementAsset: instrument.settlementAsset,
    contractSize: printDecimal(instrument.contractSize),
    lotSize: printDecimal(instrument.lotSize),
    tickSize: printDecimal(instrument.tickSize),
    expiresAt: instrument.kind === "dated-future" ? printTime(instrument.expiresAt) : null,
  };
}
