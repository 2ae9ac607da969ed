// The guided finder, as people use it: with a mouse, with the keyboard alone, without scripts, back and forth.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { open, overflows, setting, violations } from "./town.mjs";

describe("finder", () => {
  let nodes, chrome, coesfeld;

  setting((here) => ({ nodes, chrome, coesfeld } = here));

  const next = (page) => page.getByRole("button", { name: "Weiter" }).click();
  const total = async (page) => {
    const said = /(\d[\d.]*) Angebot/.exec(await page.locator(".sofar").innerText());
    return said ? Number(said[1].replace(".", "")) : 0;
  };

  for (const javaScriptEnabled of [false, true]) {
    test(`six questions lead to results that say why they fit, scripts ${javaScriptEnabled}`, async () => {
      const tab = await open(chrome, { javaScriptEnabled });
      const { page } = tab;
      await tab.visit(`${coesfeld}/`);
      await page.locator("main").getByRole("link", { name: "Lieber Frage für Frage, mit Bildern" }).click();
      assert.match(await page.title(), /^Frage 1 von 6: Wofür möchten Sie sich einsetzen\?/);
      const all = await total(page);
      const label = page.locator("label", { has: page.locator('[name=wish_field][value=bildung]') });
      const promised = Number(/(\d+) Angebot/.exec(await label.innerText())[1]);
      await label.click();
      await next(page);
      assert.match(await page.title(), /^Frage 2 von 6/);
      assert.equal(await total(page), promised, "what the picture promised is what is left");
      assert.ok(promised < all && promised > 0);
      await page.locator("label", { hasText: "Vorlesen, Lernen, Nachhilfe" }).click();
      await next(page);
      await page.getByRole("link", { name: "Frage überspringen" }).click();
      assert.match(await page.title(), /^Frage 4 von 6/);
      await page.getByLabel("Wo?").fill("Dülmen");
      await next(page);
      await page.getByLabel("Dienstag").check();
      await page.getByLabel("nachmittags").check();
      await next(page);
      assert.match(await page.title(), /^Frage 6 von 6/);
      await page.getByLabel("Wie alt sind Sie?").fill("17");
      await page.getByRole("button", { name: "Ergebnisse ansehen" }).click();
      const url = new URL(page.url());
      assert.equal(url.pathname, "/suche");
      assert.equal(url.searchParams.get("wish_field"), "bildung");
      assert.equal(url.searchParams.get("age"), "17");
      const cards = page.locator(".cards .card");
      assert.ok((await cards.count()) > 0);
      assert.match(await cards.first().locator(".fits .yes").innerText(), /Passt:.*Luftlinie.*Bereich Bildung/);
      for (const fits of await page.locator(".fits .yes").allInnerTexts()) assert.match(fits, /Bereich|Luftlinie|Hause/);
      // The link is the search: somebody else sees the same.
      const other = await open(chrome);
      await other.visit(page.url());
      const titles = (where) => where.locator(".cards h3").allInnerTexts();
      assert.deepEqual(await titles(other.page), await titles(page));
      await other.close();
      tab.check();
      await tab.close();
    });
  }

  test("a newcomer reaches a fitting offer in four page views", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    const { page } = tab;
    const views = [];
    page.on("response", (answer) => {
      if (answer.request().isNavigationRequest()) views.push(answer.url());
    });
    await tab.visit(`${coesfeld}/`);
    await page.locator(".guide a").click();
    await page.locator("label", { hasText: "Umwelt, Klima" }).first().click();
    await page.getByRole("button", { name: "Ergebnisse ansehen" }).click();
    await page.locator(".cards h3 a").first().click();
    assert.match(await page.locator(".glance").innerText(), /Umwelt, Klima, Natur und Tiere/);
    assert.equal(views.length, 4, `${views}`);
    tab.check();
    await tab.close();
  });

  test("pages and programs get the same matches in the same order", async () => {
    const wish = "direction=seek&near=D%C3%BClmen&wish_field=kultur&wish_field=sport&wish_target=kinder&wish_time=pm&need=stufenlos&age=16";
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/suche?${wish}`);
    const shown = await tab.page.locator(".cards h3").allInnerTexts();
    const answer = await (await fetch(`${coesfeld}/api/v1/match?${wish}`)).json();
    assert.deepEqual(answer.data.map(({ title }) => title), shown);
    assert.ok(answer.data.length > 10 && answer.data.every(({ reasons }) => reasons.length > 0));
    const needs = (verdict) => answer.data.filter(({ reasons }) => reasons.some((one) => one.about === "need" && one.verdict === verdict));
    assert.ok(needs("for").length > 0 && needs("against").length === 0, "what lacks a need is not there");
    await tab.close();
  });

  test("back and forth loses no answer, and an answer can be changed from the results", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    const { page } = tab;
    await tab.visit(`${coesfeld}/finden/5`);
    await page.getByLabel("Samstag").check();
    await page.getByRole("button", { name: "Zurück" }).click();
    assert.match(await page.title(), /^Frage 4 von 6/);
    await page.getByLabel("Wo?").fill("48653");
    await next(page);
    assert.equal(await page.getByLabel("Samstag").isChecked(), true, "the box that was left unsent is kept");
    await page.getByRole("button", { name: "Ergebnisse ansehen" }).click();
    await page.getByRole("link", { name: "Antworten ändern" }).first().click();
    assert.match(await page.title(), /^Frage 4 von 6/, "the first question that was answered");
    assert.equal(await page.getByLabel("Wo?").inputValue(), "48653");
    await page.locator(".stages a", { hasText: "Wann?" }).click();
    assert.equal(await page.getByLabel("Samstag").isChecked(), true);
    tab.check();
    await tab.close();
  });

  test("the keyboard alone answers, sees where it is and is never caught", async () => {
    const tab = await open(chrome);
    const { page } = tab;
    await tab.visit(`${coesfeld}/finden`);
    const seen = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const here = document.activeElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(here);
        const all = [...document.querySelectorAll("a[href], button, input, select, summary")];
        return {
          index: all.indexOf(here), what: here.getAttribute("value") ?? here.textContent.trim(),
          visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, inMain: !!here.closest("main"),
        };
      });
      if (at.index === -1 || seen.some((one) => one.index === at.index)) break;
      assert.ok(at.visible, `the focus on ${at.what} is seen`);
      seen.push(at);
    }
    const order = seen.map((one) => one.index);
    assert.deepEqual(order, [...order].sort((one, two) => one - two), "the focus goes the way of the page");
    assert.ok(seen.some((one) => one.what === "Weiter") && seen.length > 25, `${seen.length} stops`);
    await tab.visit(`${coesfeld}/finden`);
    await page.locator('[name=wish_field][value=sport]').focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/finden\/2\?.*wish_field=sport/);
    tab.check();
    await tab.close();
  });

  test("a mistake leads to its question, is said there and loses nothing else", async () => {
    const tab = await open(chrome);
    const { page } = tab;
    const at = async (query, number, name, rule) => {
      await tab.visit(`${coesfeld}/finden/5?wish_field=sport&${query}`, 400);
      assert.match(await page.title(), new RegExp(`^Fehler: Frage ${number} von 6`));
      const described = await page.locator(`#${name}`).getAttribute("aria-describedby");
      assert.match(await page.locator(`#${described}`).innerText(), rule);
      assert.equal(await page.locator('[type=hidden][name=wish_field]').inputValue(), "sport");
      assert.deepEqual(await violations(page), []);
    };
    await at("near=Atlantis", 4, "near", /Atlantis/);
    await at("age=alt", 6, "age", /1 bis 120/);
    await tab.visit(`${coesfeld}/finden/7`, 404);
    tab.check();
    await tab.close();
  });

  test("no answer leaves with a referrer, and the page says who keeps it: nobody", async () => {
    const tab = await open(chrome);
    const answer = await tab.visit(`${coesfeld}/finden/2?wish_field=sport&need=rollstuhl_wc&age=17`);
    assert.equal(answer.headers()["referrer-policy"], "no-referrer");
    const sent = [];
    tab.page.on("request", (request) => sent.push(request.headers().referer));
    await next(tab.page);
    await tab.page.waitForURL(/\/finden\/3/);
    assert.ok(sent.length > 0 && sent.every((referrer) => !referrer), `${sent}`);
    assert.match(await tab.page.locator(".private").innerText(), /Wir speichern sie nicht/);
    await tab.close();
  });

  test("a gate leaves out and the page of weights says every number", async () => {
    const list = async (query) => (await fetch(`${coesfeld}/api/v1/match?limit=100&${query}`)).json();
    const [free, gated] = [await list("direction=seek"), await list("direction=seek&age=13&not_field=kirche")];
    assert.ok(gated.total < free.total && gated.total > 0);
    for (const { age_min, fields } of gated.data) {
      assert.ok(!(age_min > 13) && !(fields ?? []).includes("kirche"));
    }
    assert.ok(gated.data.every((one, at) => at === 0 || gated.data[at - 1].score >= one.score), "best first");
    assert.equal(gated.coverage.nodes, 6);
    const refused = await fetch(`${coesfeld}/api/v1/match?need=fliegen`);
    const problem = await refused.json();
    assert.deepEqual([refused.status, problem.parameter], [400, "need"]);
    assert.match(refused.headers.get("content-type"), /application\/problem\+json/);
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/finden/gewichtung`);
    const points = await tab.page.locator("tbody tr").evaluateAll((rows) => rows.map((row) => Number(row.cells[1].textContent)));
    const published = Object.values(free.weights).sort((one, two) => two - one);
    assert.deepEqual(points, published, "the page and the interface say the same numbers");
    await tab.close();
  });

  test("nothing found leads to the questions and keeps what was asked", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/suche?q=xyzzyqwertz&need=dgs`);
    await tab.page.locator(".empty a.button").first().click();
    assert.match(tab.page.url(), /\/finden\?need=dgs$/, "the answers, and not the words that found nothing");
    assert.ok((await total(tab.page)) > 0);
    await tab.visit(`${coesfeld}/suche?q=xyzzyqwertz`);
    await tab.page.locator(".empty a.button").first().click();
    assert.equal(new URL(tab.page.url()).pathname, "/finden");
    await tab.close();
  });

  test("hostile answers run nothing and break no page", async () => {
    const tab = await open(chrome, { viewport: { width: 320, height: 800 } });
    for (const text of ['"><script>alert(6)</script>', "'\"><img src=x onerror=alert(7)>", "\u202e".repeat(30), "a\u0301".repeat(300)]) {
      await tab.visit(`${coesfeld}/finden/4?near=${encodeURIComponent(text)}`, 400);
      assert.equal(await overflows(tab.page), false, text);
      await tab.visit(`${coesfeld}/schalter?q=${encodeURIComponent(text)}`, text.length > 200 ? 400 : 200);
      assert.equal(await overflows(tab.page), false, text);
    }
    tab.check();
    await tab.close();
  });
});
