// node run.mjs            looks at every page as everybody who may, by day and by night, with scripts and without, and walks the journeys
// node run.mjs shots DIR  takes the pictures for the documentation
//
// Each file in areas/ lists pages and journeys (see any of them). ONLY=words runs those whose name has the words in it; ONLY="some|others", those that have the one or the other.
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { People, open } from "./browser.mjs";
import { look } from "./checks.mjs";
import { routes, routesIn, untested } from "./routes.mjs";
import { start } from "./server.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const WAYS = [
  { name: "by day", colorScheme: "light", javaScriptEnabled: true },
  { name: "by night", colorScheme: "dark", javaScriptEnabled: true },
  { name: "without scripts", colorScheme: "light", javaScriptEnabled: false },
];
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

async function areas() {
  const names = (await readdir(join(here, "areas"))).filter((name) => name.endsWith(".mjs")).sort();
  const files = await Promise.all(names.map((name) => import(pathToFileURL(join(here, "areas", name)))));
  return files.flatMap((file) => file.default);
}

const wanted = (name) => !process.env.ONLY || process.env.ONLY.split("|").some((words) => name.includes(words));

/// A path that is written, or found by looking: `path` may be a function of a page.
async function pathOf(test, page) {
  return typeof test.path === "function" ? test.path(page) : test.path;
}

async function pages(tests, people, failed) {
  let looked = 0;
  const byRole = new Map();
  for (const test of tests.filter((test) => test.path && wanted(test.route))) {
    for (const role of test.as) byRole.set(role, [...(byRole.get(role) ?? []), test]);
  }
  for (const [role, tests] of byRole) {
    for (const { name, ...way } of WAYS) {
      const context = await people.as(role, { ...way, viewport: DESKTOP });
      const page = await context.newPage();
      for (const test of tests) {
        looked += 1;
        const options = { status: test.status, scripts: way.javaScriptEnabled };
        const wrong = await pathOf(test, page)
          .then((path) => look(page, path, options))
          .catch((error) => [error.message]);
        if (wrong.length > 0) failed.push({ name: `${test.route} as ${role} ${name}`, wrong });
      }
      await context.close();
    }
  }
  return looked;
}

async function journeys(tests, people, failed) {
  let walked = 0;
  for (const test of tests.filter((test) => test.journey && wanted(test.journey))) {
    for (const javaScriptEnabled of test.scripts === "only" ? [true] : [true, false]) {
      walked += 1;
      const context = await people.as(test.as, { javaScriptEnabled, viewport: test.viewport ?? DESKTOP });
      const page = await context.newPage();
      const expect = (holds, what) => {
        if (!holds) throw new Error(what);
      };
      const how = javaScriptEnabled ? "with scripts" : "without scripts";
      await test.run({ page, people, expect, scripts: javaScriptEnabled }).catch(async (error) => {
        const told = [error.message, `at ${page.url()}`, await page.locator("main").innerText().catch(() => "")];
        failed.push({ name: `${test.journey} (${how})`, wrong: [told.join("\n    ").slice(0, 2500)] });
      });
      await context.close();
    }
  }
  return walked;
}

async function pictures(tests, people, folder) {
  await mkdir(folder, { recursive: true });
  for (const test of tests.filter((test) => test.shot && wanted(test.shot))) {
    for (const [size, viewport] of [["desktop", DESKTOP], ["phone", PHONE]]) {
      const role = test.shotAs ?? test.as[0];
      const schemes = process.env.NIGHT ? ["light", "dark"] : ["light"];
      for (const colorScheme of schemes) {
        const context = await people.as(role, { viewport, colorScheme, deviceScaleFactor: 1 });
        const page = await context.newPage();
        await page.goto(await pathOf(test, page), { waitUntil: "load" });
        const night = colorScheme === "dark" ? "-night" : "";
        await page.screenshot({ path: join(folder, `${test.shot}-${size}${night}.png`), fullPage: size === "desktop" });
        await context.close();
      }
    }
    console.log(`  ${test.shot}`);
  }
}

function checkersNotice() {
  const planted = routesIn('r.route("/a", get(x)).route(\n"/b/{c}",\n post(y)).route("/d", axum::routing::get(z))');
  const missing = untested(new Set(planted), [{ route: "/a" }]);
  if (planted.join() !== "/a,/d" || missing.join() !== "/d") throw new Error(`a route without a test is not noticed: ${missing}`);
}

/// A page with planted faults: each must be found, or looking at pages would prove nothing.
async function looksClosely(browser) {
  const page = await browser.newPage({ viewport: DESKTOP });
  const faults = '<h1>Two</h1><h1>headings</h1><img src="/x"><p style="width:900px" id="a">wide</p><p id="a">twice</p><p style="position:fixed;height:200px">stays</p><p style="overflow:hidden;white-space:nowrap;width:9em">words that are longer than their place</p>';
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><title>No name</title><main>${faults}</main>` }));
  const found = (await look(page, "http://planted.invalid/")).join("\n");
  for (const fault of ["the title", "2 headings", "language", "inline styles", "several with the id a", "axe image-alt", "pixels wide at 320", "covers the page", "words are cut off"]) {
    if (!found.includes(fault)) throw new Error(`a planted fault is not noticed: ${fault}\n${found}`);
  }
  await page.close();
}

checkersNotice();
const tests = await areas();
const unspoken = untested(await routes(join(root, "services/web/src")), tests);
if (unspoken.length > 0) {
  console.error(`No test of a page speaks of ${unspoken.join(", ")}: add it to a file in tests/browser/areas.`);
  process.exit(1);
}
const binary = process.env.SERVE_BINARY ?? join(root, "target/debug/compacts");
const browser = await open();
await looksClosely(browser);
const server = await start(binary);
const failed = [];
try {
  const people = new People(browser, server);
  if (process.argv[2] === "shots") {
    await pictures(tests, people, process.argv[3]);
  } else {
    const looked = await pages(tests, people, failed);
    const walked = await journeys(tests, people, failed);
    console.log(`Looked ${looked} times at pages and walked ${walked} journeys: ${failed.length} failed.`);
  }
} finally {
  await browser.close();
  await server.stop();
}
for (const { name, wrong } of failed) console.error(`\nFAILED ${name}\n  ${wrong.join("\n  ")}`);
process.exit(failed.length > 0 ? 1 : 0);
