// What is typed into a long form is kept while it is typed, so that a lost session, a closed lid or a dead battery takes nothing with it.
const PAUSE = 1200;

export function keeping() {
  for (const form of document.querySelectorAll("form[data-keep]")) keep(form);
}

function keep(form) {
  const status = document.querySelector("[data-kept]");
  const version = form.elements.namedItem("draftVersion");
  let waiting;
  let sending = false;
  let changed = false;

  const say = (words) => {
    if (status) status.textContent = words;
  };

  async function send() {
    if (sending) return;
    sending = true;
    changed = false;
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.dataset.keep, { method: "POST", body, redirect: "manual" });
      say(answer.type === "opaqueredirect" ? "This could not be kept just now." : await answer.text());
      const now = answer.headers.get("x-draft-version");
      if (answer.ok && now && version) version.value = now;
    } catch {
      say("There is no connection: what you type is not kept just now. It stays in this window.");
    }
    sending = false;
    if (changed) later();
  }

  function later() {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(send, PAUSE);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("grown", later);
  form.addEventListener("submit", () => clearTimeout(waiting));
}
