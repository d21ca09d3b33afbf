// Ctrl+K or Cmd+K: any number, person, group, page or command by typing.

import { letters, runKey } from "./keys.js";
import { listBox, suggestions } from "./suggest.js";

// What the page's keys do, as choices that show their keys.
const offered = (text) =>
  [...document.querySelectorAll("#keys dt[data-key]")]
    .map(({ dataset: { key }, nextElementSibling: { textContent } }) =>
      ({ label: textContent, detail: "", key, hint: letters ? key : "" }))
    .filter((choice) => choice.label.toLowerCase().includes(text.trim().toLowerCase()));

export function watchPalette() {
  const open = document.querySelector(".palette-open");
  if (!open) return;
  const label = document.getElementById("texts").dataset.palette;
  const dialog = document.createElement("dialog");
  const input = document.createElement("input");
  const list = document.createElement("ul");
  list.id = "palette-list";
  input.setAttribute("aria-label", label);
  input.placeholder = label;
  dialog.setAttribute("aria-label", label);
  dialog.append(input, list);
  document.body.append(dialog);
  const fill = listBox(input, list, (choice) => {
    if (choice.href) return location.assign(choice.href);
    dialog.close();
    runKey(choice.key);
  });
  let newest = 0;
  const look = async () => {
    const mine = ++newest;
    const found = await suggestions("all", input.value);
    if (mine !== newest) return;
    // Enter takes the first: what was typed names something sooner than a command.
    const commands = offered(input.value);
    fill(input.value.trim() ? [...found, ...commands] : [...commands, ...found]);
  };
  input.addEventListener("input", look);
  const show = () => {
    input.value = "";
    dialog.showModal();
    look();
  };
  open.hidden = false;
  open.addEventListener("click", show);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      dialog.open ? dialog.close() : show();
    }
  });
}
