// The keyboard: every command of a list has a letter, which a person can switch off.

import { toggle, toggleRange, clearSelection } from "./selection.js";

const rows = () => [...document.querySelectorAll("#region tbody tr[tabindex]")];
export const letters = document.body.dataset.shortcuts === "true";

const current = () => document.activeElement.closest?.("tr[tabindex]");

function move(step, extend) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement.closest?.("tr[tabindex]"));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  next.focus();
  const box = next.querySelector("input[name=number]");
  if (extend && box) toggleRange(box, true);
}

function act(action) {
  const select = document.querySelector("#act select[name=action]");
  if (!select) return;
  // With nothing selected the row is meant that the keys are at.
  const box = current()?.querySelector("input[name=number]");
  if (box && document.querySelector("#act .actions.idle")) toggle(box, true);
  select.value = action;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  const target = document.querySelector("#act [data-for]:not([hidden]) input[data-suggest]");
  (target ?? document.querySelector("#act .preview")).focus();
}

const commands = {
  "/": () => document.querySelector("input[type=search]")?.focus(),
  j: (event) => move(1, event.shiftKey),
  k: (event) => move(-1, event.shiftKey),
  ArrowDown: (event) => move(1, event.shiftKey),
  ArrowUp: (event) => move(-1, event.shiftKey),
  " ": () => {
    const box = current()?.querySelector("input[name=number]");
    if (!box) return false;
    toggle(box);
  },
  Enter: () => {
    const link = document.activeElement.matches("tr[tabindex]") && current().querySelector("a");
    if (!link) return false;
    link.click();
  },
  a: () => act("assign"),
  r: () => act("release"),
  b: () => act("bind"),
  h: () => current()?.querySelector("a")?.click(),
  Delete: () => {
    // Opens the preview; nothing is taken back without it.
    act("release");
    document.querySelector("#act .actions:not(.idle) .preview")?.click();
  },
  Escape: () => clearSelection(),
  "?": () => document.getElementById("keys")?.showModal(),
};
// Does what a key does, for the palette.
export const runKey = (key) => commands[key]();

const needsLetters = new Set(["j", "k", "a", "r", "b", "h", "/", "?"]);

export function watchKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // Escape closes it.
    if (document.querySelector("dialog[open]")) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing) {
      if (event.key === "ArrowDown" && event.target.type === "search") {
        event.preventDefault();
        move(0);
      } else if (event.key === "Escape" && event.target.closest("#act .actions")) {
        // Back to the rows; there it clears the selection.
        document.querySelector("#region tbody tr.selected")?.focus();
      }
      return;
    }
    if (event.target.closest("dialog, summary, button, a") && [" ", "Enter"].includes(event.key)) {
      return;
    }
    const command = commands[event.key] ?? commands[event.key.toLowerCase()];
    if (!command || (needsLetters.has(event.key.toLowerCase()) && !letters)) return;
    if (event.key.startsWith("Arrow") && !current()) return;
    if (command(event) !== false) event.preventDefault();
  });
  // The second field of an action is there for those that need one.
  const fit = () => {
    const select = document.querySelector("#act select[name=action]");
    if (!select) return;
    for (const field of document.querySelectorAll("#act [data-for]")) {
      const fits = field.dataset.for.split(" ").includes(select.value);
      field.classList.remove("later");
      field.hidden = !fits;
      for (const input of field.querySelectorAll("input")) input.disabled = !fits;
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("#act select[name=action]")) fit();
  });
  document.addEventListener("region", fit);
  fit();
}
