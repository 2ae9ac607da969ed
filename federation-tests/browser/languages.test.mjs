// The pages in every language: links stay within it, the switch keeps the page, what a record says stays German and is
// marked so, and no page of any language has a barrier that a program can find.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { first, open, overflows, setting, violations } from "./town.mjs";

const LANGUAGES = { en: "/en", "de-simple": "/de-simple" };
const DRESSES = {
  light: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 320, height: 640 } },
};
const PAGES = {
  "the start page": ["/"],
  "a municipality": ["/ort/coesfeld"],
  "a Kreis": ["/ort/kreis-coesfeld"],
  "a field": ["/feld/bildung"],
  "the imprint": ["/impressum"],
  "data protection": ["/datenschutz"],
  "the accessibility statement": ["/barrierefreiheit"],
  "the network": ["/netz"],
  "the list of kept opportunities": ["/merkliste"],
  "the interface": ["/api"],
  "embedding": ["/einbetten?field=sport"],
  "results": ["/suche?q=lesen&near=D%C3%BClmen"],
  "nothing found": ["/suche?q=xyzzyqwertz"],
  "the first question": ["/finden"],
  "the question for times": ["/finden/5?wish_day=sa"],
  "the last question": ["/finden/6?need=stufenlos&age=17"],
  "results of a wish": ["/suche?direction=seek&near=D%C3%BClmen&wish_field=bildung&wish_day=tu&need=stufenlos"],
  "the weights": ["/finden/gewichtung"],
  "the desk": ["/schalter?q=lesen"],
  "a mistake": ["/suche?near=Atlantis", 400],
  "a mistake in the distance": ["/suche?q=lesen&near=Coesfeld&radius_km=abc", 400],
  "what was understood": ["/suche?q=lesen+mit+kindern+am+samstag+in+d%C3%BClmen"],
  "a page that does not exist": ["/gibt-es-nicht", 404],
  "an offer": ["offer"],
};

