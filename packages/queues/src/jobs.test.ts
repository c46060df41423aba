import { describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import { LIQUIDATION_ENGINE_VERSION, JOB_SCHEMA_VERSION, JobRefused, lookAgainJob, parseLookAgainJob } from "./jobs.js";
import { lookAgainJobId } from "./job-ids.js";

const job = lookAgainJob(accountId("acct-42"), 91);

describe("a look-again job", () => {
  test("survives the queue's JSON", () => {
    expect(parseLookAgainJob(JSON.parse(JSON.stringify(job)))).toEqual(job);
  });

  test("CASE-9: of an older engine is understood, because it carries no conclusion", () => {
    expect(parseLookAgainJob(lookAgainJob(accountId("acct-42"), 91, LIQUIDATION_ENGINE_VERSION - 1))).toMatchObject({
      sequence: 91,
    });
  });

  test("has an id without colons that names account and snapshot", () => {
    expect(lookAgainJobId(job)).toBe("look-again.acct-42.91");
  });

  //  what is wrong with it            payload
  test.each([
    ["a newer version", { ...job, schemaVersion: JOB_SCHEMA_VERSION + 1 }],
    ["no version", { account: "acct-42", sequence: 91 }],
    ["a newer engine", { ...job, engineVersion: LIQUIDATION_ENGINE_VERSION + 1 }],
    ["an engine that is no number", { ...job, engineVersion: "newest" }],
    ["a conclusion beside the identity", { ...job, state: "LIQUIDATABLE" }],
    ["an account that is no id", { ...job, account: "acct 42; drop" }],
    ["a sequence as text", { ...job, sequence: "91" }],
    ["a negative sequence", { ...job, sequence: -1 }],
    ["nothing at all", null],
    ["a list", [job]],
  ])("is refused with %s", (_, payload) => {
    expect(() => parseLookAgainJob(payload)).toThrow(JobRefused);
  });
});
