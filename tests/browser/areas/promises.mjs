// Commitments at the secretariat's desk.
const DESK = "/desk/lincolnshire-rutland";

/// The desk's page of the commitment of 2008-09 that is measured in organisations.
async function measured(page) {
  await page.goto(`${DESK}/commitments?session=2008-09`);
  const one = page.locator(".rows > li").filter({ hasText: /target \d+ organisations/ }).first();
  return one.locator("h2").getByRole("link").getAttribute("href");
}

/// Where a link of that commitment's page leads.
const led = (name) => async (page) => {
  await page.goto(await measured(page));
  return page.getByRole("link", { name }).first().getAttribute("href");
};

/// That commitment with the public's eyes.
async function seenByOthers(page) {
  return led("See it as others do")(page);
}

const journeys = [
  {
    journey: "from a commitment at the desk it is seen as the public and another compact see it, and with one's own eyes again",
    routes: ["/desk/{slug}/as/{audience}/{id}"],
    as: "secretariat",
    async run({ page, expect }) {
      const own = await measured(page);
      await page.goto(own);
      await page.getByRole("link", { name: "See it as others do" }).click();
      await page.getByText("These are the eyes of the public.").waitFor();
      expect((await page.getByText(/target \d+ organisations/).count()) === 1, "it is that commitment");
      await page.getByRole("link", { name: "As another compact" }).click();
      await page.getByText("These are the eyes of another compact.").waitFor();
      await page.getByRole("link", { name: "Back to your own eyes" }).click();
      expect(new URL(page.url()).pathname === own, "and with one's own eyes again");
    },
  },
  {
    journey: "a target is changed: the reason is asked for, both are shown, and the old one stays in view until it is undone",
    as: "secretariat",
    async run({ page, expect, people }) {
      const own = await measured(page);
      await page.goto(own);
      const targets = () => page.getByRole("region", { name: "Every target it ever had" }).getByRole("row");
      const before = await targets().count();
      const had = (await targets().last().getByRole("rowheader").innerText()).replace(/ now$/, "");
      await page.getByRole("link", { name: /^Change the target of/ }).click();
      await page.getByLabel("The new target, in organisations").fill("many");
      await page.getByRole("button", { name: "Continue" }).click();
      const summary = await page.locator(".govuk-error-summary").innerText();
      expect(summary.includes("Say why it is changed"), `the reason is asked for: ${summary}`);
      expect(summary.includes("Enter the new target as a number"), `and a number: ${summary}`);
      expect((await page.getByLabel("The new target, in organisations").inputValue()) === "many", "what was typed is kept");
      await page.getByLabel("The new target, in organisations").fill("45");
      await page.getByLabel("Why is it changed?").fill("Two more colleges joined.");
      await page.getByRole("button", { name: "Continue" }).click();
      const row = page.getByRole("row", { name: /^Target/ });
      expect((await row.locator("del").innerText()) === had, "the old one is shown");
      expect((await row.locator("ins").innerText()) === "45 organisations", "beside the new one");
      await page.getByRole("button", { name: "Go back and mend it" }).click();
      expect((await page.getByLabel("Why is it changed?").inputValue()) === "Two more colleges joined.", "what was typed comes back");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Record the change" }).click();
      await page.getByText("The target is changed.").waitFor();
      expect((await targets().count()) === before + 1, "every target there was is listed");
      expect((await targets().last().innerText()).includes("Two more colleges joined."), "with its reason");
      const context = await people.as("public");
      const reader = await context.newPage();
      await reader.goto(own.replace("/desk/", "/compacts/"));
      const told = await reader.locator("main").innerText();
      expect(told.includes("Two more colleges joined."), `the public reads that it was changed, and why: ${told}`);
      await context.close();
      await page.getByRole("button", { name: `Undo: make the target ${had} again` }).click();
      await page.getByText("The target is changed.").waitFor();
      expect((await targets().last().innerText()).startsWith(had), "it is as it was, and both changes are told");
    },
  },
  {
    journey: "a commitment is proposed with its measure, agreed, begun and ended",
    routes: ["/desk/{slug}/commitments/new"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(`${DESK}/commitments`);
      await page.getByRole("link", { name: "Propose a commitment" }).click();
      await page.getByRole("button", { name: "Propose it" }).click();
      const summary = await page.locator(".govuk-error-summary").innerText();
      expect(summary.includes("Enter its number") && summary.includes("Say what is promised"), "it says what is missing");
      await page.getByLabel("Its number in the statement").fill(scripts ? "T1" : "T2");
      await page.getByLabel("What is promised?").fill("Every member takes an apprentice.");
      await page.getByText("Add its first measure now").click();
      await page.getByLabel("What is counted?").selectOption({ label: "organisations committed to the Skills Pledge (organisations)" });
      await page.getByLabel("So many in all").check();
      await page.getByLabel("The target").fill("12");
      await page.getByLabel("The baseline: the figure it begins at").fill("3");
      await page.getByRole("button", { name: "Propose it" }).click();
      const again = await page.locator(".govuk-error-summary").innerText();
      expect(again.includes("on which day the baseline was counted"), `the measure is asked about: ${again}`);
      await page.getByRole("group", { name: "On which day is the baseline counted?" }).getByLabel("Day").fill("1");
      await page.getByRole("group", { name: "On which day is the baseline counted?" }).getByLabel("Month").fill("4");
      await page.getByRole("group", { name: "On which day is the baseline counted?" }).getByLabel("Year").fill("2026");
      await page.getByRole("button", { name: "Add the measure" }).click();
      await page.getByText("The measure is added.").waitFor();
      expect((await page.locator(".govuk-tag").first().innerText()) === "Draft", "it is a draft");
      await page.getByRole("link", { name: "It was agreed" }).click();
      await page.getByRole("button", { name: "Record that it is agreed" }).click();
      await page.getByText("It is agreed: the commitment is a promise").waitFor();
      await page.getByRole("link", { name: "Work has begun" }).click();
      await page.getByRole("button", { name: "Record that work has begun" }).click();
      await page.getByRole("link", { name: "It has ended" }).click();
      await page.getByRole("button", { name: "Record how it ended" }).click();
      await page.locator(".govuk-error-summary").getByText("Say how it ended").waitFor();
      await page.getByLabel("Partly achieved").check();
      await page.getByRole("button", { name: "Record how it ended" }).click();
      await page.getByText("It is recorded how the commitment ended.").waitFor();
      await page.getByRole("button", { name: "Undo: take it up again" }).click();
      await page.getByText("The commitment is taken up again.").waitFor();
      await page.getByRole("link", { name: "Carry it forward" }).click();
      await page.getByLabel("Why is it carried forward?").fill("It goes on next year.");
      await page.getByRole("button", { name: "Carry it forward" }).click();
      await page.getByText("The commitment is carried forward.").waitFor();
      await page.getByRole("definition").filter({ hasText: "It goes on next year." }).getByRole("link").click();
      await page.getByRole("link", { name: "It was agreed" }).waitFor();
      expect((await page.locator(".govuk-tag").first().innerText()) === "Draft", "it goes on as a draft of the next session");
    },
  },
  {
    journey: "two people word a commitment and change its target at once: both versions are shown, nothing is lost, and one is chosen",
    as: "secretariat",
    async run({ page, expect, people, scripts }) {
      const there = await measured(page);
      const [mine, theirs] = scripts ? ["Mine, with scripts.", "Theirs, with scripts."] : ["Mine, without.", "Theirs, without."];
      const reword = async (page, words) => {
        await page.getByLabel("What is to be said with it").fill(words);
        await page.getByLabel("Why is it put in other words?").fill("To be clearer.");
        await page.getByRole("button", { name: "Record the words" }).click();
      };
      const aim = async (page, target) => {
        await page.getByLabel(/^The new target/).fill(target);
        await page.getByLabel("Why is it changed?").fill(`It is to be ${target}.`);
        await page.getByRole("button", { name: "Continue" }).click();
      };
      const summary = () => page.locator(".govuk-error-summary").innerText();
      const versions = () => page.locator("#conflict").innerText();
      const other = await (await people.as("secretariat", { javaScriptEnabled: false })).newPage();
      await page.goto(`${there}/words`);
      await other.goto(`${there}/words`);
      await reword(other, theirs);
      await other.getByText("The words are changed.").waitFor();
      await reword(page, mine);
      expect((await summary()).includes("Somebody else changed this while you typed"), "it is said that somebody else was quicker");
      const words = await versions();
      expect(words.includes(mine) && words.includes(theirs), `both are shown: ${words}`);
      expect((await page.getByLabel("What is to be said with it").inputValue()) === mine, "what was typed is kept");
      await page.getByRole("button", { name: "Record what I typed" }).click();
      await page.getByText("The words are changed.").waitFor();

      await page.goto(there);
      await page.getByRole("link", { name: /^Change the target of/ }).first().click();
      await other.goto(page.url());
      await aim(page, "61");
      await aim(other, "62");
      await other.getByRole("button", { name: "Record the change" }).click();
      await other.getByText("The target is changed.").waitFor();
      await page.getByRole("button", { name: "Record the change" }).click();
      const targets = await versions();
      expect(targets.includes("61 organisations") && targets.includes("62 organisations"), `both are shown: ${targets}`);
      expect((await page.getByLabel(/^The new target/).inputValue()) === "61", "what was typed is kept");
      await page.getByRole("link", { name: "Keep what is recorded now" }).click();
      expect((await page.locator("main").innerText()).includes("62 organisations"), "what the other recorded stays");
      await other.getByRole("button", { name: /^Undo: make the target/ }).click();
      await other.getByText("The target is changed.").waitFor();
      await other.goto(`${there}/words`);
      await reword(other, "");
      await other.getByText("The words are changed.").waitFor();
      await other.context().close();
    },
  },
  {
    journey: "what somebody else changes of a commitment elsewhere is in nobody's way, but nobody withdraws unseen what others have moved",
    as: "secretariat",
    async run({ page, expect, people }) {
      const there = await measured(page);
      await page.goto(`${there}/words`);
      const other = await (await people.as("secretariat", { javaScriptEnabled: false })).newPage();
      const renumber = async (ref, why) => {
        await other.goto(`${there}/ref`);
        await other.getByLabel("The number from now on").fill(ref);
        await other.getByLabel("Why has it another number?").fill(why);
        await other.getByRole("button", { name: "Record the number" }).click();
        await other.getByText("The number is changed.").waitFor();
      };
      await other.goto(`${there}/ref`);
      const had = await other.getByLabel("The number from now on").inputValue();
      await renumber(`${had}x`, "To try it out.");
      await page.getByLabel("What is to be said with it").fill("Typed at the same time.");
      await page.getByLabel("Why is it put in other words?").fill("To be clearer.");
      await page.getByRole("button", { name: "Record the words" }).click();
      await page.getByText("The words are changed.").waitFor();
      await page.getByRole("button", { name: "Undo: put the former words back" }).click();
      await page.getByText("The words are changed.").waitFor();
      await renumber(had, "It was tried out.");

      await page.goto(`${there}/withdraw`);
      await page.getByLabel("Why is it withdrawn?").fill("Nobody works on it.");
      await other.goto(`${there}/words`);
      await other.getByLabel("What is to be said with it").fill("A member works on it now.");
      await other.getByLabel("Why is it put in other words?").fill("It goes on.");
      await other.getByRole("button", { name: "Record the words" }).click();
      await other.getByText("The words are changed.").waitFor();
      await page.getByRole("button", { name: "Withdraw it" }).click();
      const versions = await page.locator("#conflict").innerText();
      expect(versions.includes("A member works on it now.") && versions.includes("Withdrawn: Nobody works on it."), `both are shown: ${versions}`);
      await page.getByRole("link", { name: "Keep what is recorded now" }).click();
      await other.getByRole("button", { name: "Undo: put the former words back" }).click();
      await other.getByText("The words are changed.").waitFor();
      await other.context().close();
    },
  },
  {
    journey: "two people enter a figure of the same measure: both are shown before one is added",
    as: "secretariat",
    async run({ page, expect, people, scripts }) {
      const enter = async (page, value) => {
        await page.getByLabel(/^Figure in events/).fill(value);
        await page.getByLabel("Day", { exact: true }).fill(scripts ? "30" : "31");
        await page.getByLabel("Month", { exact: true }).fill(scripts ? "9" : "12");
        await page.getByLabel("Year", { exact: true }).fill("2009");
        await page.getByLabel("Where do they come from?").fill("Returns from members");
        await page.getByRole("button", { name: "Record the figures" }).click();
      };
      const figures = `${DESK}/figures?session=2009-10`;
      const [theirs, mine] = scripts ? ["7", "8"] : ["17", "18"];
      await page.goto(figures);
      const other = await (await people.as("secretariat", { javaScriptEnabled: false })).newPage();
      await other.goto(figures);
      await enter(other, theirs);
      await other.getByText("One figure is recorded.").waitFor();
      await enter(page, mine);
      const versions = await page.locator("#conflict").innerText();
      expect(versions.includes(`last ${theirs} on`) && versions.includes(`${mine} events on`), `both are shown: ${versions}`);
      expect((await page.getByLabel(/^Figure in events/).inputValue()) === mine, "what was typed is kept");
      await page.getByRole("button", { name: "Record what I typed" }).click();
      await page.getByText("One figure is recorded.").waitFor();
      const one = page.locator(".rows > li").filter({ has: page.getByLabel(/^Figure in events/) }).first();
      const there = (await one.getByRole("link", { name: /^Report in words/ }).getAttribute("href")).replace(/\/report$/, "");
      await page.goto(there);
      for (const figure of [theirs, mine]) {
        expect((await page.getByRole("cell", { name: figure, exact: true }).count()) === 1, `${figure} is there, once`);
      }
      while ((await page.getByRole("link", { name: /^Take back/ }).count()) > 0) {
        await page.getByRole("link", { name: /^Take back/ }).last().click();
        await page.getByLabel("Why is it taken back?").fill("It was tried out.");
        await page.getByRole("button", { name: "Take the reading back" }).click();
        await page.getByText("The reading is taken back.").waitFor();
      }
      await other.context().close();
    },
  },
  {
    journey: "a reading is corrected and taken back, each with its reason",
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto(`${DESK}/figures?session=2009-10`);
      await page.getByLabel(/^Figure in events/).fill("5");
      await page.getByLabel("Day", { exact: true }).fill("30");
      await page.getByLabel("Month", { exact: true }).fill("6");
      await page.getByLabel("Year", { exact: true }).fill("2010");
      await page.getByLabel("Where do they come from?").fill("Returns from members");
      const one = page.locator(".rows > li").filter({ has: page.getByLabel(/^Figure in events/) }).first();
      const report = await one.getByRole("link", { name: /^Report in words/ }).getAttribute("href");
      await page.getByRole("button", { name: "Record the figures" }).click();
      await page.getByText("One figure is recorded.").waitFor();
      await page.goto(report.replace(/\/report$/, ""));
      await page.getByRole("link", { name: /^Correct/ }).last().click();
      await page.getByLabel(/^The figure, in/).fill("6");
      await page.getByLabel("What was wrong with it?").fill("One return came late.");
      await page.getByRole("button", { name: "Continue" }).click();
      expect((await page.getByRole("row", { name: /^Figure/ }).locator("ins").innerText()).startsWith("6 "), "the new figure is shown");
      expect((await page.getByRole("row", { name: /^Counted on/ }).locator("ins").count()) === 0, "what stays is not marked");
      await page.getByRole("button", { name: "Record the change" }).click();
      await page.getByText("The reading is corrected.").waitFor();
      expect((await page.getByText("One return came late.").count()) > 0, "with its reason");
      await page.getByRole("link", { name: /^Take back/ }).last().click();
      await page.getByLabel("Why is it taken back?").fill("It belongs to another measure.");
      await page.getByRole("button", { name: "Take the reading back" }).click();
      await page.getByText("The reading is taken back.").waitFor();
    },
  },
  {
    journey: "two commitments are taken back with a reason, published again and seen with the public's eyes, and one is taken back and restored",
    routes: ["/desk/{slug}/publish", "/desk/{slug}/as/{audience}"],
    as: "secretariat",
    async run({ page, expect }) {
      const labels = page.locator(".rows .govuk-checkboxes__label");
      const tick = async (names) => {
        for (const name of names) await page.getByLabel(name, { exact: true }).check();
      };
      const asPublic = async () => {
        await page.goto(`${DESK}/as/public`);
        await page.getByText("These are the eyes of the public.").waitFor();
        expect((await page.locator("main form").count()) === 0, "there is nothing to change there");
        return page.locator(".rows h2").allInnerTexts();
      };
      await page.goto(`${DESK}/publish`);
      await page.getByRole("button", { name: "Continue" }).click();
      const missing = await page.locator(".govuk-error-summary").innerText();
      expect(missing.includes("Tick at least one") && missing.includes("Say who is to read it"), `what is missing is said: ${missing}`);
      const two = (await labels.allInnerTexts()).filter((label) => label.startsWith("2008-09")).slice(0, 2);
      await tick(two);
      await page.getByLabel("Seen in this compact").check();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.locator(".govuk-error-summary").getByText("Say why fewer people are to read it").waitFor();
      expect(await page.getByLabel(two[1], { exact: true }).isChecked(), "what was ticked is kept");
      await page.getByLabel("Why?").fill("A figure is to be checked first.");
      await page.getByRole("button", { name: "Continue" }).click();
      expect((await page.getByText("It is taken back:").count()) === 2, "it says of each that it is taken back");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("It is recorded for 2 things.").waitFor();
      let seen = await asPublic();
      expect(!seen.includes(two[0]) && !seen.includes(two[1]), "the public does not see them");
      await page.goto(`${DESK}/publish`);
      await tick(two);
      await page.getByLabel("Public", { exact: true }).check();
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByText("From now on: Everybody reads it, signed in or not.").waitFor();
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("It is recorded for 2 things.").waitFor();
      seen = await asPublic();
      expect(seen.includes(two[0]) && seen.includes(two[1]), `the public sees both: ${seen}`);
      await page.goto(`${DESK}/publish`);
      await tick(two.slice(0, 1));
      await page.getByLabel("Draft", { exact: true }).check();
      await page.getByLabel("Why?").fill("By mistake.");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText(`It is recorded: ${two[0]}.`).waitFor();
      expect(!(await asPublic()).includes(two[0]), "it is taken back");
      await page.goBack();
      await page.getByRole("button", { name: "Undo: as before (public)" }).click();
      await page.getByText(`It is recorded: ${two[0]}.`).waitFor();
      expect((await asPublic()).includes(two[0]), "and restored with one press");
    },
  },
];

