// People and groups by any part of their name, while one types. Without this file the field takes
// an id or a login name.

let running = 0;

export async function suggestions(kind, text) {
  const address = document.body.dataset.root + "suggest?" + new URLSearchParams({ kind, q: text });
  const response = await fetch(address);
  return response.ok ? response.json() : [];
}

// A list of choices under an input; `choose` gets the one that was taken.
export function listBox(input, list, choose) {
  let found = [];
  let at = -1;
  const id = list.id;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-controls", id);
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  list.setAttribute("role", "listbox");
  const mark = (index) => {
    at = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", i === at));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", at < 0 ? "" : `${id}-${at}`);
  };
  const fill = (choices) => {
    found = choices;
    list.replaceChildren(
      ...choices.map((choice, index) => {
        const item = document.createElement("li");
        item.id = `${id}-${index}`;
        item.setAttribute("role", "option");
        const label = document.createElement("span");
        label.textContent = choice.label;
        const detail = document.createElement("small");
        detail.className = "muted";
        detail.textContent = choice.detail;
        item.append(label, detail);
        if (choice.hint) {
          const key = document.createElement("kbd");
          key.textContent = choice.hint;
          item.append(key);
        }
        item.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          choose(found[index]);
        });
        return item;
      }),
    );
    list.hidden = !choices.length;
    input.setAttribute("aria-expanded", !list.hidden);
    mark(choices.length ? 0 : -1);
  };
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") mark(Math.max(at - 1, 0));
    else if (event.key === "Enter" && at >= 0) choose(found[at]);
    else if (event.key === "Escape") fill([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return fill;
}

function dress(input) {
  if (input.dataset.dressed) return;
  input.dataset.dressed = "true";
  input.autocomplete = "off";
  const list = document.createElement("ul");
  list.id = `suggest-${++running}`;
  list.hidden = true;
  input.after(list);
  const fill = listBox(input, list, (choice) => {
    input.value = choice.value;
    fill([]);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  let newest = 0;
  input.addEventListener("input", async () => {
    const mine = ++newest;
    const found = await suggestions(input.dataset.suggest, input.value);
    if (mine === newest && document.activeElement === input) fill(found);
  });
  input.addEventListener("blur", () => fill([]));
}

export function watchSuggestions() {
  if (document.activeElement.matches("input[data-suggest]")) dress(document.activeElement);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("input[data-suggest]")) dress(event.target);
  });
}
