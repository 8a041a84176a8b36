// Rows of a form that are added and taken out in place. Without scripts the same buttons post the form, and it comes back with the row.
const PLACE = "@row@";

// What of a row can be typed in.
const FIELD = "input:not([type=hidden]), textarea, select";

function next(list) {
  const name = list.dataset.list;
  const rows = [...list.children].map((row) => Number((row.dataset.row ?? "").slice(name.length + 1)));
  return `${name}.${Math.max(-1, ...rows.filter(Number.isFinite)) + 1}`;
}

function add(button) {
  const form = button.form;
  const name = button.value.slice("add:".length);
  const list = form.querySelector(`[data-list="${CSS.escape(name)}"]`);
  const empty = document.querySelector(`template[data-empty="${button.dataset.add}"]`);
  if (!list || !empty) return false;
  const holder = document.createElement("template");
  holder.innerHTML = empty.innerHTML.replaceAll(PLACE, next(list));
  const row = holder.content.firstElementChild;
  list.append(row);
  form.dispatchEvent(new Event("grown"));
  row.querySelector(FIELD)?.focus();
  return true;
}

function remove(button) {
  const row = button.closest("[data-row]");
  const form = button.form;
  const list = row?.parentElement;
  if (!list?.dataset.list) return false;
  // What stands in its place then, or before it; the button that adds one where none is left.
  const beside = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  form.dispatchEvent(new Event("input", { bubbles: true }));
  const field = beside?.querySelector(FIELD);
  if (field) {
    field.focus();
    return true;
  }
  const after = list.parentElement.querySelector(`[data-add][value="add:${CSS.escape(list.dataset.list)}"]`);
  after?.focus();
  return true;
}

export function growing() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-add], button[data-remove]");
    if (!button) return;
    if ("add" in button.dataset ? add(button) : remove(button)) event.preventDefault();
  });
}
