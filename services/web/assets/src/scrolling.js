// A table that is wider than its place scrolls within itself, and can be reached by the keyboard while it does.
export function scrolling() {
  const places = document.querySelectorAll(".scrolls");
  if (!("ResizeObserver" in window)) return;
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const wider = target.scrollWidth > target.clientWidth;
      if (wider) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const place of places) observer.observe(place);
}
