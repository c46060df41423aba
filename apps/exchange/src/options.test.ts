import { expect, test } from "@jest/globals";
import { BadOption, readOptions } from "./options.js";

const HERE = {
  API_URL: "http://127.0.0.1:7300/",
  BALLAST_EXCHANGE_KEY_ID: "exchange",
  BALLAST_EXCHANGE_KEY_SECRET: "s",
};

test("without options: seed 1, 2,000 accounts, the whole scenario", () => {
  expect(readOptions([], HERE)).toEqual({
    seed: "1",
    scenarioFile: undefined,
    event: undefined,
    accounts: 2000,
    hoursMax: undefined,
    apiUrl: "http://127.0.0.1:7300",
    keyId: "exchange",
    secret: "s",
  });
});

test("--quick is fewer accounts and hours, and gives way to what is said", () => {
  expect(readOptions(["--quick"], HERE)).toMatchObject({ accounts: 200, hoursMax: 12 });
  expect(readOptions(["--quick", "--hours", "3"], HERE)).toMatchObject({ accounts: 200, hoursMax: 3 });
});

test("a seed is a number: leading zeros do not make another exchange", () => {
  expect(readOptions(["--seed", "007"], HERE)).toMatchObject({ seed: "7" });
});

test("--help asks for nothing else", () => {
  expect(readOptions(["--help"], {})).toBe("HELP");
});

//  what is wrong            command line              environment            what is said
test.each([
  ["a seed with a sign", ["--seed=-1"], HERE, "--seed: expected a whole number"],
  ["a seed of words", ["--seed", "x"], HERE, "--seed: expected a whole number"],
  ["too few accounts", ["--accounts", "99"], HERE, "--accounts: expected a whole number from 100 to 20000; found 99"],
  ["half an hour", ["--hours", "0.5"], HERE, "--hours: expected a whole number"],
  ["an unknown option", ["--fast"], HERE, "--fast"],
  ["no API", [], { ...HERE, API_URL: "" }, "expected the environment to say API_URL"],
  ["no key", [], { API_URL: "x" }, "expected the environment to say BALLAST_EXCHANGE_KEY_ID"],
] as const)("refused: %s", (_, args, environment, said) => {
  expect(() => readOptions(args, environment)).toThrow(BadOption);
  expect(() => readOptions(args, environment)).toThrow(said);
});
