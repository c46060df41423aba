import { describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import { ConstraintRefused, DatabaseUnavailable } from "@ballast/store";
import { BookingDesk, BUNDLE_MAX } from "./booking-desk.js";
import type { FoundOut } from "./found-out.js";

/** As much of it as the desk looks at. */
function found(name: string, sequence = 1): FoundOut {
  return { claim: { step: { account: accountId(name) } }, snapshot: { sequence } } as unknown as FoundOut;
}

/** A ledger that takes as long as we like and writes down which bundles it was asked to book. */
function ledger(refuse: (names: readonly string[]) => unknown = () => undefined) {
  const bundles: string[] = [];
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const desk = new BookingDesk(async (bundle) => {
    const names = bundle.map(({ claim }) => claim.step.account as string);
    bundles.push(names.join(" "));
    await opened;
    const cause = refuse(names);
    if (cause !== undefined) throw cause;
  });
  return { desk, bundles, open };
}

const outcomes = async (all: readonly Promise<void>[]) =>
  (await Promise.allSettled(all)).map((one) => (one.status === "fulfilled" ? "booked" : (one.reason as Error).message));

describe("CASE-15: what is found out about several steps is booked together", () => {
  //  what comes while the first is being booked              bundles
  test.each<[string, readonly FoundOut[], readonly string[]]>([
    ["nothing", [], ["first"]],
    ["two others", [found("a"), found("b")], ["first", "a b"]],
    ["two visits of one account", [found("a"), found("a"), found("b")], ["first", "a b", "a"]],
    ["steps of two snapshots", [found("a"), found("b", 2), found("c")], ["first", "a c", "b"]],
  ])("%s", async (_, others, bundles) => {
    const { desk, bundles: booked, open } = ledger();
    const all = [found("first"), ...others].map((one) => desk.book(one));
    open();
    expect(await outcomes(all)).toEqual(all.map(() => "booked"));
    expect(booked).toEqual(bundles);
  });

  test("a bundle has a limit", async () => {
    const { desk, bundles, open } = ledger();
    const all = Array.from({ length: BUNDLE_MAX + 2 }, (_, index) => desk.book(found(`a${index}`)));
    open();
    await Promise.all(all);
    expect(bundles.map((names) => names.split(" ").length)).toEqual([1, BUNDLE_MAX, 1]);
  });

  test("a refused bundle is booked one by one, and only what is wrong is refused", async () => {
    const fenced = new ConstraintRefused(null, "liquidation_step_worked_by_its_holder", new Error("fenced off"));
    const { desk, bundles, open } = ledger((names) => (names.includes("b") ? fenced : undefined));
    const all = ["first", "a", "b", "c"].map((name) => desk.book(found(name)));
    open();
    expect(await outcomes(all)).toEqual(["booked", "booked", "fenced off", "booked"]);
    expect(bundles).toEqual(["first", "a b c", "a", "b", "c"]);
  });

  test("a database that is away fails the whole bundle, and the desk goes on", async () => {
    let away = true;
    const { desk, open } = ledger(() => (away ? new DatabaseUnavailable(null, new Error("away")) : undefined));
    open();
    expect(await outcomes(["first", "a", "b"].map((name) => desk.book(found(name))))).toEqual(["away", "away", "away"]);
    away = false;
    expect(await outcomes([desk.book(found("a"))])).toEqual(["booked"]);
  });
});
