// Who holds which role: shown, given, taken away.

/// The page on which the last role of the list is taken away.
async function ending(page) {
  await page.goto("/roles");
  return page.getByRole("link", { name: /^Take it away/ }).last().getAttribute("href");
}

export default [
  { route: "/roles", path: "/roles", as: ["administrator", "secretariat", "auditor"], shot: "roles" },
  { route: "/roles", path: "/roles", as: ["funder", "member"], status: 404 },
  { route: "/roles/give", path: "/roles/give", as: ["administrator", "secretariat"] },
  { route: "/roles/{id}/end", path: ending, as: ["administrator"] },
  {
    journey: "somebody is invited as a group lead, and the role is taken away with a reason",
    routes: ["/roles", "/roles/give", "/roles/{id}/end"],
    as: "administrator",
    async run({ page, expect, scripts }) {
      const name = scripts ? "Petronella Quince" : "Ambrose Quince";
      const email = `${name.toLowerCase().replace(" ", ".")}@example.org`;
      await page.goto("/account");
      await page.getByRole("link", { name: "Who holds which role" }).click();
      await page.getByRole("link", { name: "Give somebody a role" }).click();
      await page.getByLabel("E-mail address").fill(email);
      await page.getByLabel("Group lead").check();
      await page.getByLabel("Which group do they lead?").selectOption({ label: "Lincolnshire and Rutland Public Sector Compact: Learning and Development Theme Group" });
      await page.getByRole("button", { name: "Give the role" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("give their name as well"), "who has no account is invited by name");
      await page.getByLabel("Their name, where they have no account yet").fill(name);
      await page.getByRole("button", { name: "Give the role" }).click();
      await page.getByRole("heading", { name: "They are invited" }).waitFor();
      expect(/\/invitation\/\S+/.test(await page.locator(".secret").innerText()), "the link is shown");
      await page.goto("/roles");
      const row = page.getByRole("row", { name: new RegExp(name) });
      expect((await row.innerText()).includes("Learning and Development"), "the role is listed with whose it is");
      await row.getByRole("link", { name: /^Take it away/ }).click();
      await page.getByRole("button", { name: "Take the role away" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("why it is taken away"), "the reason is asked for");
      await page.getByLabel("Why?").fill("Another organisation has taken the chair.");
      await page.getByRole("button", { name: "Take the role away" }).click();
      await page.getByText("The role is taken away.").waitFor();
      expect((await row.innerText()).includes("not held today"), "it is no longer held");
    },
  },
  {
    journey: "a secretariat gives roles in its own compact only, and only to who has an account",
    routes: ["/roles/give"],
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto("/roles/give");
      expect((await page.getByLabel("Funder").count()) === 0, "it gives no role of the region");
      expect((await page.getByLabel("In which compact?").locator("option").count()) === 1, "in no compact but its own");
      await page.getByLabel("E-mail address").fill("nobody.at.all@example.org");
      await page.getByLabel("Member's representative").check();
      await page.getByRole("button", { name: "Give the role" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("ask the region's administrator"), "it says who invites");
    },
  },
];
