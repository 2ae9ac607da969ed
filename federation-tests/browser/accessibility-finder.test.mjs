// The questions, what they lead to, and the desk × light, dark, phone, forced colours and large text: no violation of
// WCAG 2.0-2.2 A/AA or best practices, nothing wider than the window. A file of its own, so that it runs beside the other.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { DRESSES, first, open, overflows, setting, violations } from "./town.mjs";

const PAGES = {
  "the first question": "/finden",
  "the question for what people do": "/finden/2?wish_field=bildung&must=field",
  "the question for whom": "/finden/3?wish_target=kinder",
  "the question for a place": "/finden/4?near=D%C3%BClmen&radius_km=20",
  "the question for times": "/finden/5?wish_day=sa&wish_hours=5",
  "the first question with needs": "/finden?wish_field=bildung&need=stufenlos&must=need",
  "the last question": "/finden/6?need=stufenlos&age=17",
  "results of a wish": "/suche?direction=seek&near=D%C3%BClmen&wish_field=bildung&wish_day=tu&need=stufenlos&age=17",
  "the weights": "/finden/gewichtung",
  "the desk": "/schalter",
  "lines at the desk": "/schalter?q=lesen",
  "an offer at the desk": "an offer",
};

describe("accessibility of finder and desk", () => {
  let chrome, url, offer;

  setting(async (here) => {
    ({ chrome, coesfeld: url } = here);
    const { node, id } = await first(url, "ags=05558012");
    offer = `/schalter/angebot/${node}/${id}`;
  });

  for (const [name, path] of Object.entries(PAGES)) {
    for (const [dress, options] of Object.entries(DRESSES)) {
      test(`${name}, ${dress}`, async () => {
        const tab = await open(chrome, options);
        await tab.visit(`${url}${path === "an offer" ? offer : path}`);
        assert.deepEqual(await violations(tab.page), []);
        assert.equal(await overflows(tab.page), false, "nothing is wider than the window");
        tab.check();
        await tab.close();
      });
    }
  }
});
