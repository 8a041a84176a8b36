// What holds for every page, whoever looks and however.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };

/// Goes to a page and gives what is wrong with it: nothing, where all is well.
export async function look(page, path, { status = 200, scripts = true } = {}) {
  const wrong = [];
  const note = (message) => {
    // A page that is to be answered with 404 says so on the console as well.
    if (message.type() === "error" && !(status >= 400 && message.text().includes(`${status}`))) {
      wrong.push(`the console says: ${message.text()}`);
    }
  };
  const broken = (error) => wrong.push(`a script broke: ${error.message}`);
  page.on("console", note);
  page.on("pageerror", broken);
  const response = await page.goto(path, { waitUntil: "load" });
  if (response.status() !== status) wrong.push(`the status is ${response.status()}, not ${status}`);
  wrong.push(...(await inTheDocument(page)));
  if (scripts) wrong.push(...(await accessible(page)));
  wrong.push(...(await withinNarrowness(page)));
  page.off("console", note);
  page.off("pageerror", broken);
  return wrong;
}

async function inTheDocument(page) {
  const wrong = [];
  const title = await page.title();
  if (!title.endsWith("– Compacts") || title.startsWith("–")) wrong.push(`the title is "${title}"`);
  const headings = await page.locator("h1").count();
  if (headings !== 1) wrong.push(`there are ${headings} headings of the first rank`);
  if ((await page.locator("html").getAttribute("lang")) !== "en-GB") wrong.push("the language is not said");
  if ((await page.locator("[style], [onclick], [onchange]").count()) > 0) wrong.push("there are inline styles or handlers");
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  if (twice.length > 0) wrong.push(`there are several with the id ${twice[0]}`);
  return wrong;
}

/// What axe finds, each with where.
export async function accessible(page) {
  await page.evaluate(axe);
  const found = await page.evaluate((rules) => window.axe.run(document, rules), RULES);
  return found.violations.map((violation) => {
    const places = violation.nodes.map((node) => `      ${node.target.join(" ")}: ${node.failureSummary.split("\n").slice(1).join(" ").trim()}`);
    return `axe ${violation.id}: ${violation.help}\n${places.slice(0, 3).join("\n")}`;
  });
}

/// At 320 by 256 pixels, which is 1,280 by 1,024 at 400% zoom, nothing has to be scrolled sideways but what scrolls within itself, nothing
/// that stays in place covers the page, and no words are cut off.
async function withinNarrowness(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 256 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const [widest, covering, cut] = await page.evaluate(() => {
    const inside = (element) => element.closest(".scrolls, .govuk-visually-hidden, .govuk-skip-link");
    const all = [...document.body.querySelectorAll("*")].filter((element) => !inside(element));
    const told = (elements) => elements.slice(-1).map((element) => element.outerHTML.slice(0, 160))[0];
    const wide = all.filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
    const staying = all.filter((element) => ["fixed", "sticky"].includes(getComputedStyle(element).position));
    const large = staying.filter((element) => element.getBoundingClientRect().height > innerHeight / 2);
    const hiding = (element) => ["hidden", "clip"].includes(getComputedStyle(element).overflowX);
    const words = all.filter((element) => hiding(element) && element.innerText?.trim() && element.scrollWidth > element.clientWidth + 1);
    return [wide, large, words].map(told);
  });
  await page.setViewportSize(before);
  const wrong = [];
  if (width > 320) wrong.push(`it is ${width} pixels wide at 320: ${widest}`);
  if (covering) wrong.push(`at 400% zoom this covers the page: ${covering}`);
  if (cut) wrong.push(`at 400% zoom words are cut off: ${cut}`);
  return wrong;
}
