// Action plans at the secretariat's desk.
const DESK = "/desk/lincolnshire-rutland";
const LEARNING = "Learning and Development action plan";
const RECRUITMENT = "Recruitment and Retention action plan";

/// Where a plan is worked on.
const plan = (title, under = "") => async (page) => {
  await page.goto(`${DESK}/plans`);
  return `${await page.getByRole("link", { name: title }).getAttribute("href")}${under}`;
};

/// Where a link beside something in a plan leads.
const beside = (title, link) => async (page) => {
  await page.goto(await plan(title)(page));
  return page.getByRole("link", { name: link }).first().getAttribute("href");
};

/// A plan with what changed marked since a meeting.
const marked = (title, meeting) => async (page) => {
  const there = await plan(title)(page);
  await page.goto(there);
  const since = page.locator("#since option", { hasText: meeting });
  return `${there}?since=${await since.first().getAttribute("value")}`;
};

/// Where the first update of a plan is put right.
const theUpdate = beside(LEARNING, /^Put right/);

/// The form of an objective.
const objective = (title, label) => beside(title, `Change objective ${label}`);

/// What a page says is wrong.
const summary = (page) => page.locator(".govuk-error-summary").innerText();

/// The rows of an objective in the table.
const row = (page, words) => page.locator(".plan-table tbody", { hasText: words });

