// The demo as a process, a real Chromium, and what every page must keep: no error in its console, no request to
// anybody else, no breach of its content security policy, no accessibility violation.
//
// Nothing sleeps: the demo prints a line when all of its nodes are complete, and the browser says when a page is
// loaded. What breaks here fails the test that asked for it.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 320, height: 640 };

/** How a page is looked at. */
export const DRESSES = {
  light: { viewport: DESKTOP },
  dark: { viewport: DESKTOP, colorScheme: "dark" },
  phone: { viewport: PHONE },
  contrast: { viewport: DESKTOP, forcedColors: "active" },
  // 200 % text on a desktop is what a window of half the width shows.
  large: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
};

/** Where the program under test lies: `ENGAGEMENT_NODE`, or the build of this workspace. */
export function program() {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = process.env.ENGAGEMENT_NODE ?? join(target, "debug", "engagement-node");
  assert.ok(existsSync(path), `${path} is missing: run cargo build -p engagement-node first`);
  return path;
}

/** Starts the demo and returns its nodes by name once all of them are complete. */
export async function demo() {
  const dir = mkdtempSync(join(tmpdir(), "engagement-browser-"));
  const child = spawn(program(), ["demo", "--dir", dir], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const nodes = new Map();
  let name = "";
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("http://")) nodes.set(name, line.trim());
    else name = line.split(":")[0];
    if (line.startsWith("Strg-C")) break;
  }
  child.stdout.resume();
  assert.ok(nodes.size >= 6, "the demo has started");
  return {
    url: (node) => nodes.get(node) ?? assert.fail(`no node ${node}`),
    /** Runs a command on the directory of a node, as its operator. */
    run(id, ...words) {
      const done = spawnSync(program(), [...words, "--dir", join(dir, id)], { encoding: "utf8" });
      assert.equal(done.status, 0, `${words[0]}: ${done.stderr}`);
      return done.stdout;
    },
    /** Writes a file that a command reads, and returns where it lies. */
    file(name, text) {
      writeFileSync(join(dir, name), text);
      return join(dir, name);
    },
    async stop() {
      child.kill("SIGINT");
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts Chromium. */
export function browser() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({
    executablePath,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}

/**
 * Starts the demo and Chromium before the tests of a suite and ends both after them.
 *
 * `begin` is called once both are there, with the demo's nodes, the browser and the address of the town that most tests look at.
 */
export function setting(begin) {
  let nodes, chrome;
  before(async () => {
    [nodes, chrome] = await Promise.all([demo(), browser()]);
    await begin({ nodes, chrome, coesfeld: nodes.url("Stadt Coesfeld") });
  });
  after(async () => {
    await chrome?.close();
    await nodes?.stop();
  });
}

/** Returns node and id of the first opportunity that a search finds. */
export async function first(url, query) {
  const answer = await fetch(`${url}/api/v1/opportunities?limit=1&${query}`);
  const [{ node, id }] = (await answer.json()).data;
  return { node, id };
}

/** Opens a page that is watched; `watch.check()` fails if it has misbehaved since. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ locale: "de-DE", ...options });
  const page = await context.newPage();
  const wrong = [];
  let own = "";
  // The browser itself reports every answer that is an error; those are looked at by their status.
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load resource")) wrong.push(text);
  });
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("dialog", (dialog) => {
    wrong.push(`a script ran: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (own && url.protocol !== "data:" && url.origin !== own) wrong.push(`foreign: ${url}`);
  });
  return {
    page,
    async visit(url, status = 200) {
      own = new URL(url).origin;
      const answer = await page.goto(url);
      assert.equal(answer.status(), status, url);
      const policy = answer.headers()["content-security-policy"] ?? "";
      assert.match(policy, /default-src 'none'/, url);
      assert.doesNotMatch(policy, /unsafe-|https?:|\*/, url);
      return answer;
    },
    check() {
      assert.deepEqual(wrong, []);
    },
    close: () => context.close(),
  };
}

/** Returns what axe finds on a page, one line each. */
export async function violations(page) {
  // Through the debugger: the page's own policy forbids every foreign script, and stays as it is.
  await page.evaluate(AXE);
  const found = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
    RULES,
  );
  const where = (violation) => violation.nodes.map((node) => node.target.join(" ")).join(", ");
  return found.violations.map((violation) => `${violation.id}: ${where(violation)}`);
}

/** Returns whether the page is wider than its window. */
export function overflows(page) {
  const wide = () => document.documentElement.scrollWidth > document.documentElement.clientWidth;
  return page.evaluate(wide);
}
