// What somebody keeps: in the browser's own storage and nowhere else, as a link for others, on paper with a code that a
// phone can read. Without scripts nothing of it is seen, and nothing is missing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import jsQR from "jsqr";

import { first, open, overflows, setting, violations } from "./town.mjs";

describe("kept opportunities", () => {
  let nodes, chrome, coesfeld;

  setting((here) => ({ nodes, chrome, coesfeld } = here));

  test("two are kept by keyboard, shown, shared as a link and given up again", async () => {
    const tab = await open(chrome, { viewport: { width: 375, height: 800 } });
    await tab.visit(`${coesfeld}/suche?q=lesen`);
    const cards = tab.page.locator(".card");
    const titles = [];
    for (const at of [0, 1]) {
      await cards.nth(at).locator(".keep").focus();
      await tab.page.keyboard.press("Enter");
      assert.equal(await cards.nth(at).locator(".keep").getAttribute("aria-pressed"), "true");
      titles.push(await cards.nth(at).locator("h3").innerText());
    }
    assert.match(await tab.page.locator("[data-kept]").innerText(), /\(2\)/);
    assert.deepEqual(await violations(tab.page), []);
    await tab.page.locator("[data-kept]").click();
    assert.deepEqual(await tab.page.locator(".card h3").allInnerTexts(), titles);
    assert.deepEqual(await violations(tab.page), []);
    assert.equal(await overflows(tab.page), false);
    const link = tab.page.url();

    // The link alone, in a browser that has kept nothing and runs nothing.
    const other = await open(chrome, { javaScriptEnabled: false });
    await other.visit(link);
    assert.deepEqual(await other.page.locator(".card h3").allInnerTexts(), titles);
    assert.equal(await other.page.locator("[data-kept], .keep, .actions button").filter({ visible: true }).count(), 0);
    assert.equal(await other.page.locator(".link span").innerText(), link, "and it can be passed on");
    other.check();

    await tab.page.locator(".keep").first().click();
    await tab.page.goBack();
    assert.match(await tab.page.locator("[data-kept]").innerText(), /\(1\)/, "the way back knows of it");
    assert.deepEqual(await tab.page.context().cookies(), []);
    tab.check();
    await Promise.all([tab.close(), other.close()]);
  });

  test("what was withdrawn since is said and counted, not shown", async () => {
    const listed = JSON.parse(nodes.run("05558012", "list", "--json")).filter((row) => row.status === "live");
    const [gone, here] = [listed[0].id, listed[1].id];
    nodes.run("05558012", "withdraw", gone);
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/merkliste?o=05558012/${gone}&o=05558012/${here}`);
    assert.equal(await tab.page.locator(".card").count(), 1);
    assert.match(await tab.page.locator("main").innerText(), /1 gemerktes Angebot gibt es nicht mehr/);
    tab.check();
    await tab.close();
  });

  test("a storage that somebody tampered with runs nothing and breaks nothing", async () => {
    const tab = await open(chrome);
    await tab.visit(`${coesfeld}/merkliste`);
    for (const value of ["{", "null", '["\\"><script>alert(1)</script>","javascript:alert(2)",7,"../../x"]']) {
      await tab.page.evaluate((text) => localStorage.setItem("merkliste", text), value);
      await tab.visit(`${coesfeld}/suche?q=lesen`);
      assert.equal(await tab.page.locator("[data-kept]").getAttribute("href"), "/merkliste");
      await tab.page.locator(".keep").first().click();
      assert.match(await tab.page.locator("[data-kept]").getAttribute("href"), /^\/merkliste\?o=[\w./-]+$/);
    }
    tab.check();
    await tab.close();
  });

  test("on paper stands a code with the address that a phone can read", async () => {
    const tab = await open(chrome);
    const { node, id } = await first(coesfeld, "ags=05334002");
    await tab.visit(`${coesfeld}/angebot/${node}/${id}`);
    assert.equal(await tab.page.locator(".qr").isVisible(), false, "on the screen the link is enough");
    await tab.page.emulateMedia({ media: "print" });
    const qr = tab.page.locator(".qr");
    assert.equal(await qr.isVisible(), true);
    assert.equal(await tab.page.locator(".keep, .actions button, nav").filter({ visible: true }).count(), 0);
    const box = (await qr.getAttribute("viewBox")).split(" ").map(Number);
    const read = decoded(await qr.locator("path").getAttribute("d"), box);
    assert.equal(read, `${nodes.url("Stadt Aachen")}/angebot/${node}/${id}`, "it leads to the origin");
    await tab.close();
  });
});

// Draws a code as a phone would see it and reads it with a decoder that is not ours.
function decoded(path, [left, top, side]) {
  const scale = 6;
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let dy = 0; dy < scale; dy += 1) {
      for (let dx = 0; dx < run * scale; dx += 1) {
        const at = ((y - top) * scale + dy) * width + (x - left) * scale + dx;
        pixels.fill(0, at * 4, at * 4 + 3);
      }
    }
  }
  return jsQR(pixels, width, width)?.data;
}
