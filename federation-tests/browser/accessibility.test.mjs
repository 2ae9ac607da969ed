// Every page × light, dark, phone and large text: no violation of WCAG 2.0-2.2 A/AA or best practices, nothing wider
// than the window. An automatic test finds some barriers, never all.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { DRESSES, first, open, overflows, setting, violations } from "./town.mjs";

// Where a page needs something real, it is looked up first.
const PAGES = {
  "the start page": async () => ["/"],
  "a municipality": async () => ["/ort/coesfeld"],
  "a Kreis": async () => ["/ort/kreis-coesfeld"],
  "a field": async () => ["/feld/bildung"],
  "an organisation": async (find, follow) => [await follow("/ort/coesfeld", "#organisationen")],
  "the page in Leichte Sprache": async () => ["/leichte-sprache"],
  "the imprint": async () => ["/impressum"],
  "data protection": async () => ["/datenschutz"],
  "the accessibility statement": async () => ["/barrierefreiheit"],
  "the interface": async () => ["/api"],
  "embedding": async () => ["/einbetten?q=lesen"],
  "the list of kept offers": async (find) => [`/merkliste?o=${(await find("ags=05558012")).slice("/angebot/".length)}`],
  "an empty search": async () => ["/suche"],
  "results": async () => ["/suche?q=lesen&near=D%C3%BClmen"],
  "results of one filter": async () => ["/suche?field=sport"],
  "nothing found": async () => ["/suche?q=xyzzyqwertz"],
  "a mistake": async () => ["/suche?near=Atlantis", 400],
  "an offer of this town": async (find) => [await find("ags=05558012")],
  "an offer of another town": async (find) => [await find("ags=05334002")],
  "the network": async () => ["/netz"],
  "a page that does not exist": async () => ["/gibt-es-nicht", 404],
};

describe("accessibility", () => {
  let chrome, url;

  setting((here) => ({ chrome, coesfeld: url } = here));

  const find = async (query) => {
    const { node, id } = await first(url, query);
    return `/angebot/${node}/${id}`;
  };

  // The first link under a heading of a page.
  const follow = async (path, heading) => {
    const page = await (await fetch(`${url}${path}`)).text();
    const [, after] = page.split(`id="${heading.slice(1)}"`);
    return /href="([^"]+)"/.exec(after)[1];
  };

  for (const [name, at] of Object.entries(PAGES)) {
    for (const [dress, options] of Object.entries(DRESSES)) {
      test(`${name}, ${dress}`, async () => {
        const tab = await open(chrome, options);
        const [path, status] = await at(find, follow);
        await tab.visit(`${url}${path}`, status);
        assert.deepEqual(await violations(tab.page), []);
        assert.equal(await overflows(tab.page), false, "nothing is wider than the window");
        tab.check();
        await tab.close();
      });
    }
  }
});