describe("languages", () => {
  let chrome, coesfeld, offer;

  setting(async (here) => {
    ({ chrome, coesfeld } = here);
    const { node, id } = await first(coesfeld, "ags=05558012");
    offer = `/angebot/${node}/${id}`;
  });

  for (const [language, prefix] of Object.entries(LANGUAGES)) {
    for (const [name, [path, status]] of Object.entries(PAGES)) {
      for (const [dress, options] of Object.entries(DRESSES)) {
        test(`${language}: ${name}, ${dress}`, async () => {
          const tab = await open(chrome, options);
          const here = path === "offer" ? offer : path;
          await tab.visit(`${coesfeld}${prefix}${here === "/" ? "" : here}`, status);
          assert.equal(await tab.page.locator("html").getAttribute("lang"), language);
          assert.deepEqual(await violations(tab.page), []);
          assert.equal(await overflows(tab.page), false, "nothing is wider than the window");
          assert.doesNotMatch(await tab.page.content(), /[\ufdd0\ufdd1]/, "marks of German words became markup");
          // Only the switch of languages and what programs read lie outside of the language.
          const own = (links) => links.map((link) => link.getAttribute("href"));
          const hrefs = await tab.page.locator('body a[href^="/"]:not([hreflang]):not([href^="/api/v1/"])').evaluateAll(own);
          assert.deepEqual(hrefs.filter((href) => href !== prefix && !href.startsWith(`${prefix}/`)), []);
          tab.check();
          await tab.close();
        });
      }
    }
  }

  test("the switch keeps the page, its words and its filters, without scripts", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    await tab.visit(`${coesfeld}/suche?q=lesen&near=D%C3%BClmen&field=bildung`);
    const titles = () => tab.page.locator(".cards h3").allInnerTexts();
    const german = await titles();
    assert.ok(german.length > 0);
    await tab.page.getByRole("link", { name: "English" }).click();
    assert.match(tab.page.url(), /\/en\/suche\?q=lesen&near=D%C3%BClmen&field=bildung$/);
    assert.match(await tab.page.locator("#treffer").innerText(), /result/);
    assert.deepEqual(await titles(), german, "the records are the same");
    assert.equal(await tab.page.locator(".cards h3").first().getAttribute("lang"), "de");
    assert.equal(await tab.page.locator('[aria-current="true"]').innerText(), "English");
    await tab.page.locator(".cards h3 a").first().click();
    assert.match(tab.page.url(), /\/en\/angebot\//, "a link stays in the language");
    await tab.page.getByRole("link", { name: "Einfache Sprache" }).click();
    assert.match(tab.page.url(), /\/de-simple\/angebot\//);
    await tab.page.getByRole("link", { name: "Deutsch", exact: true }).click();
    assert.doesNotMatch(new URL(tab.page.url()).pathname, /^\/(en|de-simple)/);
    assert.equal(await tab.page.locator("h1").innerText(), german[0]);
    tab.check();
    await tab.close();
  });

  test("German words on an English page are marked as German", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    const german = (selector) => tab.page.locator(`${selector} [lang="de"]`).allInnerTexts();
    await tab.visit(`${coesfeld}/en/suche?q=lesen+mit+kindern+am+samstag+in+d%C3%BClmen`);
    assert.ok((await german(".chips")).includes("am samstag"), "a chip quotes what was typed");
    assert.ok((await german("#treffer")).includes("lesen mit kindern am samstag in dülmen"));
    assert.deepEqual(await german("label[for=q]"), ["Vorlesen am Dienstag"]);
    assert.ok((await german(".card .by")).length > 0, "an organisation has a German name");
    await tab.visit(`${coesfeld}/en/schalter?q=lesen+samstag`);
    assert.ok((await german(".desk")).includes("samstag"));
    assert.match(await tab.page.locator(".desk").innerText(), /Understood: “samstag”/);
    tab.check();
    await tab.close();
  });

  test("what is passed on stays in the language, and so does the way to Leichte Sprache", async () => {
    const tab = await open(chrome);
    for (const [language, prefix] of Object.entries(LANGUAGES)) {
      await tab.visit(`${coesfeld}${prefix}${offer}`);
      const share = await tab.page.locator("[data-share]").getAttribute("data-share");
      assert.equal(new URL(share).pathname, `${prefix}${offer}`);
      const search = await tab.page.locator('head link[rel="search"]').getAttribute("href");
      const opensearch = await (await fetch(new URL(search, coesfeld))).text();
      assert.ok(opensearch.includes(`${prefix}/suche?q=`), opensearch);
      await tab.page.locator('header [hreflang="de-simple"]').last().click();
      assert.equal(new URL(tab.page.url()).pathname, `${prefix}/leichte-sprache`);
      assert.equal(await tab.page.locator("html").getAttribute("lang"), language, "the frame stays");
      assert.equal(await tab.page.locator("main section").first().getAttribute("lang"), "de-simple");
      assert.deepEqual(await violations(tab.page), []);
      await tab.page.locator('header [hreflang="en"]').click();
      assert.equal(new URL(tab.page.url()).pathname, "/en/leichte-sprache", "the switch keeps the page");
    }
    tab.check();
    await tab.close();
  });

  test("a refusal keeps what was typed", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    await tab.visit(`${coesfeld}/en/suche?q=lesen&radius_km=abc&near=Coesfeld`, 400);
    assert.equal(await tab.page.locator("#q").inputValue(), "lesen");
    assert.equal(await tab.page.locator("#near").inputValue(), "Coesfeld");
    const rule = await tab.page.locator("#radius_km").getAttribute("aria-describedby");
    assert.match(await tab.page.locator(`#${rule}`).innerText(), /must be a number/);
    tab.check();
    await tab.close();
  });

  test("a typo is understood in every language, and nothing found leads on in it", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    for (const prefix of ["", ...Object.values(LANGUAGES)]) {
      await tab.visit(`${coesfeld}${prefix}/suche?q=Grundshule`);
      assert.match(await tab.page.locator('main [role="status"]').first().innerText(), /Grundschule/);
      await tab.visit(`${coesfeld}${prefix}/suche?q=xyzzyqwertz`);
      await tab.page.locator(".empty a.quiet").click();
      assert.equal(new URL(tab.page.url()).pathname, `${prefix}/suche`);
      assert.ok((await tab.page.locator(".cards h3").count()) > 0);
    }
    tab.check();
    await tab.close();
  });
});
