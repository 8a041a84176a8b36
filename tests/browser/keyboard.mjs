// Going through a page by the keyboard alone: what cannot be reached or told by it fails.

/// What the control that has the focus is called, as a screen reader would say it.
const named = () => {
  const active = document.activeElement;
  if (!active || active === document.body) return "";
  const labels = [...(active.labels ?? [])].map((label) => label.innerText.trim());
  const own = active.getAttribute("aria-label") ?? (labels.join(" ") || active.innerText || "");
  return own.replace(/\s+/g, " ").trim();
};

/// Whether whoever looks sees where the focus is: within the window, and marked.
const seen = () => {
  const active = document.activeElement;
  const mark = active.matches("[type=radio], [type=checkbox]") ? (active.labels[0] ?? active) : active;
  const box = mark.getBoundingClientRect();
  const within = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  const style = getComputedStyle(active);
  const marked = style.outlineStyle !== "none" || style.boxShadow !== "none" || active.matches("[type=radio], [type=checkbox]");
  return within && marked;
};

export class Keyboard {
  constructor(page) {
    this.page = page;
    this.presses = 0;
  }

  async press(key) {
    this.presses += 1;
    await this.page.keyboard.press(key);
  }

  /// Tabs on to the next control of this name.
  async to(name) {
    const passed = [];
    for (let tabs = 0; tabs < 400; tabs += 1) {
      await this.press("Tab");
      const at = await this.page.evaluate(named);
      if (name.test(at)) {
        if (!(await this.page.evaluate(seen))) throw new Error(`the focus is on "${at}", and nobody sees it`);
        return;
      }
      passed.push(at);
    }
    throw new Error(`no control called ${name} is reached by the keyboard; passed ${[...new Set(passed)].slice(0, 40).join(" | ")}`);
  }

  /// Goes on to one of several of which one is chosen, by the arrows.
  async choose(name) {
    for (let tabs = 0; tabs < 400; tabs += 1) {
      await this.press("Tab");
      if (!(await this.page.evaluate(() => document.activeElement.type === "radio"))) continue;
      const first = await this.page.evaluate(() => document.activeElement.id);
      for (let arrows = 0; arrows < 60; arrows += 1) {
        if (name.test(await this.page.evaluate(named))) return this.press("Space");
        await this.press("ArrowDown");
        if (arrows > 0 && (await this.page.evaluate(() => document.activeElement.id)) === first) break;
      }
    }
    throw new Error(`nothing called ${name} can be chosen by the keyboard`);
  }

  async type(name, text) {
    await this.to(name);
    await this.press("ControlOrMeta+A");
    this.presses += text.length;
    await this.page.keyboard.type(text);
  }

  async tick(name) {
    await this.to(name);
    await this.press("Space");
  }

  /// The same in what has just been added: the focus may be there already.
  async typeInNew(name, text) {
    const there = await this.page.evaluate(named);
    if (!name.test(there)) await this.to(name);
    this.presses += text.length;
    await this.page.keyboard.type(text);
  }

  async push(name) {
    await this.to(name);
    await this.press("Enter");
  }
}