const step = (name) => ({ route: "/desk/{slug}/commitments/{id}/{step}", path: async (page) => `${await measured(page)}/${name}`, as: ["secretariat"] });

export default [
  ...journeys,
  { route: "/desk/{slug}/commitments", path: `${DESK}/commitments?session=2008-09`, as: ["secretariat", "group-lead"], shot: "commitments" },
  { route: "/desk/{slug}/commitments/new", path: `${DESK}/commitments/new`, as: ["secretariat"], shot: "propose" },
  { route: "/desk/{slug}/commitments/{id}", path: measured, as: ["secretariat", "group-lead"], shot: "promise" },
  { route: "/desk/{slug}/commitments/{id}/carry-forward", path: async (page) => `${await measured(page)}/carry-forward`, as: ["secretariat"] },
  { route: "/desk/{slug}/commitments/{id}/measures/{measure}/{step}", path: led(/^Change the target of/), as: ["secretariat"], shot: "target" },
  { route: "/desk/{slug}/commitments/{id}/measures/{measure}/{step}", path: led(/^Change the baseline of/), as: ["secretariat"] },
  ...["words", "places", "add-measure", "withdraw", "conclude"].map(step),
  { route: "/desk/{slug}/publish", path: `${DESK}/publish`, as: ["secretariat"], shot: "publish" },
  ...["plans", "meetings", "practices"].map((what) => ({ route: "/desk/{slug}/publish", path: `${DESK}/publish?what=${what}`, as: ["secretariat"] })),
  { route: "/desk/{slug}/as/{audience}", path: `${DESK}/as/public`, as: ["secretariat"], shot: "seen" },
  { route: "/desk/{slug}/as/{audience}/{id}", path: seenByOthers, as: ["secretariat"] },
  ...["plans", "meetings", "practices"].map((what) => ({ route: "/desk/{slug}/as/{audience}", path: `${DESK}/as/funder?what=${what}`, as: ["secretariat"] })),
  { passed: "/desk/{slug}/commitments/{id}/readings/{reading}/{step}" },
];
