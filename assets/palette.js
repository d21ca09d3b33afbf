// Ctrl+K or Cmd+K: any number, person, group or page by typing.

import { listBox, suggestions } from "./suggest.js";

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
  const fill = listBox(input, list, (choice) => location.assign(choice.href));
  let newest = 0;
  const look = async () => {
    const mine = ++newest;
    const found = await suggestions("all", input.value);
    if (mine === newest) fill(found);
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
