// What everybody may see.
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
      await page.getByLabel("Kind of organisation").selectOption("HEALTH");
      await page.getByRole("button", { name: "Search" }).click();
      await page.waitForURL(/category=HEALTH/);
      expect((await page.locator(".rows > li").count()) < found, "fewer are left");
      await page.getByRole("link", { name: "Show all" }).click();
      await page.waitForURL("**/good-practice");
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
  { route: "/compacts/{slug}", path: LINCOLNSHIRE, as: everybody, shot: "compact" },
  { route: "/compacts/{slug}", path: `${LINCOLNSHIRE}?session=2007-08`, as: ["public"] },
  { route: "/compacts/{slug}", path: "/compacts/derbyshire", as: ["public"] },
  { route: "/compacts/{slug}", path: "/compacts/nowhere", as: ["public"], status: 404 },
  { route: "/compacts/{slug}/commitments/{id}", path: from("/compacts/leicestershire", "ol.rows li:has(.progress) h3 a, ol.rows h3 a"), as: everybody, shot: "commitment" },
  { route: "/compacts/{slug}/plans", path: `${LINCOLNSHIRE}/plans`, as: everybody },
  { route: "/compacts/{slug}/plans", path: "/compacts/derbyshire/plans", as: ["public"] },
  { route: "/compacts/{slug}/plans/{id}", path: from(`${LINCOLNSHIRE}/plans`, ".rows h2 a:has-text('Learning')"), as: everybody, shot: "plan" },
  { route: "/compacts/{slug}/meetings", path: `${LINCOLNSHIRE}/meetings`, as: everybody, shot: "meetings" },
  { route: "/compacts/{slug}/meetings/{id}", path: from(`${LINCOLNSHIRE}/meetings`, ".rows li:has(.govuk-tag--good) h2 a"), as: everybody, shot: "meeting" },
  { route: "/good-practice", path: "/good-practice", as: everybody, shot: "good-practice" },
  { route: "/good-practice", path: "/good-practice?words=training", as: ["public"] },
  { route: "/good-practice", path: "/good-practice?words=zebra&category=HEALTH", as: ["public"] },
  { route: "/good-practice/{id}", path: from("/good-practice", ".rows h2 a"), as: everybody, shot: "practice" },
  { route: "(none)", path: "/there-is-no-such-page", as: ["public"], status: 404 },
];
