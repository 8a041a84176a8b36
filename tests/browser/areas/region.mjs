// The region's board.
const everybody = ["public", "funder", "auditor", "secretariat"];

const journeys = [
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
      await page.getByRole("link", { name: "Who undertakes what, in full" }).click();
      expect(page.url().endsWith("/region/undertakings?session=2008-09"), `the session goes along: ${page.url()}`);
      const pledge = page.getByRole("region", { name: "Skills Pledge: who undertakes what" });
      expect((await pledge.getByRole("row", { name: /Lincolnshire and Rutland/ }).count()) === 1, "each theme says who undertakes what");
      expect((await page.getByText("No compact has taken this up in 2008 to 2009.").count()) > 0, "and that nobody does");
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
];
