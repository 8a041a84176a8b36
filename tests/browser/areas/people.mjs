// The people a compact has written down.
const people = "/people/lincolnshire-rutland";

/// Somebody who is written down, to look at.
async function somebody(page) {
  await page.goto(people);
  const rows = page.getByRole("link", { name: /^Put right/ });
  if ((await rows.count()) === 0) await writeDown(page, "Quentin Plumtree");
  return page.getByRole("link", { name: /^Put right/ }).first().getAttribute("href");
}

async function writeDown(page, name) {
  await page.goto(people);
  await page.getByRole("link", { name: "Write somebody down" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("What they do").fill("Training manager");
  await page.getByRole("button", { name: "Write them down" }).click();
  await page.getByText("They are written down.").waitFor();
}

const journeys = [
  {
    journey: "somebody is written down, put right, handed what is held about them, and erased for good",
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const name = scripts ? "Wilhelmina Oakapple" : "Bartholomew Oakapple";
      await page.goto("/account");
      await page.getByRole("link", { name: "People of Lincolnshire and Rutland Public Sector Compact" }).click();
      await writeDown(page, name);
      await page.getByRole("link", { name: `Put right, hand out or erase what is held about ${name}` }).click();
      await page.getByLabel("What they do").fill("Head of training");
      await page.getByRole("button", { name: "Put it right" }).click();
      await page.locator(".govuk-error-summary").waitFor();
      expect((await page.getByLabel("What they do").inputValue()) === "Head of training", "what was typed is kept");
      await page.getByLabel("Why is it changed?").fill("They have another post.");
      await page.getByRole("button", { name: "Put it right" }).click();
      await page.getByText("Head of training").first().waitFor();
      await page.getByRole("link", { name: `Put right, hand out or erase what is held about ${name}` }).click();
      const handed = page.waitForEvent("download");
      await page.getByRole("button", { name: "Take it out as a file" }).click();
      expect((await handed).suggestedFilename() === "what-is-held-about-you.json", "it comes as a file");
      await page.getByRole("link", { name: "See what erasing them does" }).click();
      await page.getByRole("button", { name: "Erase them for good" }).click();
      const said = await page.locator(".govuk-error-summary a").allInnerTexts();
      expect(said.length === 2, `reason and certainty are asked for: ${said}`);
      await page.getByLabel("Why?").fill("The person themselves asked for it.");
      await page.getByLabel("I understand that this cannot be undone").check();
      await page.getByRole("button", { name: "Erase them for good" }).click();
      await page.getByText("They are erased.").waitFor();
      expect((await page.getByText(name).count()) === 0, "and named no more");
    },
  },
];

export default [
  ...journeys,
  { route: "/people/{slug}", path: people, as: ["secretariat", "member"] },
  { route: "/people/{slug}", path: "/people/leicestershire", as: ["secretariat", "funder"], status: 404 },
  { route: "/people/{slug}/new", path: `${people}/new`, as: ["secretariat"] },
  { route: "/people/{slug}/{id}", path: somebody, as: ["secretariat"], shot: "person" },
  { route: "/people/{slug}/{id}/erase", path: async (page) => `${await somebody(page)}/erase`, as: ["secretariat"], shot: "erase" },
];
