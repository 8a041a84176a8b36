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

/// At 320 pixels, which is also 1,280 at 400% zoom, nothing has to be scrolled sideways but what scrolls within itself.
async function withinNarrowness(page) {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  const widest = await page.evaluate(() => {
    const inside = (element) => element.closest(".scrolls, .govuk-visually-hidden");
    const all = [...document.body.querySelectorAll("*")].filter((element) => !inside(element));
    const wide = all.filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
    return wide.slice(-1).map((element) => element.outerHTML.slice(0, 160))[0];
  });
  await page.setViewportSize(before);
  return width > 320 ? [`it is ${width} pixels wide at 320: ${widest}`] : [];
}
