// The console without this file is plain links and forms. With it, lists follow what is typed,
// rows stay selected over pages, and the keyboard does everything.

import { refresh, watchRegion } from "./region.js";
import { watchSelection } from "./selection.js";
import { watchKeys } from "./keys.js";
import { watchPalette } from "./palette.js";
import { watchSuggestions } from "./suggest.js";
import { localTimes } from "./times.js";
import { watchChanges } from "./live.js";

// The longest address that a preview gets.
const LONGEST = 6000;

// A form is sent once, however often its button is pressed. A preview changes nothing, so it has an
// address, to which the back button leads, unless too many numbers are selected for one.
function watchForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action")?.endsWith("/numbers/preview")) {
      const fields = new URLSearchParams(new FormData(form, event.submitter));
      form.method = fields.toString().length < LONGEST ? "get" : "post";
    }
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "true";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  // A page that the back button brings back is shown as it is now.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

// One reason serves for all changes of a session until it is replaced.
function rememberReason() {
  const key = "numberd-reason";
  const fill = () => {
    for (const input of document.querySelectorAll("input[name=reason]:not([data-filled])")) {
      input.dataset.filled = "true";
      if (!input.value) input.value = sessionStorage.getItem(key) ?? "";
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.name === "reason") sessionStorage.setItem(key, event.target.value);
  });
  document.addEventListener("region", fill);
  fill();
}

function closeMenus() {
  const open = () => [...document.querySelectorAll("details.menu[open]")];
  document.addEventListener("focusin", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
      event.stopPropagation();
    }
  }, true);
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}

// What is done in slices is followed until it has ended.
function followRun() {
  if (document.querySelector("[data-run=running]")) setTimeout(() => location.reload(), 1500);
}

followRun();
rememberReason();
closeMenus();
localTimes();
watchRegion();
watchSelection();
watchForms();
watchSuggestions();
watchPalette();
watchKeys();
watchChanges(refresh);