const journeys = [
  {
    journey: "a plan is begun, and an objective is added to it with its first action",
    routes: ["/desk/{slug}/plans/new", "/desk/{slug}/plans/{id}/add", "/desk/{slug}/objectives/{id}/act"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const title = `Graduate plan ${scripts ? "one" : "two"}`;
      await page.goto(DESK);
      await page.getByRole("link", { name: "Action plans" }).click();
      await page.getByRole("link", { name: "Begin a new plan" }).click();
      await page.getByLabel("What is it called?").fill(title);
      await page.getByRole("button", { name: "Begin the plan" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("Choose whose plan it is"), "it says what is missing");
      expect((await page.getByLabel("What is it called?").inputValue()) === title, "what was typed is kept");
      await page.getByLabel("Whose plan is it?").selectOption({ label: "Graduate migration working group" });
      await page.getByRole("button", { name: "Begin the plan" }).click();
      await page.getByText("The plan is begun.").waitFor();
      await page.getByRole("link", { name: "Add an objective" }).click();
      expect((await page.getByLabel("Ref").inputValue()) === "1", "the next ref is proposed");
      await page.getByLabel("What is to be reached?").fill("Graduates stay in the county");
      await page.getByLabel("Who will do it").fill("The facilitator");
      await page.getByRole("button", { name: "Add the objective" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).includes("Say what will be done"), "an action with an owner alone is none");
      await page.getByLabel("What will be done").fill("Ask the universities where their graduates go");
      await page.getByLabel("When, in the words as agreed").fill("By Easter");
      await page.getByRole("button", { name: "Add the objective" }).click();
      await page.getByText("The objective is added.").waitFor();
      const told = await row(page, "Graduates stay in the county").innerText();
      for (const said of ["Ask the universities", "The facilitator", "By Easter"]) expect(told.includes(said), `"${said}" stands in the table`);
      await page.getByRole("link", { name: "Add an action under objective 1" }).click();
      await page.getByLabel("What will be done").fill("Tell the members what they said");
      await page.getByRole("button", { name: "Add the action" }).click();
      await page.getByText("The action is added.").waitFor();
      expect((await row(page, "Graduates stay").innerText()).includes("Tell the members what they said"), "the second action stands under it");
    },
  },
  {
    journey: "a plan is narrowed down by the address, and looked at as it was, where nothing can be changed",
    routes: ["/desk/{slug}/plans/{id}"],
    as: "secretariat",
    async run({ page, expect }) {
      const there = await plan(LEARNING)(page);
      await page.goto(there);
      const all = await page.locator(".plan-table tbody").count();
      await page.getByLabel("Objective or action has the words").fill("skills pledge");
      await page.getByRole("button", { name: "Show", exact: true }).click();
      await page.waitForURL(/words=skills/);
      const some = await page.locator(".plan-table tbody").count();
      expect(some > 0 && some < all, `fewer are left: ${some} of ${all}`);
      await page.getByRole("link", { name: "Show everything" }).click();
      const meeting = await page.locator("#meeting option", { hasText: "24 September 2007 (Learning" }).first().getAttribute("value");
      await page.goto(`${there}?meeting=${meeting}`);
      await page.getByText("This is the plan as it was after the meeting of 24 September 2007").waitFor();
      expect((await page.locator("main .edits").count()) === 0, "there is no way to change the past");
      expect((await page.getByRole("link", { name: "Add an objective" }).count()) === 0, "nor to add to it");
      await page.getByRole("link", { name: "See it as it is now" }).click();
      expect((await page.locator("main .edits").count()) > 0, "the present can be changed");
    },
  },
  {
    journey: "an update is told once for three objectives, put right, and taken back",
    routes: ["/desk/{slug}/plans/{id}/update", "/desk/{slug}/updates/{id}"],
    as: "group-lead",
    async run({ page, expect, scripts }) {
      const told = `The colleges ${scripts ? "met" : "wrote"} between the meetings.`;
      await page.goto(await plan(LEARNING)(page));
      await page.getByRole("link", { name: "Record an update", exact: true }).click();
      await page.getByLabel("What is to be told").fill(told);
      await page.getByRole("button", { name: "Record the update" }).click();
      expect((await summary(page)).includes("Tick at least one objective"), "it says for what it speaks");
      expect((await page.getByLabel("What is to be told").inputValue()) === told, "what was typed is kept");
      for (const label of [/^1: /, /^2: /, /^4: /]) await page.getByRole("group", { name: "Which objectives does it speak for?" }).getByLabel(label).check();
      await page.getByRole("button", { name: "Record the update" }).click();
      await page.getByText("The update is recorded.").waitFor();
      const table = page.locator(".plan-table");
      expect((await table.locator("ins", { hasText: told }).count()) === 1, "it is told once, as new");
      expect((await table.getByText("one update for 1, 2, 4").count()) >= 1, "for all three");
      await page.getByRole("link", { name: `Put right the update “${told}”` }).click();
      await page.getByRole("button", { name: "Record it" }).click();
      expect((await summary(page)).includes("Say why"), "it asks why");
      await page.getByLabel("It should say something else").check();
      await page.getByLabel("What is to be told").fill(`${told} Boston too.`);
      await page.getByLabel("Why?").fill("One was left out.");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The update is put right.").waitFor();
      await page.getByRole("link", { name: `Put right the update “${told} Boston too.”` }).click();
      expect(await page.locator("del", { hasText: told }).isVisible(), "what it said before stays in view");
      await page.getByLabel("It should not have been said").check();
      await page.getByLabel("Why?").fill("It was another county.");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The update is taken back.").waitFor();
      expect((await page.locator(".plan-table del", { hasText: `${told} Boston too.` }).count()) === 1, "it is struck out");
    },
  },
  {
    journey: "an objective is dropped with a reason, and taken up again with its action",
    routes: ["/desk/{slug}/objectives/{id}"],
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto(await objective(RECRUITMENT, "4")(page));
      await page.getByLabel("Give it up").check();
      await page.getByRole("button", { name: "Record it" }).click();
      expect((await summary(page)).includes("Say why"), "it asks why");
      expect(await page.getByLabel("Give it up").isChecked(), "the choice is kept");
      await page.getByLabel("Why?").fill("The strategy is not to be had.");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The objective is dropped").waitFor();
      let told = await row(page, "Positive action").innerText();
      expect(told.includes("Dropped") && told.includes("The strategy is not to be had."), `the table says so: ${told}`);
      await page.getByRole("button", { name: "Take it up again" }).click();
      await page.getByText("The objective is taken up again.").waitFor();
      told = await row(page, "Positive action").innerText();
      expect(!told.includes("Dropped"), `the objective and its action are pursued again: ${told}`);
      await page.getByRole("link", { name: "Change objective 4" }).click();
      expect(await page.getByText("The strategy is not to be had.").first().isVisible(), "what happened stays on record");
    },
  },
  {
    journey: "an objective gets another ref by mistake, and it is put back",
    routes: [],
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto(await objective(RECRUITMENT, "5")(page));
      await page.getByLabel("Give it another ref").check();
      await page.getByLabel("Its new ref").fill("4");
      await page.getByLabel("Why?").fill("As on paper.");
      await page.getByRole("button", { name: "Record it" }).click();
      expect((await summary(page)).includes("belongs to"), "two objectives cannot have one ref");
      await page.getByLabel("Its new ref").fill("5a");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The objective has its new ref.").waitFor();
      expect((await page.locator(".c-ref", { hasText: "5a" }).count()) === 1, "the new ref stands in the table");
      await page.getByRole("button", { name: "Put it back as it was" }).click();
      await page.getByRole("link", { name: "Change objective 5", exact: true }).waitFor();
    },
  },
  {
    journey: "two people word an objective at once: both versions are shown, nothing is lost, and one is chosen",
    routes: ["/desk/{slug}/plans/{id}/title"],
    as: "secretariat",
    async run({ page, people, expect, scripts }) {
      const there = await objective(RECRUITMENT, "2")(page);
      const reword = async (page, words) => {
        await page.getByLabel("Put it in other words").check();
        await page.getByLabel("What is to be reached").fill(words);
        await page.getByLabel("Why?").fill("It reads better.");
        await page.getByRole("button", { name: "Record it" }).click();
      };
      const [mine, theirs] = scripts ? ["A better image", "An honest image"] : ["A fine image", "A true image"];
      await page.goto(there);
      const context = await people.as("secretariat");
      const other = await context.newPage();
      await other.goto(there);
      await reword(other, theirs);
      await other.getByText("The objective has its new words.").waitFor();
      await reword(page, mine);
      expect((await summary(page)).includes("Somebody else changed this while you typed"), "it is said that somebody else was quicker");
      const versions = await page.locator("#conflict").innerText();
      expect(versions.includes(mine) && versions.includes(theirs), `both are shown: ${versions}`);
      expect((await page.getByLabel("What is to be reached").inputValue()) === mine, "what was typed is kept");
      await page.getByRole("button", { name: "Record what I typed" }).click();
      await page.getByText("The objective has its new words.").waitFor();
      expect((await row(page, mine).count()) === 1, "what was typed is recorded");
      const title = `${await page.locator("h1").innerText()}`;
      await page.getByRole("link", { name: "Change its title" }).click();
      const typing = page.url();
      await other.goto(typing);
      await other.getByLabel("Its new title").fill(`${title} of ${theirs}`);
      await other.getByLabel("Why?").fill("To tell it apart.");
      await other.getByRole("button", { name: "Record it" }).click();
      await other.getByText("The plan has its new title.").waitFor();
      await page.getByLabel("Its new title").fill(`${title}, mine`);
      await page.getByRole("button", { name: "Record it" }).click();
      const both = await summary(page);
      expect(both.includes("Somebody else changed this") && both.includes("Say why"), `a mistake hides nothing of it: ${both}`);
      await page.getByLabel("Why?").fill("Mine is better.");
      await page.getByRole("link", { name: "Keep what is recorded now" }).click();
      expect((await page.locator("h1").innerText()) === `${title} of ${theirs}`, "what the other recorded stays");
      await other.getByRole("button", { name: "Put it back as it was" }).click();
      await other.getByText("The plan has its new title.").waitFor();
      expect((await other.locator("h1").innerText()) === title, "and can be put back");
      await context.close();
    },
  },
  {
    journey: "an action goes on as part of another, and is taken up again",
    routes: ["/desk/{slug}/actions/{id}"],
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto(await beside(RECRUITMENT, /^Change the action “Compile/)(page));
      await page.getByLabel("It goes on as part of another action").check();
      await page.getByLabel("Why, or what was said of it").fill("One list serves both.");
      await page.getByRole("button", { name: "Record it" }).click();
      expect((await summary(page)).includes("Choose the action"), "it asks in which");
      const other = await page.locator("#intoId option:not([value=''])").first().getAttribute("value");
      await page.getByLabel("Which action does it go on in?").selectOption(other);
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The action goes on as part of the other.").waitFor();
      expect(await page.getByText("It goes on in").isVisible(), "it says in which");
      await page.getByRole("button", { name: "Take it up again" }).click();
      await page.getByText("The action is open again.").waitFor();
    },
  },
  {
    journey: "what somebody else records elsewhere in the plan is in nobody's way",
    routes: [],
    as: "secretariat",
    async run({ page, people, expect, scripts }) {
      await page.goto(await objective(LEARNING, "2")(page));
      const context = await people.as("secretariat");
      const other = await context.newPage();
      await other.goto(await beside(LEARNING, /^Add an action under objective 1/)(other));
      await other.getByLabel("What will be done").fill(`Write to the districts ${scripts ? "once" : "twice"}`);
      await other.getByRole("button", { name: "Add the action" }).click();
      await other.getByText("The action is added.").waitFor();
      await context.close();
      await page.getByLabel("Put it in other words").check();
      await page.getByLabel("What is to be reached").fill(`Sector-based equality and diversity programmes, ${scripts ? "two" : "three"} of them`);
      await page.getByLabel("Why?").fill("It says how many.");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The objective has its new words.").waitFor();
      expect((await page.locator("del", { hasText: "Sector-based equality" }).count()) > 0, "the old words are struck out beside the new");
    },
  },
];

