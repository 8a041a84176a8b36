// What everybody may see.
import { look } from "../checks.mjs";

const LINCOLNSHIRE = "/compacts/lincolnshire-rutland";

/// The address of the first link on a page that fits.
const from = (path, link) => async (page) => {
  await page.goto(path);
  return page.locator(link).first().getAttribute("href");
};

const everybody = ["public", "secretariat", "funder"];

const journeys = [
  {
    journey: "a plan is looked at as it was after a meeting, and as it is now",
    routes: [],
    as: "public",
    async run({ page, expect }) {
      await page.goto(await from(`${LINCOLNSHIRE}/plans`, ".rows h2 a")(page));
      const now = await page.locator(".plan-table").innerText();
      const meetings = page.getByLabel("Show the plan");
      const oldest = await meetings.locator("option").last().getAttribute("value");
      await meetings.selectOption(oldest);
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await page.getByText("This is the plan as it was after").waitFor();
      expect(new URL(page.url()).searchParams.get("meeting") === oldest, "the choice stands in the address");
      const then = await page.locator("main").innerText();
      expect(then !== now, "what is shown is the past");
      await page.getByRole("link", { name: "See it as it is now" }).click();
      expect((await page.locator(".plan-table").innerText()) === now, "and then the present again");
    },
  },
  {
    journey: "a table that is wider than the screen says that it scrolls sideways, and one that is not does not",
    routes: [],
    as: "public",
    async run({ page, expect }) {
      await page.goto(await from(`${LINCOLNSHIRE}/plans`, ".rows h2 a")(page));
      const hint = () => page.locator(".scrolls").first().evaluate((place) => ({ shown: getComputedStyle(place, "::before").display, wider: place.scrollWidth > place.clientWidth }));
      for (const width of [320, 1600]) {
        await page.setViewportSize({ width, height: 800 });
        // A picture is taken of a frame that is drawn: whether it scrolls is known by then.
        await page.screenshot();
        const { shown, wider } = await hint();
        expect(wider === (width === 320), `at ${width} it is wider: ${wider}`);
        expect((shown === "block") === wider, `at ${width} the hint is ${shown}`);
      }
    },
  },
  {
    journey: "a commitment is looked at as it was on a day, and as it is now",
    routes: [],
    as: "public",
    async run({ page, expect }) {
      await page.goto(await from(`${LINCOLNSHIRE}?session=2008-09`, "ol.rows h3 a")(page));
      const now = await page.locator("h1").innerText();
      await page.getByLabel("or on a day").fill("2008-05-01");
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await page.getByText("This is the commitment as it was on 1 May 2008.").waitFor();
      expect((await page.locator("h1").innerText()) === now, "it was there to be seen");
      expect((await page.getByRole("heading", { name: "Actions that serve it" }).count()) === 0, "what serves it now is not told of then");
      await page.getByLabel("or on a day").fill("1999-05-01");
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await page.getByText("There was no such commitment to see then.").waitFor();
      await page.getByRole("link", { name: "See it as it is now" }).click();
      expect((await page.locator("h1").innerText()) === now, "and then the present again");
    },
  },
  {
    journey: "good practice is found by a word that is spelt wrongly, and narrowed down by the address",
    routes: [],
    as: "public",
    async run({ page, expect }) {
      await page.goto("/good-practice");
      await page.getByLabel("Words").fill("trianing");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("Nothing has the word “trianing”").waitFor();
      expect((await page.locator(".rows mark").count()) > 0, "what was found is marked");
      const found = await page.locator(".rows > li").count();
      await page.getByText("Narrow it down").click();
      await page.getByLabel("Kind of organisation").selectOption("HEALTH");
      await page.getByRole("button", { name: "Search" }).click();
      await page.waitForURL(/category=HEALTH/);
      expect((await page.locator(".rows > li").count()) < found, "fewer are left");
      await page.getByRole("link", { name: "Show all" }).click();
      await page.waitForURL("**/good-practice");
    },
  },
  {
    journey: "figures that were recorded are drawn, and a changed target shows both with its reason",
    routes: [],
    as: "secretariat",
    scripts: "only",
    async run({ page, people, expect }) {
      await page.goto(`${LINCOLNSHIRE}?session=2009-10`);
      const link = page.locator("ol.rows li", { hasText: "Three leadership and management master classes" }).locator("h3 a");
      const address = await link.getAttribute("href");
      await record(people, address.split("/").pop());
      await page.goto(`${LINCOLNSHIRE}?session=2009-10`);
      await page.getByText("Latest reading: 2 events on 30 September 2009").waitFor();
      expect((await page.locator("svg.progress").count()) === 1, "its progress is drawn");
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const wrong = await look(page, address);
        expect(wrong.length === 0, wrong.join("\n"));
      }
      const ink = page.locator(".chart svg .ink-line-1").first();
      const stroke = await ink.evaluate((element) => getComputedStyle(element).stroke);
      expect(stroke !== "none", "the line has a colour by night");
      const told = await page.locator("main").innerText();
      for (const said of ["from 3 to 4", "One more was asked for", "50% of the way", "the facilitator's list"]) {
        expect(told.includes(said), `"${said}" is said: ${told}`);
      }
    },
  },
  {
    journey: "whoever is not signed in is offered to sign in where there is no such page too, and whoever is has their own frame",
    routes: [],
    as: "public",
    async run({ page, people, expect }) {
      const you = (page) => page.getByRole("navigation", { name: "You" }).innerText();
      await page.goto("/compacts/nowhere");
      expect((await you(page)).trim() === "Sign in", `nobody has an account there: ${await you(page)}`);
      const own = await (await people.as("secretariat")).newPage();
      await own.goto("/compacts/nowhere");
      expect((await you(own)).includes("Your account") && (await you(own)).includes("Sign out"), "somebody has");
      await own.getByRole("link", { name: "Your desk" }).click();
      await own.waitForURL("**/desk/lincolnshire-rutland");
      await own.context().close();
    },
  },
  {
    journey: "a commitment is found from the first page by keyboard alone",
    routes: [],
    as: "public",
    async run({ page, expect }) {
      await page.goto("/");
      await page.keyboard.press("Tab");
      const skip = await page.evaluate(() => document.activeElement.textContent);
      expect(skip === "Skip to main content", `the first stop skips to the content: ${skip}`);
      await page.keyboard.press("Enter");
      await reach(page, "Lincolnshire and Rutland Public Sector Compact");
      await page.keyboard.press("Enter");
      await page.waitForURL(`**${LINCOLNSHIRE}`);
      const first = await page.locator("ol.rows h3 a").first().innerText();
      await reach(page, first);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/commitments/**");
      expect((await page.locator("h1").innerText()) === first, "its page has its name");
    },
  },
];

/// Two readings and another target, as the secretariat records them with whatever client they like.
async function record(people, commitment) {
  const context = await people.as("secretariat");
  const page = await context.newPage();
  await page.goto("/");
  const ask = (query, variables) =>
    page.evaluate(
      async (body) => {
        const headers = { "content-type": "application/json", "x-compacts-csrf": "1" };
        const answer = await (await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(body) })).json();
        const wrong = [...(answer.errors ?? []), ...Object.values(answer.data ?? {}).flatMap((payload) => payload?.userErrors ?? [])];
        if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
        return answer.data;
      },
      { query, variables },
    );
  const { commitment: found } = await ask("query ($id: ID!) { commitment(id: $id) { measures { id } } }", { id: commitment });
  const measureId = found.measures[0].id;
  const reading = (takenOn, value) => ({ measureId, takenOn, value, source: "the facilitator's list" });
  await ask("mutation ($input: RecordReadingsInput!) { recordReadings(input: $input) { projected userErrors { field message } } }", {
    input: { readings: [reading("2009-06-30", "1"), reading("2009-09-30", "2")], occurredOn: "2009-10-01" },
  });
  await ask("mutation ($input: ChangeTargetInput!) { changeTarget(input: $input) { projected userErrors { field message } } }", {
    input: { measureId, target: "4", reason: "One more was asked for", occurredOn: "2009-10-01" },
  });
  await context.close();
}

async function reach(page, words) {
  for (let at = 0; at < 60; at += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => document.activeElement.innerText?.trim());
    if (here === words) return;
  }
  throw new Error(`"${words}" cannot be reached by keyboard`);
}

export default [
  ...journeys,
  { route: "/", path: "/", as: everybody, shot: "region" },
  { route: "/accessibility", path: "/accessibility", as: ["public"] },
  { route: "/compacts/{slug}", path: LINCOLNSHIRE, as: everybody },
  { route: "/compacts/{slug}", path: `${LINCOLNSHIRE}?session=2007-08`, as: ["public"], shot: "compact" },
  { route: "/compacts/{slug}", path: "/compacts/derbyshire", as: ["public"] },
  { route: "/compacts/{slug}", path: "/compacts/nowhere", as: ["public"], status: 404 },
  { route: "/compacts/{slug}/commitments/{id}", path: from(`${LINCOLNSHIRE}?session=2007-08`, "ol.rows h3 a:has-text('Skills Pledge'), ol.rows h3 a"), as: everybody, shot: "commitment" },
  { route: "/compacts/{slug}/plans", path: `${LINCOLNSHIRE}/plans`, as: everybody },
  { route: "/compacts/{slug}/plans", path: "/compacts/derbyshire/plans", as: ["public"] },
  { route: "/compacts/{slug}/plans/{id}", path: from(`${LINCOLNSHIRE}/plans`, ".rows h2 a:has-text('Learning')"), as: everybody, shot: "plan" },
  { route: "/compacts/{slug}/meetings", path: `${LINCOLNSHIRE}/meetings`, as: everybody, shot: "meetings" },
  { route: "/compacts/{slug}/meetings/{id}", path: from(`${LINCOLNSHIRE}/meetings`, ".rows h2 a:has-text('24 September 2007')"), as: everybody, shot: "meeting" },
  { route: "/good-practice", path: "/good-practice", as: everybody, shot: "good-practice" },
  { route: "/good-practice", path: "/good-practice?words=training", as: ["public"] },
  { route: "/good-practice", path: "/good-practice?words=zebra&category=HEALTH&compact=derbyshire", as: ["public"] },
  { route: "/good-practice/{id}", path: from("/good-practice", ".rows h2 a"), as: everybody, shot: "practice" },
  { route: "(none)", path: "/there-is-no-such-page", as: ["public"], status: 404 },
];
