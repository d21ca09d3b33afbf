// Which rows are selected: a set of numbers that outlives paging, sorting and refreshing. It is
// applied anew after each refresh, since the server knows nothing of it.

import { region } from "./region.js";

const prefix = "numberd-selection:";
const key = prefix + location.pathname;
const chosen = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
let anchor = null;

const boxes = () => [...document.querySelectorAll("#region tbody input[name=number]")];
const allMatching = () => document.querySelector("#region input[name=all]");

function keep() {
  sessionStorage.setItem(key, JSON.stringify([...chosen]));
  apply();
}

function apply() {
  for (const box of boxes()) {
    box.checked = chosen.has(box.value) || Boolean(allMatching()?.checked);
    box.closest("tr").classList.toggle("selected", box.checked);
  }
  const page = document.querySelector("#region input.page");
  if (page) {
    const marked = boxes().filter((box) => box.checked).length;
    page.checked = marked > 0 && marked === boxes().length;
    page.indeterminate = marked > 0 && marked < boxes().length;
  }
  const count = document.querySelector("#region [data-count]");
  if (!count) return;
  const total = Number(count.dataset.total);
  const number = allMatching()?.checked ? total : chosen.size;
  count.textContent = document.getElementById("texts").dataset.selected.replace("0", number);
  // With nothing selected there is nothing to do.
  count.closest(".actions").classList.toggle("idle", number === 0);
}

export function toggle(box, on = !box.checked) {
  on ? chosen.add(box.value) : chosen.delete(box.value);
  anchor = box.value;
  keep();
}

export function toggleRange(box, on) {
  const all = boxes();
  const from = all.findIndex((other) => other.value === anchor);
  const to = all.indexOf(box);
  if (from < 0) return toggle(box, on);
  for (const other of all.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    on ? chosen.add(other.value) : chosen.delete(other.value);
  }
  keep();
}

export function clearSelection() {
  chosen.clear();
  if (allMatching()) allMatching().checked = false;
  keep();
}

export function watchSelection() {
  // The page of what was done with them.
  if (document.querySelector("[data-selection-done]")) {
    const kept = Object.keys(sessionStorage).filter((name) => name.startsWith(prefix));
    kept.forEach((name) => sessionStorage.removeItem(name));
  }
  if (!region()) return;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.matches?.("#region tbody input[name=number]")) {
      if (allMatching()?.checked) allMatching().checked = false;
      event.shiftKey ? toggleRange(box, box.checked) : toggle(box, box.checked);
    } else if (box.matches?.("#region input.page")) {
      const change = box.checked ? "add" : "delete";
      for (const other of boxes()) chosen[change](other.value);
      keep();
    } else if (box.matches?.("#region input[name=all]")) {
      apply();
    } else if (box.matches?.("#region button.clear")) {
      event.preventDefault();
      clearSelection();
    }
  });
  // What is selected on other pages goes along with the form.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "act") return;
    for (const old of form.querySelectorAll("input[data-elsewhere]")) old.remove();
    if (allMatching()?.checked) return;
    const here = new Set(boxes().map((box) => box.value));
    for (const number of chosen) {
      if (here.has(number)) continue;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "number", value: number });
      input.dataset.elsewhere = "true";
      form.append(input);
    }
  });
  document.addEventListener("region", apply);
  apply();
}
