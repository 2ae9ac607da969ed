// What a page gains from scripts and does not need: opportunities that somebody keeps in this browser, a button
// that shares, one that copies and one that prints. Nothing leaves the browser: the list is in its own storage, and only the
// link that somebody opens or shares names what is on it. All words are in the page; where storage is
// forbidden, whatever needs it stays hidden.

"use strict";

(() => {
  const KEY = "merkliste";
  const MOST = 50;
  const NAME = /^\d{2,8}(\.[a-z0-9-]{1,32})?\/[A-Za-z0-9._/-]{1,64}$/;

  const all = (selector) => document.querySelectorAll(selector);

  const parse = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return [];
    }
  };

  // Returns what is kept, oldest first, or nothing if this browser keeps nothing.
  const read = () => {
    let list;
    try {
      list = parse(localStorage.getItem(KEY));
    } catch {
      return undefined;
    }
    const known = Array.isArray(list) ? list : [];
    return known.filter((name) => typeof name === "string" && NAME.test(name)).slice(0, MOST);
  };

  const show = () => {
    const kept = read();
    if (!kept) return;
    for (const link of all("[data-kept]")) {
      const query = kept.map((name) => `o=${name}`).join("&");
      link.href = query ? `${link.dataset.kept}?${query}` : link.dataset.kept;
      link.querySelector("span").textContent = kept.length;
      link.hidden = false;
    }
    for (const button of all("[data-keep]")) {
      const pressed = kept.includes(button.dataset.keep);
      button.setAttribute("aria-pressed", pressed);
      button.hidden = false;
      // A full list takes nothing more; the button says so instead of doing nothing.
      button.disabled = !pressed && kept.length >= MOST;
    }
  };

  const keep = (name) => {
    const kept = read() ?? [];
    const others = kept.filter((one) => one !== name);
    if (others.length === kept.length) others.push(name);
    try {
      localStorage.setItem(KEY, JSON.stringify(others));
    } catch {
      return;
    }
    show();
  };

  const say = (button) => {
    const status = button.parentElement.querySelector("[role=status]");
    if (status) status.textContent = button.dataset.done;
  };

  const copy = async (button, text) => {
    await navigator.clipboard.writeText(text);
    say(button);
  };

  // Whether the page before this one were results. What was looked for is not kept, the browser itself goes back to it.
  const CAME = "treffer";
  const lead = (event) => {
    const back = document.querySelector("[data-back]");
    try {
      if (document.querySelector("[data-results]")) sessionStorage.setItem(CAME, "1");
      else if (!event.persisted) {
        const came = sessionStorage.getItem(CAME) !== null && history.length > 1;
        sessionStorage.removeItem(CAME);
        if (!back || !came) return;
        back.textContent = back.dataset.back;
        back.addEventListener("click", (click) => {
          click.preventDefault();
          history.back();
        });
      }
    } catch {
      // This browser keeps nothing: the link leads to a new search, as without scripts.
    }
  };

  const share = async (button) => {
    const url = button.dataset.share || location.href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url });
      else await copy(button, url);
    } catch {
      // Somebody changed their mind, or the browser does not allow it: the address is on the page as well.
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.keep) keep(button.dataset.keep);
    if (button.dataset.share !== undefined) void share(button);
    if (button.dataset.copy) copy(button, document.getElementById(button.dataset.copy).value).catch(() => {});
    if (button.dataset.print !== undefined) print();
  });

  const works = {
    share: navigator.share ?? navigator.clipboard,
    copy: navigator.clipboard,
    print: window.print,
  };
  for (const [what, possible] of Object.entries(works)) {
    for (const button of all(`[data-${what}]`)) button.hidden = !possible;
  }
  // Another tab keeps something, or the way back shows this page as it was.
  addEventListener("storage", show);
  addEventListener("pageshow", show);
  addEventListener("pageshow", lead);
  show();
})();
