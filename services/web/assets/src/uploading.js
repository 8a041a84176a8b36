// A file that is longer than is taken is told of as it is chosen, before it is sent for nothing; and whoever waits while files are on their
// way is told that they are. Without scripts the server says the former once the form has arrived.
const MOST = 25 * 1024 * 1024;

function tooLong(field) {
  return [...field.files].filter((file) => file.size > MOST).map((file) => `“${file.name}”`);
}

function watch(field) {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "govuk-error-message";
  said.hidden = true;
  field.before(said);
  field.addEventListener("change", () => {
    const names = tooLong(field);
    said.hidden = names.length === 0;
    said.textContent = names.length ? `${names.join(", ")}: longer than 25 MB. Choose a shorter file, or give a link to it.` : "";
  });
}

function sending(form, button) {
  if (form.querySelector("[data-sending]")) return;
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.dataset.sending = "";
  said.className = "govuk-body";
  said.textContent = "The files are being sent. With long ones this takes a while.";
  (button ?? form.lastElementChild).after(said);
}

export function uploading() {
  const fields = document.querySelectorAll("input[type=file]");
  for (const field of fields) watch(field);
  for (const form of new Set([...fields].map((field) => field.form))) {
    form.addEventListener("submit", (event) => {
      const chosen = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length > 0);
      if (chosen && !event.defaultPrevented) sending(form, event.submitter);
    });
  }
}
