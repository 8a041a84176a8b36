// The door, and what people look after themselves.
const journeys = [
  {
    journey: "a form with mistakes says what they are, and where",
    routes: ["/sign-in"],
    as: "public",
    async run({ page, expect }) {
      await page.goto("/sign-in");
      await page.getByLabel("E-mail address").fill("clerk@members.example");
      await page.getByRole("button", { name: "Sign in" }).click();
      const title = await page.title();
      expect(title.startsWith("Error: "), `the title says so: ${title}`);
      const summary = page.locator(".govuk-error-summary");
      expect(await summary.evaluate((element) => element === document.activeElement), "the summary has the focus");
      await summary.getByRole("link", { name: "Enter your password" }).click();
      const there = await page.evaluate(() => document.activeElement.id || location.hash.slice(1));
      expect(there === "password", `the summary leads to the field: ${there}`);
      expect((await page.getByLabel("E-mail address").inputValue()) === "clerk@members.example", "what was typed is kept");
    },
  },
  {
    journey: "whoever signs in begins at what their role is for, or goes on to the page they came from",
    routes: ["/start"],
    as: "secretariat",
    async run({ page, expect, people }) {
      const begins = async (page) => {
        await page.goto("/start");
        return new URL(page.url()).pathname;
      };
      expect((await begins(page)) === "/desk/lincolnshire-rutland", "whoever runs a compact at its desk");
      for (const [role, there] of [["funder", "/region"], ["auditor", "/audit"], ["member", "/compacts/lincolnshire-rutland"], ["group-lead", "/desk/lincolnshire-rutland"], ["administrator", "/account"]]) {
        const theirs = await (await people.as(role)).newPage();
        const began = await begins(theirs);
        expect(began === there, `${role}: ${began}`);
        await theirs.context().close();
      }
      const stranger = await (await people.as("public")).newPage();
      await stranger.goto("/desk/lincolnshire-rutland/figures");
      expect(new URL(stranger.url()).searchParams.get("next") === "/desk/lincolnshire-rutland/figures", "the page they came from goes with them");
      await stranger.context().close();
    },
  },
];

export default [
  ...journeys,
  { route: "/sign-in", path: "/sign-in", as: ["public"], shot: "sign-in" },
  { route: "/forgotten", path: "/forgotten", as: ["public"] },
  { route: "/invitation/{link}", path: "/invitation/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", as: ["public"], status: 410 },
  { route: "/reset/{link}", path: "/reset/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", as: ["public"], status: 410 },
  { route: "/account", path: "/account", as: ["secretariat", "funder", "auditor", "member"], shot: "account" },
  { route: "/account/password", path: "/account/password", as: ["secretariat"] },
  { route: "/account/tokens/new", path: "/account/tokens/new", as: ["secretariat"] },
  { route: "/set-up-second-factor", path: "/set-up-second-factor", as: ["member"] },
  // These lead elsewhere unless somebody is half-way in; signing in as each role passes them.
  { passed: "/sign-in/code" },
  { passed: "/sign-in/openid/{provider}/back", why: "led to by a provider: tests/system/vouched.rs" },
  { passed: "/assets/{name}", why: "every page loads them" },
];
