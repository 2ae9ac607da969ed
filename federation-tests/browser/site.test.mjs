// The whole site as a machine sees it: every link of every page in every language leads somewhere, every page is valid
// HTML, nothing can be changed by asking for a page, and nothing that is not a GET is answered by one.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { HtmlValidate } from "html-validate";

import { demo } from "./town.mjs";

// How many pages of a kind are read as HTML: those of one kind come from one template.
const EACH = 4;
// A search can be narrowed down for ever; so many of its links are followed in each language.
const SEARCHES = 60;

const validator = new HtmlValidate({
  extends: ["html-validate:standard"],
  rules: {
    // Style and not validity: how attributes are written, and that a page is not too long to read.
    "attribute-boolean-style": "off",
    "void-style": "off",
    "long-title": "off",
    "tel-non-breaking": "off",
    // axe decides about these in a real browser, with the styles that apply.
    "wcag/h32": "off",
    "no-redundant-role": "off",
    "prefer-native-element": "off",
  },
});

// Returns the kind of a page: its path without language and names.
function kind(path) {
  const [, language = "de", rest] = /^\/(en|de-simple)?(?:$|\/)?(.*)$/.exec(path);
  return `${language} ${rest.split(/[/?]/)[0]}${rest.includes("?") ? "?" : ""}`;
}

describe("the whole site", () => {
  let nodes, coesfeld;
  const pages = new Map();

  before(async () => {
    nodes = await demo();
    coesfeld = nodes.url("Stadt Coesfeld");
  });
  after(async () => {
    await nodes?.stop();
  });

  test("no link is broken, in any language", async () => {
    const broken = [];
    const from = new Map([["/", ""]]);
    const kinds = new Map();
    const searches = new Map();
    for (const [path, source] of from) {
      const answer = await fetch(`${coesfeld}${path}`);
      const text = await answer.text();
      if (answer.status !== 200) broken.push(`${path} (${answer.status}) on ${source}`);
      if (!answer.headers.get("content-type")?.startsWith("text/html")) continue;
      const count = kinds.get(kind(path)) ?? 0;
      kinds.set(kind(path), count + 1);
      if (count < EACH) pages.set(path, text);
      const ids = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
      for (const [, href] of text.matchAll(/ (?:href|src|action)="([^"]*)"/g)) {
        const link = href.replaceAll("&#38;", "&");
        const [target, id] = link.split("#");
        if (target === "" && id && !ids.has(id)) broken.push(`#${id} on ${path}`);
        if (!target.startsWith("/") || from.has(target)) continue;
        if (target.includes("?")) {
          const many = searches.get(kind(target)) ?? 0;
          if (many >= SEARCHES) continue;
          searches.set(kind(target), many + 1);
        }
        from.set(target, path);
      }
    }
    assert.deepEqual(broken, []);
    // All municipalities and Kreise, in every language, and much more.
    assert.ok(from.size > 3 * (396 + 31), `${from.size} addresses`);
    for (const start of ["/en", "/de-simple"]) assert.ok(from.has(start), start);
  });

  test("a page is only ever read: no form sends anything else, and nothing else is answered", async () => {
    for (const [path, text] of pages) {
      for (const [, method] of text.matchAll(/<form[^>]* method="([^"]*)"/g)) assert.equal(method, "get", path);
    }
    for (const path of ["/", "/suche", "/en/suche", "/merkliste", "/einbetten", "/api", "/impressum"]) {
      for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
        const answer = await fetch(`${coesfeld}${path}`, { method });
        await answer.arrayBuffer();
        assert.equal(answer.status, 405, `${method} ${path}`);
      }
    }
  });

  test("every kind of page is valid HTML, in every language", async () => {
    const extra = ["/suche?q=xyzzyqwertz", "/suche?near=Atlantis", "/gibt-es-nicht", "/merkliste", "/api",
      "/einbetten/rahmen?limit=3", "/angebot/05558012/gibt-es-nicht"];
    for (const path of ["", "/en", "/de-simple"].flatMap((prefix) => extra.map((path) => prefix + path))) {
      pages.set(path, await (await fetch(`${coesfeld}${path}`)).text());
    }
    pages.set("maintenance page", nodes.run("05558012", "maintenance-page"));
    const faulty = await validator.validateString("<!doctype html><p><div></div></p>");
    assert.ok(!faulty.valid, "the validator sees a fault where there is one");
    const wrong = [];
    for (const [path, text] of pages) {
      const { results } = await validator.validateString(text);
      for (const { messages } of results) {
        for (const one of messages) wrong.push(`${path}:${one.line}: ${one.ruleId}: ${one.message}`);
      }
    }
    assert.deepEqual([...new Set(wrong)].slice(0, 40), []);
    assert.ok(pages.size > 60, `${pages.size} pages`);
  });
});
