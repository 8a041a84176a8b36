// The region's board.
const everybody = ["public", "funder", "auditor", "secretariat"];

/// The commitment whose outcome waits first.
async function waiting(page) {
  await page.goto("/region/to-assess?session=2007-08");
  return page.locator(".rows h2 a").first().getAttribute("href");
}

/// Where it is said who may read an assessment; one is made first, where there is none yet.
async function released(page) {
  await page.goto("/region/progress?session=2008-09");
  const commitment = await page.locator('main a[href^="/region/commitments/"]').first().getAttribute("href");
  await page.goto(commitment);
  const there = page.getByRole("link", { name: /^Change who may read it/ }).first();
  if ((await there.count()) > 0) return there.getAttribute("href");
  await page.goto(`${commitment}/assess`);
  await page.getByLabel("Why?").fill("Half of it is shown.");
  await page.getByLabel("Partly achieved").check();
  await page.getByLabel("Medium").check();
  await page.getByRole("button", { name: "Record the assessment" }).click();
  return there.getAttribute("href");
}

const journeys = [
  {
    journey: "the funder assesses a report, and is told what is missing first",
    as: "funder",
    async run({ page, expect }) {
      await page.goto("/region?session=2007-08");
      await page.getByRole("link", { name: /to be assessed/ }).click();
      const before = await page.locator(".rows > li").count();
      const one = page.locator(".rows > li").first();
      const said = (await one.locator("p").nth(1).innerText()).split("\n").pop();
      await one.getByRole("link", { name: /^Assess this report/ }).click();
      await page.getByLabel("Why?").fill("Only some of it is shown.");
      await page.getByRole("button", { name: "Record the assessment" }).click();
      const summary = page.locator(".govuk-error-summary");
      expect((await summary.getByRole("link").allInnerTexts()).join() === "Choose how far it was completed,Choose how sure you are", "both are said");
      expect((await page.getByLabel("Why?").inputValue()) === "Only some of it is shown.", "what was typed is kept");
      await page.getByLabel("Partly achieved").check();
      await page.getByLabel("Medium").check();
      await page.getByRole("button", { name: "Record the assessment" }).click();
      await page.getByText("Your assessment is recorded.").waitFor();
      expect((await page.getByText("Only some of it is shown.").count()) === 1, `it stands beside the report: ${said}`);
      await page.getByRole("link", { name: /^Change who may read it/ }).first().click();
      expect(await page.getByLabel(/^Those it concerns/).isChecked(), "it is told to those it concerns");
      await page.getByLabel("Everybody: it is published").check();
      await page.getByRole("button", { name: "Record who may read it" }).click();
      await page.getByText("It is recorded who may read your assessment.").waitFor();
      await page.getByRole("link", { name: /^Change who may read it/ }).first().click();
      await page.getByLabel(/^Those it concerns/).check();
      await page.getByRole("button", { name: "Record who may read it" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("nter the reason"), "taking it back asks why");
      await page.goto("/region/to-assess?session=2007-08");
      expect((await page.locator(".rows > li").count()) === before - 1, "and waits no more");
    },
  },
  {
    journey: "the board shows the compacts of a session side by side, and who undertakes what in it",
    as: "public",
    async run({ page, expect, scripts }) {
      await page.goto("/");
      await page.getByRole("link", { name: "Region's board" }).click();
      await page.getByLabel("Session").selectOption("2008-09");
      if (scripts) await page.waitForURL("**/region?session=2008-09");
      else await page.getByRole("button", { name: "Show" }).click();
      const row = page.getByRole("row", { name: /^Lincolnshire and Rutland 5 / });
      await row.first().waitFor();
      expect((await page.getByRole("row", { name: /^Derbyshire none released/ }).count()) === 1, "who promised nothing says so");
      await page.getByRole("link", { name: /^Who undertakes what, in full/ }).click();
      expect(page.url().endsWith("/region/undertakings?session=2008-09"), `the session goes along: ${page.url()}`);
      const pledge = page.getByRole("region", { name: "Skills Pledge: who undertakes what" });
      expect((await pledge.getByRole("row", { name: /Lincolnshire and Rutland/ }).count()) === 1, "each theme says who undertakes what");
      expect((await page.getByText("No compact has taken this up in 2008 to 2009.").count()) > 0, "and that nobody does");
    },
  },
  {
    journey: "from a number on the board the funder comes to the commitments behind it",
    as: "funder",
    async run({ page, expect }) {
      await page.goto("/region?session=2008-09");
      await page.getByRole("link", { name: "1 under Skills Pledge in Lincolnshire and Rutland" }).click();
      await page.getByRole("heading", { name: "Progress against targets" }).waitFor();
      expect((await page.getByLabel("Theme").locator("option:checked").innerText()) === "Skills Pledge", "the theme is chosen");
      expect((await page.getByRole("rowheader").count()) === 1, "and what stands there is what was counted");
      await page.goBack();
      await page.getByRole("link", { name: "Lincolnshire and Rutland", exact: true }).click();
      expect((await page.getByRole("rowheader").count()) === 5, "a compact's name leads to all of its commitments");
    },
  },
  {
    journey: "what a compact took up from another is drawn, and said in a table",
    as: "public",
    async run({ page, expect }) {
      await page.goto("/region/adoptions");
      const row = page.getByRole("row", { name: "Leicestershire Lincolnshire and Rutland 1" });
      expect((await row.count()) === 1, "the table says from whom and to whom");
      expect((await page.locator("figure svg path.ink-arrow").count()) === 4, "an arrow is drawn for each");
      expect((await page.getByText("21 May 2007").count()) === 1, "and the day");
    },
  },
];

export default [
  ...journeys,
  { route: "/region", path: "/region", as: everybody, shot: "board", shotAs: "funder" },
  { route: "/region/undertakings", path: "/region/undertakings", as: ["public", "funder"], shot: "undertakings" },
  { route: "/region/adoptions", path: "/region/adoptions", as: ["public", "funder"], shot: "adoptions" },
  { route: "/region/progress", path: "/region/progress?session=2008-09", as: ["funder", "secretariat", "member", "auditor"], shot: "progress", shotAs: "funder" },
  { route: "/region/totals", path: "/region/totals?session=2009-10", as: ["funder", "member"], shot: "totals" },
  { route: "/region/to-assess", path: "/region/to-assess?session=2007-08", as: ["funder", "secretariat"], shot: "to-assess" },
  { route: "/region/commitments/{id}", path: waiting, as: ["funder", "auditor"], shot: "judged" },
  { route: "/region/commitments/{id}/release", path: released, as: ["funder"], shot: "release" },
  { route: "/region/commitments/{id}/assess", path: async (page) => `${await waiting(page)}/assess`, as: ["funder"], shot: "assess" },
];
