// A form is sent once, however often its button is pressed. The server takes a form it has taken before for the same one; this
// spares whoever is waiting the doubt.
export function once() {
  const sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    // Somebody who comes back by the browser's own button may send it again.
    setTimeout(() => sent.delete(form), 3000);
  });
}
