export { Decimal, LEDGER_SCALE } from "./decimal.js";
export {
  DECIMAL_BYTES_MAX,
  DECIMAL_GRAMMAR,
  isDecimalString,
  MalformedDecimal,
  parseDecimal,
  printDecimal,
} from "./decimal-string.js";
export type { Amount, ContractSize, DecimalSource, Price, Quantity, Rate, Ratio, Usd } from "./units.js";
export {
  amount,
  contractSize,
  price,
  quantity,
  rate,
  ratio,
  usd,
  ZERO_AMOUNT,
  ZERO_QUANTITY,
  ZERO_USD,
} from "./units.js";
export type { AssetAmount } from "./asset-amount.js";
export {
  add,
  amountFor,
  exposure,
  inverseContractValue,
  linearContractValue,
  magnitude,
  max,
  min,
  negate,
  ONE,
  scale,
  sub,
  valueOf,
} from "./arithmetic.js";
export {
  roundAsset,
  roundCharge,
  roundCredit,
  roundRequirement,
  roundToLots,
  USD_SCALE,
} from "./rounding.js";
export { lossFromFloat64, NotAnAmount, requireAmount, toFloat64 } from "./float64.js";
