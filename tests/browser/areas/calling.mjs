// Meetings before they are held: called, moved, called off, with an agenda and a paper.
const DESK = "/desk/lincolnshire-rutland";
const GROUP = "Learning and Development Theme Group";

/// Calls a meeting on a day of next year, and gives the address of its page.
async function call(page, day, venue) {
  await page.goto(`${DESK}/call`);
  await page.getByLabel(GROUP).check();
  await page.getByLabel("Day", { exact: true }).fill(String(day));
  await page.getByLabel("Month", { exact: true }).fill("2");
  await page.getByLabel("Year", { exact: true }).fill(String(new Date().getFullYear() + 1));
  await page.getByLabel("At what time?").fill("9.30");
  await page.getByLabel("Where?").fill(venue);
  await page.getByRole("button", { name: "Call the meeting" }).click();
  await page.getByText("The meeting is called.").waitFor();
  return new URL(page.url()).pathname;
}

/// A page of a meeting that is called, which one was found before.
const under = (part) => {
  let found;
  return async (page) => {
    found ??= await call(page, 3, "The county hall");
    return `${found}/${part}`;
  };
};

export default [
  { route: "/desk/{slug}/call", path: `${DESK}/call`, as: ["secretariat", "group-lead"] },
  { route: "/desk/{slug}/meetings/{id}/settle", path: under("settle"), as: ["secretariat"] },
  { route: "/desk/{slug}/meetings/{id}/agenda", path: under("agenda"), as: ["secretariat"], shot: "agenda" },
  { route: "/desk/{slug}/meetings/{id}/paper", path: under("paper"), as: ["secretariat"], shot: "paper" },
  {
    journey: "a meeting is called, its paper lists what arises, its agenda is set, it is moved and called off",
    routes: ["/desk/{slug}/call", "/desk/{slug}/meetings/{id}/settle", "/desk/{slug}/meetings/{id}/agenda", "/desk/{slug}/meetings/{id}/paper"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(`${DESK}/call`);
      await page.getByLabel("At what time?").fill("at ten");
      await page.getByRole("button", { name: "Call the meeting" }).click();
      const missing = await page.locator(".govuk-error-summary").innerText();
      expect(missing.includes("hoose the group"), `it says that the group is missing: ${missing}`);
      expect((await page.getByLabel("At what time?").inputValue()) === "at ten", "what was typed is kept");
      const there = await call(page, scripts ? 10 : 11, "The new library");
      expect((await page.locator("main").innerText()).includes("09:30"), "the time is on the clock");

      await page.goto(`${there}/paper`);
      const paper = await page.locator("main").innerText();
      expect(/\d+ open actions? of the group, \d+ of them overdue/.test(paper), "it says how many actions are open");
      expect((await page.getByRole("region", { name: "Open actions of the group" }).getByRole("row").count()) > 2, "and lists them");

      const changes = page.getByRole("region", { name: /^What changed in/ }).first();
      const moved = changes.getByRole("row").filter({ hasText: "An action got another timescale" }).first();
      expect((await moved.locator("del").count()) === 1 && (await moved.locator("ins").count()) === 1, "what it was stands beside what it is");
      expect(/the meeting of \d+ \w+ \d{4}/.test(await moved.innerText()), "with the meeting it comes from");
      await moved.getByRole("link").first().click();
      await page.getByRole("heading", { name: "Change an action", level: 1 }).waitFor();

      await page.goto(`${there}/agenda`);
      const heading = page.getByLabel(/^Heading of item/);
      const rows = await heading.count();
      await heading.last().fill("Any other business");
      await page.getByLabel(/^Place of item/).last().fill("0");
      await page.getByRole("button", { name: "Set the agenda" }).click();
      await page.getByText("The agenda is set.").waitFor();
      const items = await page.locator("main ol li").allInnerTexts();
      expect(items[0].startsWith("Any other business"), `it stands first: ${items[0]}`);
      expect(items.length === rows - 2, `rows without a heading are left out: ${items.length} of ${rows}`);

      await page.goto(`${there}/settle`);
      expect((await page.getByLabel("Where?").inputValue()) === "The new library", "what is settled stands in the form");
      await page.getByLabel("Where?").fill("The town hall");
      await page.getByLabel("Why is it moved?").fill("The library is closed.");
      await page.getByRole("button", { name: "Move the meeting" }).click();
      await page.getByText("The meeting is moved.").waitFor();
      await page.goto(`${there}/settle`);
      expect(await page.locator("ins", { hasText: "The town hall" }).isVisible(), "how it was moved is told");
      await page.getByRole("button", { name: "Call the meeting off" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("why it is called off"), "the reason is asked for");
      await page.getByLabel("Why is it called off?").fill("Too few can come.");
      await page.getByRole("button", { name: "Call the meeting off" }).click();
      await page.getByText("The meeting is called off.").waitFor();
      expect((await page.getByRole("link", { name: "Set the agenda" }).count()) === 0, "nothing more is to be settled");
      await page.goto(`${there}/settle`);
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    },
  },
];
