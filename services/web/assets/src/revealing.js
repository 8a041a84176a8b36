// Fields that are asked for only when something else is chosen: `data-when="kind=RESCHEDULED,DROPPED"` names the field and its values.
// Without scripts all of them are there.
function chosen(form, name) {
  const field = form.elements.namedItem(name);
  return field ? field.value : "";
}

function settle(form) {
  for (const part of form.querySelectorAll("[data-when]")) {
    const [name, values] = part.dataset.when.split("=");
    part.hidden = !values.split(",").includes(chosen(form, name));
  }
}

export function revealing() {
  const forms = new Set([...document.querySelectorAll("[data-when]")].map((part) => part.closest("form")));
  for (const form of forms) {
    settle(form);
    form.addEventListener("change", () => settle(form));
    form.addEventListener("grown", () => settle(form));
  }
}
