import { fullProgrammeOf, planReduction } from "@ballast/risk-core";
import loadHighs from "highs";
import { sampleAccount } from "../dist/liquidation/planner/testing.js";

/*
 * planner.ms: one plan of one account, by whole accounts of 10, 50 and 200 legs. Ours is all of it: canonical order, the
 * programme, its solution, rounding, the exact judgement in decimals and the explanation. Baseline: HiGHS through
 * WebAssembly, on the same programme written out in full, from arrays that are ready, solution only. Both answers are
 * compared; a difference of more than 1e-6 fails the run. Half of the accounts have the strict guard, half 0.25.
 */

const SIZES = [
  { legs: 10, accounts: 24, rounds: 12 },
  { legs: 50, accounts: 12, rounds: 8 },
  { legs: 200, accounts: 6, rounds: 6 },
];

export async function run({ progress }) {
  const highs = await loadHighs();
  return SIZES.map(({ legs, accounts, rounds }) => {
    const cases = Array.from({ length: accounts }, (_, at) => {
      const account = sampleAccount({ legs, seed: at + 1, guard: at % 2 === 0 ? "0" : "0.25" });
      return { account, full: fullProgrammeOf(account) };
    });
    const planned = [];
    const solved = [];
    for (let round = 0; round < rounds; round++) {
      for (const { account, full } of cases) {
        const plan = timed(() => planReduction(account));
        // The first rounds warm the compiler; the other solver is compiled already and is asked less often.
        if (round >= rounds / 2) planned.push(plan.ms);
        if (round % 4 !== 3) continue;
        const other = timed(() => solveWith(highs, full));
        solved.push(other.ms);
        requireSame(plan.answer.optimum, other.answer);
      }
    }
    const value = median(planned);
    const baseline = median(solved);
    progress(`${legs} legs: ${value.toFixed(3)} ms against ${baseline.toFixed(2)} ms`);
    return {
      name: `planner.ms_${legs}_legs`,
      value,
      unit: "ms",
      baseline,
      ratio: value / baseline,
      note: `median of ${planned.length} plans of ${accounts} accounts; fastest ${Math.min(...planned).toFixed(3)} ms, 95 % below ${quantile(planned, 0.95).toFixed(2)} ms`,
    };
  });
}

function solveWith(highs, { costs, columnMax, rowMax, starts, columns, values }) {
  return highs.withModel(
    {
      numCols: costs.length,
      numRows: rowMax.length,
      colCost: costs,
      colLower: new Float64Array(costs.length),
      colUpper: columnMax,
      rowLower: new Float64Array(rowMax.length).fill(-Infinity),
      rowUpper: rowMax,
      matrix: { format: "csr", numRows: rowMax.length, numCols: costs.length, starts, indices: columns, values },
    },
    (model) => {
      model.options.set({ output_flag: false, primal_feasibility_tolerance: 1e-9, dual_feasibility_tolerance: 1e-9 });
      model.run();
      const isOptimal = model.getModelStatus() === highs.constants.modelStatus.optimal;
      return isOptimal ? model.getObjectiveValue() : null;
    },
  );
}

function requireSame(optimum, objective) {
  const ours = optimum?.phase === "LEAST_COST" ? optimum.cost : null;
  const agree = ours === null || objective === null ? ours === objective : Math.abs(ours / objective - 1) < 1e-6;
  if (!agree) throw new Error(`the planner found ${ours}, HiGHS ${objective}`);
}

function timed(work) {
  const begun = performance.now();
  const answer = work();
  return { ms: performance.now() - begun, answer };
}

const quantile = (numbers, share) =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length * share)];
const median = (numbers) => quantile(numbers, 0.5);
