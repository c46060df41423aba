import { Decimal } from "@ballast/money";

/*
 * Contingencies of older and smaller portfolio margins, as their pages work them out.
 */

/** Calls and puts of one strike are netted; what is short pays so much each. */
export function nettedShortOptions(
  calls: Decimal,
  puts: Decimal,
  perOption: Decimal,
): { readonly net: Decimal; readonly contingency: Decimal } {
  const net = calls.add(puts);
  return { net, contingency: Decimal.max(0, net.neg()).mul(perOption) };
}

/** A share of what long and short futures of different expiries set off against each other. */
export function offsetFutures(long: Decimal, short: Decimal, share: Decimal): Decimal {
  return Decimal.min(long, short).mul(share);
}

/** A dated future's fair price, index·e^(basis·days/365); its profit at each move; and its contingency on size. */
export function futureContingency(input: {
  readonly quantity: Decimal;
  readonly index: Decimal;
  readonly annualBasis: Decimal;
  readonly days: Decimal;
  readonly share: Decimal;
  readonly shocks: readonly Decimal[];
}): { readonly price: Decimal; readonly contingency: Decimal; readonly profits: readonly Decimal[] } {
  const price = input.index.mul(input.annualBasis.mul(input.days).div(365).exp());
  return {
    price,
    contingency: input.quantity.abs().mul(input.index).mul(input.share),
    profits: input.shocks.map((shock) => input.quantity.mul(price).mul(shock)),
  };
}

/** Delta Exchange: the larger of risk and the sum of class floors, less the cash flow if all were closed at the mark. */
export function flooredMargin(
  risk: Decimal,
  floors: readonly Decimal[],
  cashFlow: Decimal,
  maintenanceShare: Decimal,
): Readonly<Record<"floor" | "initial" | "initialWithoutFlow" | "maintenance" | "maintenanceWithoutFlow", Decimal>> {
  const floor = floors.reduce((sum, one) => sum.add(one), new Decimal(0));
  const requirement = Decimal.max(risk, floor);
  const maintenance = requirement.mul(maintenanceShare);
  return {
    floor,
    initial: requirement.sub(cashFlow),
    initialWithoutFlow: requirement,
    maintenance: maintenance.sub(cashFlow),
    maintenanceWithoutFlow: maintenance,
  };
}
