// Our results on somebody else's page: a town's website of another origin shows them in a frame and as a piece of HTML.
// Nothing is set, nothing runs, nobody else is asked; no other page of ours can be put into a frame.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, describe, test } from "node:test";

import { open, setting, violations } from "./town.mjs";

describe("embedding", () => {
  let chrome, coesfeld, site, town;
  let shown = "";

  setting(async (here) => {
    ({ chrome, coesfeld } = here);
    // The page of a town that has nothing to do with us.
    site = createServer((_, answer) => {
      answer.setHeader("content-type", "text/html; charset=utf-8");
      answer.end(`<!doctype html><html lang="de"><title>Stadt</title><main><h1>Unsere Stadt</h1>${shown}</main></html>`);
    });
    await new Promise((listening) => site.listen(0, "127.0.0.1", listening));
    town = `http://127.0.0.1:${site.address().port}/`;
  });
  after(async () => {
    await new Promise((closed) => site.close(closed));
  });

  // Opens the town's page and returns what it asked for and what it was told to keep.
  const visit = async (html) => {
    shown = html;
    const context = await chrome.newContext();
    const page = await context.newPage();
    const [asked, wrong] = [[], []];
    page.on("request", (request) => asked.push(request));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    page.on("pageerror", (error) => wrong.push(String(error)));
    await page.goto(town);
    return { context, page, asked, wrong };
  };

  const ours = (requests) => requests.map((request) => request.url()).filter((url) => !url.startsWith(town));

  test("a frame of a search works on a page of another origin, sets nothing and asks nobody else", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/suche?q=lesen`);
    await tab.page.getByRole("link", { name: "Diese Suche auf der eigenen Seite zeigen" }).click();
    await tab.page.getByLabel("Wie viele?").selectOption("3");
    await tab.page.getByRole("button", { name: "Übernehmen" }).click();
    const code = await tab.page.locator("#code").inputValue();
    assert.deepEqual(await violations(tab.page), []);
    tab.check();
    await tab.close();

    const { context, page, asked, wrong } = await visit(code);
    const frame = page.frameLocator("iframe");
    const link = frame.locator("li a").first();
    assert.equal(await frame.locator("li").count(), 3);
    assert.match(await frame.locator("small").innerText(), /Vollständig: 6 von 6 Knoten/);
    assert.ok(ours(asked).length >= 2 && ours(asked).every((url) => url.startsWith(coesfeld)), `${ours(asked)}`);
    for (const request of asked.filter((one) => one.url().startsWith(coesfeld))) {
      assert.equal((await request.allHeaders()).referer?.startsWith(town) ?? false, false, "nobody tells us who embeds");
      assert.equal((await (await request.response()).allHeaders())["set-cookie"], undefined);
    }
    const inner = page.frames().find((one) => one.url().startsWith(coesfeld));
    assert.equal(await inner.evaluate(() => getComputedStyle(document.querySelector("li")).listStyleType), "none", "it is styled");
    assert.deepEqual(await context.cookies(), []);
    const [offer] = await Promise.all([context.waitForEvent("page"), link.click()]);
    await offer.waitForLoadState();
    assert.match(offer.url(), new RegExp(`^${coesfeld}/angebot/`));
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("the page in the frame has no barrier that a program finds, in every language", async () => {
    for (const prefix of ["", "/en", "/de-simple"]) {
      const tab = await open(chrome, { viewport: { width: 320, height: 640 } });
      const answer = await tab.page.goto(`${coesfeld}${prefix}/einbetten/rahmen?q=lesen&limit=3`);
      assert.match(answer.headers()["content-security-policy"], /^default-src 'none'; [^*]*form-action 'none'[^*]*frame-ancestors \*$/);
      assert.deepEqual(await violations(tab.page), []);
      await tab.close();
    }
  });

  test("a piece that the town's server puts in needs nothing of us in the browser", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/einbetten?q=lesen&limit=3`);
    const address = await tab.page.locator("#adresse").inputValue();
    await tab.close();
    const piece = await (await fetch(address)).text();
    const { context, page, asked, wrong } = await visit(piece);
    assert.equal(await page.locator(".engagementnetz li").count(), 3);
    assert.deepEqual(ours(asked), [], "only the town's server asked us");
    await page.locator(".engagementnetz li a").first().click();
    assert.match(page.url(), new RegExp(`^${coesfeld}/angebot/`));
    assert.deepEqual(wrong, []);
    await context.close();
  });

  test("no other page can be put into a frame", async () => {
    for (const path of ["/", "/suche?q=lesen", "/einbetten", "/merkliste"]) {
      const { context, page, wrong } = await visit(`<iframe src="${coesfeld}${path}" title="Rahmen"></iframe>`);
      await page.waitForLoadState("networkidle");
      assert.match(wrong.join(), /frame-ancestors/, path);
      assert.equal(await page.frameLocator("iframe").locator("main").count(), 0, path);
      await context.close();
    }
  });
});
