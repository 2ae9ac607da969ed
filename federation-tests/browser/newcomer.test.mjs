// Somebody who has never been here has a wish and the start page. Four page views have to do, and what the cards say has
// to be enough to choose by: only cards are read before one is opened.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { open, setting } from "./town.mjs";

/** Wishes as people have them, and what a card has to say for them to open it. */
const WISHES = [
  {
    who: "sixteen, animals, at the weekend",
    words: "Tiere am Wochenende, ich bin 16",
    place: "48653",
    fits: [/Tier|Pferd|Hund/, /samstags|sonntags|Wochenende/],
    not: /ab 1[789] Jahren|ab [2-9]\d Jahren|Hilfe wird angeboten/,
    found: /samstags|sonntags|Wochenende/,
  },
  {
    who: "a retired teacher, reading with one child, an afternoon a week",
    words: "mit einem Kind lesen nachmittags",
    place: "Dülmen",
    fits: [/lesen|Lese/, /Kind/, /nachmittags/, /in der Woche/, /Dülmen/],
    not: /Hilfe wird angeboten/,
    found: /nachmittags/,
  },
  {
    who: "in a wheelchair, with a computer, from home",
    words: "Computer von zu Hause",
    place: "",
    fits: [/ortsunabhängig/, /Menschen mit Behinderung/],
    not: /Hilfe wird angeboten/,
    found: /ortsunabhängig/,
  },
  {
    who: "little German, a kitchen",
    start: "/en",
    words: "kitchen",
    place: "",
    fits: [/speak little German/, /[Kk]och|Küche|Kuchen/],
    not: /Help offered/,
    found: /speak little German/,
  },
  {
    who: "no idea, two hours a week, in the evening",
    words: "2 Stunden in der Woche abends",
    place: "Lüdinghausen",
    fits: [/Lüdinghausen/, /abends/, /2 Stunden, einmal in der Woche/],
    not: /Hilfe wird angeboten/,
    found: /abends/,
  },
];

const total = async (page) => Number(/\d+/.exec(await page.locator("#treffer").innerText())[0]);

describe("a newcomer", () => {
  let nodes, chrome, coesfeld;

  setting((here) => ({ nodes, chrome, coesfeld } = here));

  for (const { who, start = "/", words, place, fits, not, found } of WISHES) {
    test(`reaches a fitting offer in four page views: ${who}`, async () => {
      const tab = await open(chrome, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
      const { page } = tab;
      let views = 0;
      page.on("response", (answer) => (views += answer.request().isNavigationRequest() ? 1 : 0));
      await tab.visit(`${coesfeld}${start}`);
      const form = page.getByRole("search");
      await form.locator("[name=q]").fill(words);
      await form.locator("[name=near]").fill(place);
      await form.getByRole("button").click();
      const cards = await page.locator(".cards .card").allInnerTexts();
      const at = cards.findIndex((card) => fits.every((one) => one.test(card)) && !not.test(card));
      assert.ok(at >= 0 && at < 10, `a card near the top fits: ${cards.join("\n\n")}`);
      await page.locator(".cards .card").nth(at).getByRole("link").first().click();
      assert.match(await page.locator(".glance").innerText(), found, "and the page says the same");
      assert.ok(views <= 4, `${views} views`);
      tab.check();
      await tab.close();
    });
  }

  test("reaches an offer of the field in four page views by the guided search, and need not answer everything", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const { page } = tab;
    let views = 0;
    page.on("response", (answer) => (views += answer.request().isNavigationRequest() ? 1 : 0));
    await tab.visit(`${coesfeld}/`);
    await page.getByRole("link", { name: "Geführte Suche" }).first().click();
    assert.equal(await page.locator(".sofar-best").count(), 0, "nothing was answered yet");
    await page.locator("label", { has: page.locator("[name=wish_field][value=umwelt]") }).click();
    await page.getByRole("button", { name: "Weiter" }).click();
    const best = page.locator(".sofar-best a");
    assert.equal(await best.count(), 3);
    // What would find nothing is no answer.
    assert.equal(await page.locator("form i", { hasText: /^0 / }).count(), 0);
    await best.first().click();
    assert.match(await page.locator("main").innerText(), /Umwelt/);
    assert.equal(views, 4);
    tab.check();
    await tab.close();
  });

  test("reaches an offer in three page views by what can be chosen on the start page", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
    const { page } = tab;
    let views = 0;
    page.on("response", (answer) => (views += answer.request().isNavigationRequest() ? 1 : 0));
    await tab.visit(`${coesfeld}/`);
    const form = page.locator(".guide form");
    await form.getByLabel("Was tun Sie gern?").selectOption("digital");
    await form.getByLabel("An welchen Tagen?").selectOption("weekdays");
    await form.getByLabel("Zu welcher Tageszeit?").selectOption("ev");
    await form.getByRole("button").click();
    const cards = await page.locator(".cards .card").allInnerTexts();
    assert.match(cards[0], /Passt: .*(IT|abends)/s, "the first card says why it fits");
    assert.ok(cards.every((card) => !/Zu beachten: [^\n]*nur /.test(card)), "nothing at other times");
    await page.locator(".cards .card").first().getByRole("link").first().click();
    assert.equal(await page.locator(".glance").count(), 1);
    assert.equal(views, 3);
    tab.check();
    await tab.close();
  });

  test("is told what lies just outside of a radius, and one link shows exactly that many more", async () => {
    const tab = await open(chrome, { javaScriptEnabled: false });
    const { page } = tab;
    await tab.visit(`${coesfeld}/suche?q=Vorlesen&near=D%C3%BClmen&radius_km=10`);
    const inside = await total(page);
    const link = page.locator(".beyond > a");
    const more = Number(/: (\d+) weitere/.exec(await link.innerText())[1]);
    assert.match(await page.locator(".beyond span").innerText(), /Das nächste davon: .+ \([\d,]+ km\)/);
    await link.click();
    assert.equal(await total(page), inside + more);
    tab.check();
    await tab.close();
  });

  test("chooses whole afternoons with one box, which finds as many as it says", async () => {
    const tab = await open(chrome);
    const { page } = tab;
    await tab.visit(`${coesfeld}/suche`);
    await page.locator("summary", { hasText: "Wann?" }).click();
    const box = page.locator("label", { has: page.locator('[name=slot][value=pm]') });
    const promised = Number(/\((\d+)\)/.exec(await box.innerText())[1]);
    await box.click();
    await page.getByRole("button", { name: "Filter anwenden" }).click();
    await page.waitForURL(/slot=pm/);
    assert.equal(await total(page), promised);
    const answer = await (await fetch(`${coesfeld}/api/v1/opportunities?slot=pm&limit=100`)).json();
    assert.equal(answer.total, promised, "the interface understands the same code");
    const isThen = ({ slots = [], dates = [] }) => dates.length > 0 || slots.some((slot) => slot.endsWith("_pm"));
    assert.ok(answer.data.every(isThen));
    tab.check();
    await tab.close();
  });
});
