// The desk: a clerk with a caller on the line, with the keyboard and nothing else, with scripts and without.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { open, overflows, setting } from "./town.mjs";

describe("desk", () => {
  let nodes, chrome, desk;

  setting((here) => {
    ({ nodes, chrome } = here);
    desk = `${here.coesfeld}/schalter`;
  });

  for (const javaScriptEnabled of [false, true]) {
    test(`a call from the first word to the address, scripts ${javaScriptEnabled}`, async () => {
      const tab = await open(chrome, { javaScriptEnabled });
      const { page } = tab;
      const type = async (text, url) => {
        // The field has the focus on every page: nobody reaches for a mouse.
        await page.locator("#q:focus").waitFor();
        await page.keyboard.type(text);
        await Promise.all([page.waitForURL(url), page.keyboard.press("Enter")]);
      };
      await tab.visit(desk);
      await type("lesen", /q=lesen/);
      const titles = () => page.locator(".lines a > span[lang]").allInnerTexts();
      const first = await titles();
      assert.equal(first.length, 5);
      const said = await page.locator(".lines li").first().innerText();
      assert.match(said, /^1\s/);
      await type("+", /from=/);
      const second = await titles();
      assert.ok(second.length > 0 && second.every((title, at) => title !== first[at]), "the next five");
      await type("2", /\/schalter\/angebot\//);
      assert.equal(await page.locator("h1").innerText(), second[1]);
      await page.getByText("@").first().waitFor();
      await type("0", /\/schalter\?words=lesen&from=/);
      assert.deepEqual(await titles(), second, "the same list again");
      await type("9", /q=9/);
      assert.match(await page.locator("[role=alert]").innerText(), /Zeile 9/);
      await type("48653", /q=48653/);
      assert.match(await page.locator("h2").first().innerText(), /48653/, "a postal code is no line");
      tab.check();
      await tab.close();
    });
  }

  test("what is understood is said, and what is not found leaves the field ready", async () => {
    const tab = await open(chrome);
    await tab.visit(`${desk}?q=Vorlesen+in+D%C3%BClmen`);
    assert.match(await tab.page.locator(".desk").innerText(), /Verstanden: .*Dülmen/);
    await tab.visit(`${desk}?q=xyzzyqwertz`);
    assert.equal(await tab.page.locator(".lines li").count(), 0);
    await tab.page.locator("#q:focus").waitFor();
    tab.check();
    await tab.close();
  });

  test("hostile texts of a record run nothing and break neither list nor offer", async () => {
    const evil = `"'>< onmouseover="alert(1)" autofocus onfocus='alert(2)' \u202e {{7*7}}`;
    const record = {
      title: `Boshaft ${evil}`.slice(0, 90),
      description: `${evil} ${"a\u0301".repeat(1000)} ${"Rindfleischetikettierung".repeat(12)}`,
      organisation: { name: `Verein ${evil}`, url: 'https://verein.example/"onmouseover="alert(5)' },
      places: [{ ags: "05558012" }], source: { system: "boese", id: "1" },
    };
    const plain = { ...record, organisation: { name: record.organisation.name }, source: { system: "boese", id: "2" } };
    const path = nodes.file("boese.jsonl", [record, plain].map((line) => JSON.stringify(line)).join("\n"));
    nodes.run("05558012", "import", path, "--source", "boese");
    const tab = await open(chrome, { viewport: { width: 320, height: 800 } });
    await tab.visit(`${desk}?q=boshaft`);
    assert.ok((await tab.page.locator(".lines li").count()) > 0, "the record is shown");
    assert.equal(await overflows(tab.page), false, "the list fits a phone");
    await tab.page.locator('[accesskey="1"]').click();
    assert.match(await tab.page.locator("h1").innerText(), /onmouseover="alert/, "it is text");
    assert.doesNotMatch(await tab.page.title(), /\u202e/, "the window keeps its name");
    assert.equal(await overflows(tab.page), false, "the offer fits a phone");
    tab.check();
    await tab.close();
  });

  test("access keys open lines, and on paper the letters are large", async () => {
    const tab = await open(chrome);
    const { page } = tab;
    await tab.visit(`${desk}?q=lesen`);
    const keys = await page.locator("[accesskey]").evaluateAll((all) => all.map((one) => one.accessKey));
    assert.deepEqual(keys, ["s", "1", "2", "3", "4", "5", "n", "p"]);
    await page.locator('[accesskey="1"]').click();
    await page.emulateMedia({ media: "print" });
    const paper = await page.evaluate(() => ({
      size: parseFloat(getComputedStyle(document.querySelector(".aloud p")).fontSize),
      form: getComputedStyle(document.querySelector(".typing")).display,
    }));
    assert.ok(paper.size >= 22, `${paper.size} pixels are 17 points`);
    assert.equal(paper.form, "none", "paper has no field");
    assert.equal(await overflows(page), false);
    tab.check();
    await tab.close();
  });
});
