// One state, one region: whatever depends on the filter is one element, fetched and replaced
// together. The newest request wins; an answer that comes late is dropped.

import { Idiomorph } from "./idiomorph.js";

const DEBOUNCE = 120;
let latest = 0;
let underWay;
let timer;

export const region = () => document.getElementById("region");

export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

// What somebody has typed and chosen beside the rows is theirs, and so are the suggestions below a
// field, and what was opened: the server knows of none of them. "All of them" means another list
// once the filter is another.
function whatStays(sameList) {
  const isEntered = (name, element) =>
    ["value", "selected"].includes(name) ||
    (name === "checked" && (sameList || element.closest("[data-typed]")));
  // What makes a field suggest, but not what tells that it is wrong.
  const isDressed = (name, element) =>
    element.matches("[data-dressed]") && !["aria-invalid", "aria-describedby"].includes(name);
  return {
    beforeAttributeUpdated: (name, element, how) =>
      name !== "open" &&
      !(how === "remove" && isDressed(name, element)) &&
      (!element.closest("#act .actions, [data-typed]") ||
        (how === "update" && !isEntered(name, element))),
    beforeNodeRemoved: (node) => !node.matches?.(".suggest > [role=listbox]"),
  };
}

// Fetches an address and shows its region; `record` says what the browser's history gets.
export async function show(address, record = "push") {
  const mine = ++latest;
  underWay = { address, record };
  region().classList.add("busy");
  let html;
  try {
    const response = await fetch(address, { headers: { "X-Region": "1" }, redirect: "manual" });
    html = await response.text();
    // An address that can't be understood is told so in the region, too.
    if (!html.trimStart().startsWith('<div id="region"')) return location.assign(address);
  } catch {
    if (mine === latest) {
      underWay = undefined;
      region().classList.remove("busy");
      announce(document.getElementById("texts").dataset.failed);
    }
    return;
  }
  if (mine !== latest) return;
  underWay = undefined;
  Idiomorph.morph(region(), html, {
    morphStyle: "outerHTML", ignoreActiveValue: true, callbacks: whatStays(record === "keep"),
  });
  if (record === "push") history.pushState(null, "", address);
  if (record === "replace") history.replaceState(null, "", address);
  document.dispatchEvent(new Event("region"));
  announce(region().dataset.summary ?? "");
}

// Shows the region again as it is now; what somebody has just asked for is asked for again, so that
// no change of others takes its place.
export function refresh() {
  const { address, record } = underWay ?? { address: location.href, record: "keep" };
  if (region()) show(address, record);
}

function addressOf(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value !== "") fields.append(name, value);
  }
  const query = fields.toString();
  return form.getAttribute("action") + (query ? "?" + query : "");
}

export function watchRegion() {
  if (!region()) return;
  const follow = (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form || event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(() => show(addressOf(form), "replace"), DEBOUNCE);
  };
  // Half of a name is nobody's: a field that suggests is followed once something is chosen.
  const suggests = (event) => event.target.matches("[data-suggest]");
  document.addEventListener("input", (event) => suggests(event) || follow(event));
  document.addEventListener("change", (event) => suggests(event) && follow(event));
  document.addEventListener("compositionend", (event) => {
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-live]");
    if (!form) return;
    event.preventDefault();
    clearTimeout(timer);
    show(addressOf(form), "push");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-region]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    show(link.href, "push");
  });
  addEventListener("popstate", () => show(location.href, "back"));
}
