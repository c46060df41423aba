import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { root, toolEnvironment } from "../scripts/workspace.mjs";

/*
 * What a risk officer sees: `npm start` plays a small exchange through the first hours of the crash, and Chromium looks at
 * every page of the console. Screenshots are left in e2e/screenshots, to be looked at by people.
 */

const browserPath = process.env.CHROMIUM_PATH;
const SCREENSHOTS = path.join(import.meta.dirname, "screenshots");
const PLAYED = ["--accounts", "150", "--hours", "12", "--seed", "3"];

let state;
let starter;
let browser;
let page;
let signIn;
/** What the page complained about: exceptions, and requests that failed. */
const complaints = [];

async function startExchange() {
  state = mkdtempSync(path.join(tmpdir(), "ballast console "));
  chmodSync(state, 0o711);
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...env } = toolEnvironment();
  const child = spawn(process.execPath, [path.join(root, "scripts/start.mjs"), ...PLAYED], {
    cwd: root,
    env: { ...env, BALLAST_STATE_DIR: state },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let output = "";
  const ready = new Promise((resolve, reject) => {
    const read = (text) => {
      output += text;
      if (output.includes("Ctrl-C stops everything")) resolve();
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    void ended.then((code) => reject(new Error(`npm start ended with ${code}\n${output}`)));
  });
  await ready;
  const [, address] = /Console\s+(\S+)/.exec(output);
  const [, name, password] = /sign in as (\S+) with (\S+)/.exec(output);
  return {
    address,
    name,
    password,
    async stop() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

/** The page as it is once its questions have been answered. */
async function look(name) {
  await page.waitForFunction(() => document.querySelector("[aria-label=Loading]") === null);
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
  return page.locator("main, form").first().innerText();
}

async function goTo(name) {
  await page.getByRole("navigation").getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

const start = async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  starter = await startExchange();
  browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  await page.goto(starter.address);
  signIn = async (password) => {
    await page.locator("input[name=name]").fill(starter.name);
    await page.locator("input[name=password]").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
};

(browserPath ? describe : describe.skip)("the console, after the first hours of the crash", () => {
  beforeAll(start, 600_000);
  afterAll(async () => {
    await browser?.close();
    await starter?.stop();
    rmSync(state, { recursive: true, force: true });
  });

  test("lets nobody in without the password", async () => {
    await page.getByRole("heading", { name: "Ballast" }).waitFor();
    await signIn("not the password");
    await page.getByRole("alert").waitFor();
    expect(await look("sign-in")).toContain("Trace");
    expect(new Set(complaints.splice(0))).toEqual(new Set(["401 /v1/admin/session"]));
    await signIn(starter.password);
    await page.getByRole("heading", { name: "Overview" }).waitFor();
  });

  test("overview: the books balance, somebody was liquidated, and the fund has moved", async () => {
    await page.getByText("chains and balances verified").waitFor();
    const text = await look("overview");
    expect(text).toContain("balanced");
    expect(text).not.toContain("NOT balanced");
    expect(text).toContain("152 accounts");
    expect(text).toContain("Riskiest accounts");
    const fund = /Insurance fund at start\s+(.+)\n.*Insurance fund now, without positions\s+(.+)\n/s.exec(text);
    expect(fund?.[1]).not.toBe(fund?.[2]);
    expect(text).toMatch(/REDUCED\s+[1-9]|TAKEN OVER\s+[1-9]|BANKRUPT \w+\s+[1-9]/);
  });

  test("accounts: nearest to liquidation first, by kind and by state", async () => {
    await goTo("Accounts");
    expect(await look("accounts")).toMatch(/u\d+\s+HEALTHY|u\d+\s+MARGIN CALL/);
    await page.getByText("market maker", { exact: true }).click();
    await page.getByRole("link", { name: /^mm/ }).first().waitFor();
    await page.getByText("user", { exact: true }).click();
    await page.getByRole("link", { name: /^u\d/ }).first().waitFor();
  });

  test("one account: from collateral to margin, its positions, its ledger", async () => {
    const link = page.getByRole("link", { name: /^u\d/ }).first();
    const id = await link.innerText();
    await link.click();
    await page.getByRole("heading", { level: 1, name: id }).waitFor();
    await page.getByRole("img", { name: "Margin, from collateral to what is available" }).waitFor();
    const text = await look("account");
    for (const part of ["Equity", "Maintenance margin", "Positions at marks", "Ledger, newest first", "collateral"]) {
      expect(text).toContain(part);
    }
    await page.getByRole("button", { name: "Show as table" }).click();
    expect(await look("account-table")).toMatch(/Available margin\s+-?[\d,]+\.\d\d USD/);
  });

  test("risk: the riskiest first, in any order, and the reasons of one of them", async () => {
    await goTo("Risk");
    const text = await look("risk");
    expect(text).toContain("Accounts by risk score");
    expect(text).toMatch(/estimates of \d{4}-\d\d-\d\d \(ballast-hybrid\)/);
    expect(text).toContain("stressed standard deviations of a day");
    const scores = [...text.matchAll(/^u\d+\s+[A-Z ]+\s+(\d+\.\d)/gm)].map(([, score]) => Number(score));
    expect(scores.length).toBeGreaterThan(10);
    expect(scores).toEqual([...scores].sort((left, right) => right - left));
    await page.getByRole("button", { name: "Equal bets" }).click();
    await page.getByRole("columnheader", { name: "Equal bets" }).and(page.locator("[aria-sort=descending]")).waitFor();
    await page.getByRole("button", { name: "Score" }).click();
    const riskiest = page.getByRole("link", { name: /^u\d/ }).first();
    const id = await riskiest.innerText();
    await riskiest.click();
    await page.getByRole("heading", { level: 1, name: id }).waitFor();
    await page.getByRole("img", { name: /^What a day may change/ }).waitFor();
    const account = await look("risk-account");
    expect(account).toContain("of 100; advice, liquidates nobody");
    expect(account).toContain("Deviations to maintenance margin");
  });

  test("liquidations: what has closed, and what was done in one of them", async () => {
    await goTo("Liquidations");
    const closed = page.getByRole("button", { name: /#\d+$/ }).first();
    await closed.waitFor();
    expect(await look("liquidations")).toContain("Closed, newest first");
    await closed.click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("heading", { level: 3 }).first().waitFor();
    expect(await drawer.innerText()).toMatch(/The waterfall|what they traded at/);
    await look("liquidation");
    await drawer.getByLabel("Close").click();
    await drawer.waitFor({ state: "detached" });
  });

  test("nothing on the way has failed, and signing out ends it", async () => {
    expect(complaints).toEqual([]);
    await page.getByRole("button", { name: /^Sign out/ }).click();
    await page.getByRole("heading", { name: "Ballast" }).waitFor();
    expect(await starter.stop()).toBe(0);
  });
});
