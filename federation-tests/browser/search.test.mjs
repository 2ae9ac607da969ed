// What a citizen does first: search, narrow down, open an offer, get in touch. Without any script.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { open, overflows, setting, violations } from "./town.mjs";

describe("search and detail", () => {
  let nodes, chrome, coesfeld;

  setting((here) => ({ nodes, chrome, coesfeld } = here));

  test("a citizen without scripts finds an offer of another town and whom to ask", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    await tab.visit(`${coesfeld}/suche`);
    await tab.page.getByLabel("Was").first().fill("lesen");
    await tab.page.getByLabel("Wo").first().fill("Dülmen");
    await tab.page.getByRole("button", { name: /Suche/ }).first().click();
    await tab.page.waitForURL(/q=lesen/);
    assert.match(await tab.page.locator("main").innerText(), /Vollständig: 6 von 6 Knoten/);
    const offer = tab.page.locator(".cards a").first();
    const title = await offer.innerText();
    await offer.click();
    assert.equal(await tab.page.locator("h1").innerText(), title);
    await tab.page.locator('main a[href^="mailto:"]').first().waitFor();
    tab.check();
    await tab.close();
  });

  // What somebody says who knows nothing of fields, filters and codes; the offer must be about that, and be possible for them.
  for (const [wish, place, about] of [
    ["Ich bin 16 und will etwas mit Tieren machen", "Dülmen", /Tier|Hund|Pferd|Katze/],
    ["Samstags handwerklich helfen", "Aachen", /[Hh]andwerk|[Rr]epar|[Bb]au/],
    ["Von zu Hause aus Kindern beim Lernen helfen", "", /Nachhilfe|[Ll]ern|[Ll]es/],
  ]) {
    test(`a newcomer reaches a fitting offer in three page views: ${wish}`, async () => {
      const tab = await open(chrome, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
      const { page } = tab;
      let views = 0;
      page.on("response", (answer) => (views += answer.request().isNavigationRequest() ? 1 : 0));
      await tab.visit(`${coesfeld}/`);
      const form = page.getByRole("search");
      await form.getByLabel("Was?").fill(wish);
      await form.getByLabel("Wo?").fill(place);
      await form.getByRole("button", { name: "Suchen" }).click();
      const card = page.locator(".cards .card").first();
      assert.match(await card.innerText(), about);
      await card.getByRole("link").first().click();
      assert.match(await page.locator("main").innerText(), about);
      if (place) assert.match(await page.locator(".glance").innerText(), new RegExp(place));
      assert.equal(views, 3);
      tab.check();
      await tab.close();
    });
  }

  test("from an offer the way leads back to the results it was found in, if there were any", async () => {
    const tab = await open(chrome);
    const { page } = tab;
    const back = page.locator(".back a");
    await tab.visit(`${coesfeld}/suche?q=lesen&near=Coesfeld`);
    const results = page.url();
    await page.locator(".cards a").first().click();
    await page.locator(".glance").waitFor();
    assert.equal(await back.innerText(), "Zurück zu den Treffern");
    const offer = page.url();
    await back.click();
    await page.waitForURL(results);
    const kept = await page.evaluate(() => JSON.stringify(sessionStorage));
    assert.equal(kept, JSON.stringify({ treffer: "1" }), "what was looked for is kept nowhere");
    tab.check();
    await tab.close();

    const alone = await open(chrome);
    await alone.visit(offer);
    assert.equal(await alone.page.locator(".back a").innerText(), "Neue Suche");
    assert.match(await alone.page.locator(".back a").getAttribute("href"), /\/suche$/);
    alone.check();
    await alone.close();
  });

  test("every state of a search is a link that shows the same to somebody else", async () => {
    const [one, other] = [await open(chrome), await open(chrome)];
    await one.visit(`${coesfeld}/suche?q=garten&near=D%C3%BClmen&radius_km=20`);
    await other.visit(one.page.url());
    const titles = (tab) => tab.page.locator(".cards h3").allInnerTexts();
    assert.ok((await titles(one)).length > 0);
    assert.deepEqual(await titles(other), await titles(one));
    await Promise.all([one.close(), other.close()]);
  });

  test("the keyboard alone leads past the head, through the form and to the results", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/suche`);
    const focused = () => tab.page.evaluate(() => document.activeElement.id || document.activeElement.getAttribute("href"));
    await tab.page.keyboard.press("Tab");
    assert.equal(await focused(), "#inhalt", "the first stop skips the head");
    const outline = await tab.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.notEqual(outline, "none", "what has the focus is seen");
    await tab.page.keyboard.press("Enter");
    const seen = [];
    for (let step = 0; step < 12 && seen.at(-1) !== "q"; step += 1) {
      await tab.page.keyboard.press("Tab");
      seen.push(await focused());
    }
    assert.equal(seen.at(-1), "q", `${seen}`);
    await tab.page.keyboard.type("lesen");
    await tab.page.keyboard.press("Enter");
    await tab.page.waitForURL(/q=lesen/);
    tab.check();
    await tab.close();
  });

  test("a mistake in the form is said where it is, and nothing typed is lost", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/suche?q=lesen&near=Atlantis`, 400);
    const near = tab.page.locator("#near");
    assert.equal(await near.inputValue(), "Atlantis");
    assert.equal(await tab.page.locator("#q").inputValue(), "lesen");
    const rule = await near.getAttribute("aria-describedby");
    assert.match(await tab.page.locator(`#${rule}`).innerText(), /Postleitzahl/);
    assert.deepEqual(await violations(tab.page), []);
    await tab.close();
  });

  test("an offer that was withdrawn answers 410 and leads on", async () => {
    const tab = await open(chrome);
    const listed = JSON.parse(nodes.run("05558012", "list", "--json"));
    const { id } = listed.find((row) => row.status === "live");
    const url = `${coesfeld}/angebot/05558012/${id}`;
    await tab.visit(url);
    nodes.run("05558012", "withdraw", id);
    await tab.visit(url, 410);
    assert.ok((await tab.page.locator("#anderes ~ .cards .card").count()) > 0, "there is something else");
    assert.equal(await tab.page.locator("main form[role=search]").count(), 1, "the page leads on");
    assert.deepEqual(await violations(tab.page), []);
    await tab.close();
  });

  test("hostile texts of a record run nothing and break no page", async () => {
    // Importers take markup out; what is left are quotes and brackets that would leave an attribute.
    const evil = `"'>< onmouseover="alert(1)" autofocus onfocus='alert(2)' {{7*7}}`;
    const record = {
      title: `Boshaftes ${evil}`.slice(0, 90),
      summary: evil,
      description: `${evil} ${"a\u0301".repeat(1000)} ${"Rindfleischetikettierung".repeat(12)} javascript:alert(4)`,
      organisation: { name: `Verein ${evil}`, url: 'https://verein.example/"onmouseover="alert(5)' },
      places: [{ ags: "05558012" }], source: { system: "boese", id: "1" },
    };
    const plain = { ...record, organisation: { name: record.organisation.name } };
    const files = [record, { ...plain, source: { system: "boese", id: "2" } }];
    const path = nodes.file("boese.jsonl", files.map((line) => JSON.stringify(line)).join("\n"));
    nodes.run("05558012", "import", path, "--source", "boese");
    const tab = await open(chrome, { viewport: { width: 320, height: 800 } });
    await tab.visit(`${coesfeld}/suche?q=Boshaftes`);
    const links = tab.page.locator(".cards h3 a");
    assert.ok((await links.count()) > 0, "the record is shown");
    assert.equal(await overflows(tab.page), false, "the list fits a phone");
    await links.first().click();
    assert.match(await tab.page.locator("h1").innerText(), /onmouseover="alert/, "it is text");
    for (const text of ['"><script>alert(6)</script>', "'\"><img src=x onerror=alert(7)>"]) {
      await tab.visit(`${coesfeld}/suche?q=${encodeURIComponent(text)}`);
      assert.equal(await tab.page.locator("#q").inputValue(), text);
    }
    assert.equal(await overflows(tab.page), false, "the page fits a phone");
    tab.check();
    await tab.close();
  });
});
