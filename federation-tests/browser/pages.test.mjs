// The pages around the search: start, places, fields, organisations, legal texts, feeds. Without any script.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { first, open, setting } from "./town.mjs";

const BUDGET = 60_000;
const BUDGET_AFTER = 15_000;

describe("pages around the search", () => {
  let nodes, chrome, coesfeld;

  setting((here) => ({ nodes, chrome, coesfeld } = here));

  test("from the start page to a fitting offer in three page views, without scripts", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    await tab.visit(`${coesfeld}/`);
    const tile = tab.page.locator('.tiles a[href="/feld/bildung"]');
    const promised = Number(/[\d.]+/.exec(await tile.locator("span span").innerText())[0].replace(".", ""));
    await tile.click();
    assert.match(await tab.page.locator("h1").innerText(), /Bildung/);
    assert.match(await tab.page.locator(".under").innerText(), new RegExp(`\\b${promised}\\b`), "the tile promised it");
    const offer = tab.page.locator(".cards h3 a").first();
    const title = await offer.innerText();
    await offer.click();
    assert.equal(await tab.page.locator("h1").innerText(), title);
    await tab.page.locator("#aehnlich").waitFor();
    tab.check();
    await tab.close();
  });

  test("the map leads to a Kreis, its map to a town, and the town to its neighbours", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/`);
    await tab.page.locator('.places a[href="/ort/kreis-coesfeld"]').click();
    assert.equal(await tab.page.locator(".map svg a").count(), 11);
    await tab.page.locator('.map svg a[href="/ort/duelmen"] path').click();
    assert.match(await tab.page.locator("h1").innerText(), /Dülmen/);
    assert.ok((await tab.page.locator("#nachbarn ~ ul a").count()) > 3);
    tab.check();
    await tab.close();
  });

  test("the start page, results and an offer are light on the first visit and lighter after", async () => {
    const { node, id } = await first(coesfeld, "ags=05558012");
    const paths = ["/", "/suche?q=lesen", `/angebot/${node}/${id}`];
    for (const path of paths) {
      // A browser of its own for each: a first visit, with nothing kept from the page before.
      const tab = await open(chrome);
      const wire = await tab.page.context().newCDPSession(tab.page);
      await wire.send("Network.enable");
      let bytes = 0;
      wire.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
      const weigh = async (target) => {
        bytes = 0;
        await tab.visit(`${coesfeld}${target}`);
        await tab.page.waitForLoadState("networkidle");
        return bytes;
      };
      const visit = await weigh(path);
      assert.ok(visit > 0 && visit < BUDGET, `${path}: ${visit} bytes`);
      const blocking = await tab.page.evaluate(() =>
        performance.getEntriesByType("resource").filter((one) => one.renderBlockingStatus === "blocking").length);
      assert.ok(1 + blocking < 3, `${path}: ${1 + blocking} requests before the first paint`);
      for (const next of paths.filter((other) => other !== path)) {
        const after = await weigh(next);
        assert.ok(after > 0 && after < BUDGET_AFTER, `${next} after ${path}: ${after} bytes`);
        console.log(`# ${path} ${visit}, then ${next} ${after}`);
      }
      tab.check();
      await tab.close();
    }
  });

  test("a search can be followed as Atom, JSON Feed and calendar", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/suche?field=bildung`);
    const hrefs = await tab.page.locator(".subscribe a").evaluateAll((links) => links.map((link) => link.href));
    const texts = await Promise.all(hrefs.map(async (href) => (await fetch(href)).text()));
    // Our pages allow no script to make markup out of text, not even a test's.
    const blank = await tab.page.context().newPage();
    const entries = await blank.evaluate((text) => {
      const feed = new DOMParser().parseFromString(text, "application/xml");
      return feed.querySelector("parsererror") ? -1 : feed.querySelectorAll("entry > id").length;
    }, texts[0]);
    assert.ok(entries > 0, "the Atom feed is well-formed and holds entries");
    assert.equal(JSON.parse(texts[1]).items.length, entries);
    assert.match(texts[2], /^BEGIN:VCALENDAR\r\n[^]*END:VCALENDAR\r\n$/);
    await tab.close();
  });

  test("an organisation with more offers than a search shows has all of them on its pages", async () => {
    const offer = (at) => ({
      title: `Aufgabe ${at} im großen Verein`, description: "Wir freuen uns über jede helfende Hand.", mode: "remote",
      organisation: { name: "Großer Verein Coesfeld samstags e. V." }, source: { system: "gross", id: `${at}` },
    });
    const many = Array.from({ length: 130 }, (_, at) => JSON.stringify(offer(at)));
    nodes.run("05558012", "import", nodes.file("gross.jsonl", many.join("\n")), "--source", "gross");
    const tab = await open(chrome, { javaScriptEnabled: false });
    await tab.visit(`${coesfeld}/organisation/05558012/grosser-verein-coesfeld-samstags-e-v`);
    assert.match(await tab.page.locator(".under").innerText(), /130 Angebote/);
    const seen = new Set();
    for (let number = 1; number <= 3; number += 1) {
      for (const title of await tab.page.locator(".cards h3").allInnerTexts()) seen.add(title);
      const next = tab.page.getByRole("link", { name: "Weitere Angebote" });
      assert.equal(await next.count(), number < 3 ? 1 : 0);
      if (number < 3) await next.click();
    }
    assert.equal(seen.size, 130);
    await tab.visit(`${coesfeld}/organisation/05558012/grosser-verein-coesfeld-samstags-e-v?seite=4`, 404);
    tab.check();
    await tab.close();
  });

  test("whoever asks too much gets a page that helps, in their language", async () => {
    // Behind a proxy, so that it is not this machine that asks; each network has a budget of its own.
    const busy = { "x-forwarded-for": "203.0.113.7" };
    for (let at = 0; at < 1000; at += 1) {
      const answer = await fetch(`${coesfeld}/favicon.svg`, { headers: busy });
      await answer.arrayBuffer();
      if (answer.status === 429) break;
    }
    let answer;
    // The budget refills while we look; the page is there as soon as it is spent again.
    for (let at = 0; at < 1000 && answer?.status !== 429; at += 1) {
      answer = await fetch(`${coesfeld}/en/suche`, { headers: { ...busy, accept: "text/html" } });
      if (answer.status !== 429) await answer.arrayBuffer();
    }
    const text = await answer.text();
    assert.match(text, /lang="en"/);
    assert.match(text, /wait a few seconds/);
    assert.ok(Number(answer.headers.get("retry-after")) >= 1);
    assert.match(answer.headers.get("content-security-policy"), /default-src 'none'/);
  });

  test("NodeInfo leads to a document that says what this node is", async () => {
    const { links } = await (await fetch(`${coesfeld}/.well-known/nodeinfo`)).json();
    assert.ok(links[0].href.startsWith(coesfeld));
    const answer = await fetch(links[0].href);
    const { software, protocols, usage } = await answer.json();
    assert.deepEqual([software.name, protocols, usage.users], ["engagement-node", ["engagement"], {}]);
    const own = JSON.parse(nodes.run("05558012", "list", "--json")).filter((row) => row.status === "live");
    assert.ok(Math.abs(usage.localPosts - own.length) <= 1, `${usage.localPosts} of ${own.length}`);
  });

  test("the page of the interface says every path of its description", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/api`);
    const description = await (await fetch(`${coesfeld}/api/v1/openapi.json`)).json();
    const said = await tab.page.locator(".interface h3").allInnerTexts();
    for (const path of Object.keys(description.paths)) assert.ok(said.includes(`GET ${path}`), path);
    for (const schema of Object.keys(description.components.schemas)) assert.ok(said.includes(schema), schema);
    const broken = await tab.page.locator('.interface a[href^="#"]').evaluateAll((links) =>
      links.map((link) => link.getAttribute("href")).filter((href) => !document.getElementById(href.slice(1))));
    assert.deepEqual(broken, []);
    tab.check();
    await tab.close();
  });
});