export default [
  { route: "/desk/{slug}/plans", path: `${DESK}/plans`, as: ["secretariat", "group-lead"], shot: "desk-plans" },
  { route: "/desk/{slug}/plans", path: `${DESK}/plans`, as: ["member", "funder"], status: 404 },
  { route: "/desk/{slug}/plans/new", path: `${DESK}/plans/new`, as: ["secretariat"], shot: "desk-plan-new" },
  { route: "/desk/{slug}/plans/new", path: `${DESK}/plans/new`, as: ["group-lead"], status: 404 },
  { route: "/desk/{slug}/plans/{id}", path: plan(LEARNING), as: ["secretariat", "group-lead"], shot: "desk-plan" },
  { route: "/desk/{slug}/plans/{id}", path: plan(RECRUITMENT), as: ["group-lead"] },
  { route: "/desk/{slug}/plans/{id}", path: plan(LEARNING, "?on=2007-08-01&show=open"), as: ["secretariat"], shot: "desk-plan-past" },
  { route: "/desk/{slug}/plans/{id}", path: marked(LEARNING, "27 July 2007 (Steering"), as: ["secretariat"], shot: "desk-plan-marked" },
  { route: "/desk/{slug}/plans/{id}/add", path: plan(LEARNING, "/add"), as: ["secretariat"], shot: "desk-objective-new" },
  { route: "/desk/{slug}/plans/{id}/add", path: plan(LEARNING, "/add"), as: ["group-lead"], status: 404 },
  { route: "/desk/{slug}/objectives/{id}/act", path: beside(LEARNING, /^Add an action/), as: ["secretariat", "group-lead"], shot: "desk-action-new" },
  { route: "/desk/{slug}/plans/{id}/title", path: plan(LEARNING, "/title"), as: ["secretariat"] },
  { route: "/desk/{slug}/plans/{id}/title", path: plan(LEARNING, "/title"), as: ["group-lead"], status: 404 },
  { route: "/desk/{slug}/plans/{id}/update", path: plan(LEARNING, "/update"), as: ["secretariat", "group-lead"], shot: "desk-update" },
  { route: "/desk/{slug}/plans/{id}/update", path: plan(RECRUITMENT, "/update"), as: ["group-lead"], status: 404 },
  { route: "/desk/{slug}/updates/{id}", path: theUpdate, as: ["secretariat", "group-lead"], shot: "desk-put-right" },
  { route: "/desk/{slug}/objectives/{id}", path: objective(LEARNING, "1"), as: ["secretariat", "group-lead"], shot: "desk-objective" },
  { route: "/desk/{slug}/objectives/{id}", path: objective(LEARNING, "5"), as: ["secretariat"] },
  ...journeys,
];
