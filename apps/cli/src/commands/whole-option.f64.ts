import { BadUse } from "./command.js";

/** The whole number of an option; it counts something and is no amount of money. @throws BadUse */
export function wholeOption(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BadUse("USAGE", `${option}: expected a whole number from ${least} to ${most}; found ${text}`);
}

/** The number of an option, in plain decimal digits; a rule of an estimate, and no amount that is booked. @throws BadUse */
export function numberOption(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new BadUse("USAGE", `${option}: expected a number from ${least} to ${most}; found ${text}`);
}
