// The secretariat's desk.
import { Keyboard } from "../keyboard.mjs";

export const DESK = "/desk/lincolnshire-rutland";

/// Where the first link below a heading of the desk's front page leads.
export const first = (heading) => async (page) => {
  await page.goto(DESK);
  return page.locator("section", { has: page.getByRole("heading", { name: heading }) }).getByRole("link").first().getAttribute("href");
};

/// The form of a meeting of the Learning and Development group.
async function theForm(page) {
  await page.goto(`${DESK}/record`);
  const group = await page.getByLabel("Learning and Development Theme Group, on another day").getAttribute("value");
  return `${DESK}/record/${group}?on=2007-09-24`;
}

/// The form on which the first commitment of a session is reported in words.
async function theReport(page) {
  await page.goto(`${DESK}/figures?session=2008-09`);
  return page.getByRole("link", { name: /^Report in words/ }).first().getAttribute("href");
}

/// Puts one more row under something: in place with scripts, by a round trip without.
async function more(page, within, name) {
  await within.getByRole("button", { name }).last().click();
}

/// Types the meeting of the Learning and Development group as its papers of 24 September 2007 have it, as far as the plan still has the objectives.
async function typeTheMeeting(page, month) {
  await page.goto(`${DESK}/record`);
  await page.getByLabel("Learning and Development Theme Group, on another day").check();
  await page.getByLabel("Day", { exact: true }).fill("24");
  await page.getByLabel("Month", { exact: true }).fill("9");
  await page.getByLabel("Year", { exact: true }).fill("2007");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("New College Stamford: Present").check();
  await page.getByLabel("Boston College: Apologies").check();
  const item = () => page.getByRole("group", { name: "Item Learning and Development action plan" });
  const updates = () => item().getByRole("group", { name: "Update to the plan" });
  await updates().last().getByLabel(/^1: /).check();
  await updates().last().getByLabel(/^2: /).check();
  await updates().last().getByLabel(/^3: /).check();
  await updates().last().getByLabel("What was reported").fill("The three are taken together in one special event on good practice. The LSC will host.");
  await more(page, updates().last(), "Change an action with it");
  // Of the first update, whatever comes after it.
  const change = updates().first().getByRole("group", { name: "Change" }).last();
  const action = await change.getByRole("option", { name: /^3, action/ }).getAttribute("value");
  await change.getByLabel("Which action or objective").selectOption(action);
  await change.getByLabel("What happened").selectOption({ label: "Action: another timescale" });
  await change.getByLabel("The new timescale, in words").fill(`${month} 2008`);
  await change.getByLabel("Due date, if it names a day").fill(`29 ${month} 2008`);
  await more(page, item(), "Add an update to the plan");
  await updates().last().getByLabel(/^4: /).check();
  await updates().last().getByLabel("What was reported").fill("Eight organisations have replied to the survey so far.");
  await more(page, item(), "Add an action");
  const raised = item().getByRole("group", { name: "Action", exact: true }).last();
  await raised.getByLabel("What will be done").fill("Arrange the meeting of HR professionals with the colleges.");
  await raised.getByLabel("Who will do it").fill("Compact facilitator");
  await raised.getByLabel("Which objective it serves").selectOption({ label: "6: Working practices between training providers and organisations" });
  return change;
}

const journeys = [
  {
    journey: "figures are entered in bulk, and the row in error is named",
    routes: ["/desk/{slug}/figures"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(`${DESK}/figures?session=2008-09`);
      await page.getByLabel(/^Figure in organisations/).fill(scripts ? "seven" : "eight");
      await page.getByLabel("Day", { exact: true }).fill("31");
      await page.getByLabel("Month", { exact: true }).fill("3");
      await page.getByLabel("Year", { exact: true }).fill("2009");
      await page.getByLabel("Where do they come from?").fill("Returns from members");
      await page.getByRole("button", { name: "Record the figures" }).click();
      await page.locator(".govuk-error-summary").getByRole("link").first().click();
      const there = await page.evaluate(() => document.activeElement.id || location.hash.slice(1));
      expect(there.endsWith(".value"), `the summary leads to the row: ${there}`);
      await page.getByLabel(/^Figure in organisations/).fill(scripts ? "7" : "8");
      await page.getByRole("button", { name: "Record the figures" }).click();
      await page.getByText("One figure is recorded.").waitFor();
      expect(await page.locator("p", { hasText: scripts ? "last 7 on 31 March 2009" : "last 8 on 31 March 2009" }).isVisible(), "it is shown as the last");
    },
  },
  {
    journey: "what came of a commitment is reported in words",
    routes: ["/desk/{slug}/commitments/{id}/report"],
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto(await theReport(page));
      await page.getByRole("button", { name: "Record the report" }).click();
      const told = await page.locator(".govuk-error-summary").innerText();
      expect(told.includes("Say how it stands") && told.includes("Say what came of it"), "it says what is missing");
      await page.getByLabel("Good progress").check();
      await page.getByLabel("What came of it").fill("Two more organisations signed.");
      await page.getByRole("button", { name: "Record the report" }).click();
      await page.getByText("The report is recorded.").waitFor();
    },
  },
  {
    journey: "an overdue action is given another timescale, completed, and taken up again",
    routes: ["/desk/{slug}/actions/{id}"],
    as: "secretariat",
    async run({ page, expect }) {
      const there = await first(/^Actions overdue/)(page);
      await page.goto(there);
      await page.getByLabel("It has another timescale").check();
      await page.getByLabel("When, in the words as agreed").fill("End of March 2027");
      await page.getByRole("button", { name: "Record it" }).click();
      const summary = page.locator(".govuk-error-summary");
      expect((await summary.innerText()).length > 20, "it says that the reason is missing");
      expect((await page.getByLabel("When, in the words as agreed").inputValue()) === "End of March 2027", "what was typed is kept");
      await page.getByLabel("Why, or what was said of it").fill("The hall was not to be had.");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The change is recorded.").waitFor();
      expect(await page.locator("ins", { hasText: "End of March 2027" }).isVisible(), "the new timescale is marked as new");
      await page.getByLabel("It is done").check();
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The action is completed.").waitFor();
      await page.getByLabel("Why, or what was said of it").fill("It was another action.");
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("The action is open again.").waitFor();
    },
  },
  {
    journey: "a meeting is typed, looked through and recorded, and what is missing is said where it is missing",
    routes: ["/desk/{slug}/record", "/desk/{slug}/record/{about}", "/desk/{slug}/record/{about}/check"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const began = Date.now();
      const change = await typeTheMeeting(page, scripts ? "January" : "February");
      await page.getByRole("button", { name: "Check before recording" }).click();
      await page.getByRole("button", { name: "Record the meeting" }).click();
      const summary = page.locator(".govuk-error-summary");
      await summary.getByRole("link").first().click();
      const there = await page.evaluate(() => document.activeElement.id || location.hash.slice(1));
      expect(there.endsWith(".reason"), `the summary leads to the reason that is missing: ${there}`);
      await change.getByLabel("Why, or what was said of it").fill("More organisations can come in December.");
      await page.getByRole("button", { name: "Check before recording" }).click();
      const told = await page.locator("main").innerText();
      expect(told.includes("Objectives 1, 2, 3:"), "one update speaks for three objectives");
      expect(told.includes("Boston College") && told.includes("Apologies"), "who came is told");
      expect(told.includes("2 updates and 1 new action go onto the Learning and Development action plan at once, which the public reads."), "what stands in a public plan at once is told before it is recorded");
      expect(told.includes("The minutes are a draft, which only"), "and who reads the minutes");
      const left = await page.getByRole("region", { name: /^Nothing was written under these/ }).getByRole("listitem").allInnerTexts();
      expect(left.length > 0, "what was suggested and not touched is listed apart");
      await page.getByRole("button", { name: "Record the meeting" }).click();
      await page.getByText("The meeting is recorded.").waitFor();
      const minutes = await page.locator("main").innerText();
      expect(minutes.includes("Objectives 1, 2, 3:"), "the minutes have the update");
      expect(minutes.includes("Arrange the meeting of HR professionals"), "and the action");
      const headings = await page.locator("section.item h3").allInnerTexts();
      expect(headings.length > 0 && !left.some((title) => headings.some((heading) => heading.endsWith(title))), "what nobody touched is not in the minutes");
      expect(minutes.includes("Only the secretariat and the leads of its groups read it."), "who may read it is told");
      expect((await page.getByRole("link", { name: "Change who may read it" }).getAttribute("href")) === `${DESK}/publish?what=meetings&only=${new URL(page.url()).pathname.split("/").pop()}`, "and where that is changed");
      const here = new URL(page.url()).pathname;
      await page.goto(DESK);
      const again = page.locator("section", { has: page.getByRole("heading", { name: "Meetings that only the secretariat and group leads read" }) });
      expect((await again.locator(`a[href="${here}"]`).count()) === 1, "it is found again from the desk");
      console.log(`  recording a meeting ${scripts ? "with" : "without"} scripts: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    },
  },
  {
    journey: "an organisation that is ticked as present and as sending apologies is asked about before the meeting is recorded, and so is what is no time",
    routes: ["/desk/{slug}/record/{about}"],
    as: "secretariat",
    async run({ page, expect }) {
      await page.goto(await theForm(page));
      await page.getByLabel("Boston College: Present").check();
      await page.getByLabel("Boston College: Apologies").check();
      await page.getByRole("button", { name: "Check before recording" }).click();
      const words = "Boston College is ticked as present and as sending apologies; choose one, or say who came and who did not";
      await page.locator(".govuk-error-summary").getByRole("link", { name: words }).click();
      const there = await page.evaluate(() => document.activeElement.id || location.hash.slice(1));
      expect(/^attendance\.\d+\.who$/.test(there), `the summary leads to the organisation: ${there}`);
      expect(await page.getByRole("row", { name: /Boston College/ }).getByText(words).isVisible(), "it is said at the organisation");
      expect(await page.getByLabel("Boston College: Present").isChecked(), "what was ticked is kept");
      await page.getByLabel("Boston College: Present").uncheck();
      await page.getByLabel("At what time did it begin?").fill("half past nine");
      await page.getByLabel("Or when, in words").fill("late November");
      await page.getByLabel("At what time will it begin?").fill("soon after lunch");
      await page.getByRole("button", { name: "Check before recording" }).click();
      expect((await page.locator("form").getByText("Enter a time of day, such as 10:30 or 2pm, or leave it empty").count()) === 2, "what is no time is said at both of its fields");
      await page.getByLabel("At what time did it begin?").fill("10.30");
      await page.getByLabel("At what time will it begin?").fill("2pm");
      await page.getByRole("button", { name: "Check before recording" }).click();
      await page.getByRole("button", { name: "Record the meeting" }).waitFor();
      const read = await page.locator("main").innerText();
      expect(read.includes("10:30") && read.includes("late November, 14:00"), "times are read as they were typed");
      await page.getByRole("link", { name: "Go back and change something" }).click();
      await page.getByRole("button", { name: "Throw away what I typed and begin anew" }).click();
    },
  },
  {
    journey: "a meeting is recorded from beginning to end by the keyboard alone",
    routes: ["/desk/{slug}/record", "/desk/{slug}/record/{about}", "/desk/{slug}/record/{about}/check"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const keys = new Keyboard(page);
      await page.goto(DESK);
      await keys.push(/^Record a meeting$/);
      await page.getByRole("heading", { name: "Record a meeting" }).waitFor();
      await keys.choose(/^Learning and Development Theme Group, on another day$/);
      await keys.type(/^Day$/, scripts ? "4" : "5");
      await keys.type(/^Month$/, "3");
      await keys.type(/^Year$/, "2008");
      await keys.push(/^Continue$/);
      await page.getByLabel("Where was it held?").waitFor();
      await keys.type(/^Where was it held\?/, "New College Stamford");
      await keys.tick(/^New College Stamford: Present$/);
      await keys.type(/^What was said/, "The plan was looked through.");
      await keys.push(/^Add an action/);
      await page.getByLabel("What will be done").first().waitFor();
      await keys.typeInNew(/^What will be done/, "Write to the colleges about places.");
      await keys.type(/^Who will do it/, "Compact facilitator");
      await keys.push(/^Check before recording$/);
      await page.getByRole("button", { name: "Record the meeting" }).waitFor();
      const told = await page.locator("main").innerText();
      expect(/1 new action goes? onto the (Learning|plan “Actions)/.test(told), "it is told onto which plan the action goes");
      await keys.push(/^Record the meeting$/);
      await page.getByText("The meeting is recorded.").waitFor();
      expect((await page.locator("main").innerText()).includes("Write to the colleges about places."), "the action is in the minutes");
      console.log(`  recording a meeting by the keyboard ${scripts ? "with" : "without"} scripts: ${keys.presses} keys`);
    },
  },
  {
    journey: "whoever takes an item out goes on with the one that stands in its place",
    routes: ["/desk/{slug}/record/{about}"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(await theForm(page));
      const items = page.locator("fieldset.minute");
      const [first, second, ...more] = await page.getByLabel("Heading", { exact: true }).evaluateAll((fields) => fields.map((field) => field.value));
      expect(first !== undefined && second !== undefined, "there are two items at least");
      const takeOut = async (at) => {
        const last = items.nth((await items.count()) - 1);
        await items.nth(at).getByRole("button", { name: /^Remove this item/ }).click();
        await last.waitFor({ state: "detached" });
        return page.evaluate(() => document.activeElement.value || document.getElementById(location.hash.slice(1))?.value);
      };
      const after = await takeOut(0);
      expect(after === second, `it goes on with what stood after it: ${after}`);
      const left = [second, ...more];
      if (left.length > 1) {
        const before = await takeOut(left.length - 1);
        expect(before === left.at(-2), `or with what stood before it: ${before}`);
      }
      if (scripts) await page.getByText(/^Kept on/).waitFor();
      await page.getByRole("button", { name: "Throw away what I typed and begin anew" }).click();
      await page.getByText("What was typed is thrown away.").waitFor();
    },
  },
  {
    journey: "what is typed of a meeting is kept when its window is closed or its session ends",
    routes: ["/desk/{slug}/record/{about}"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(`${DESK}/record`);
      await page.getByLabel("Recruitment and Retention Theme Group, on another day").check();
      await page.getByRole("button", { name: "Continue" }).click();
      const there = page.url();
      await page.getByLabel("Where was it held?").fill("The Learning Lounge");
      if (scripts) await page.getByText(/^Kept on/).waitFor();
      else await page.getByRole("button", { name: "Keep what I typed" }).click();
      await page.goto(there);
      expect((await page.getByLabel("Where was it held?").inputValue()) === "The Learning Lounge", "it is there again");
      await page.getByLabel("Where was it held?").fill("Another hall");
      const kept = (await page.context().cookies()).filter((cookie) => cookie.name !== "__Host-compacts");
      const session = (await page.context().cookies()).filter((cookie) => cookie.name === "__Host-compacts");
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Keep what I typed" }).click();
      await page.getByRole("heading", { name: "Sign in again to go on" }).waitFor();
      await page.context().addCookies([...kept, ...session]);
      await page.getByRole("button", { name: "I have signed in: go on" }).click();
      const again = page.getByRole("button", { name: "Go on", exact: true });
      if (await again.isVisible()) await again.click();
      expect((await page.getByLabel("Where was it held?").inputValue()) === "Another hall", "nothing typed is lost with the session");
      await page.getByRole("button", { name: "Throw away what I typed and begin anew" }).click();
      await page.getByText("What was typed is thrown away.").waitFor();
    },
  },
];

export default [
  { route: "/desk/{slug}", path: DESK, as: ["secretariat", "group-lead"], shot: "desk" },
  { route: "/desk/{slug}", path: DESK, as: ["funder", "member"], status: 404 },
  { route: "/desk/{slug}/actions/{id}", path: first(/^Actions overdue/), as: ["secretariat"], shot: "action" },
  { route: "/desk/{slug}/record", path: `${DESK}/record`, as: ["secretariat", "group-lead"], shot: "record" },
  { route: "/desk/{slug}/record/{about}", path: theForm, as: ["secretariat"], shot: "record-meeting" },
  { route: "/desk/{slug}/figures", path: `${DESK}/figures?session=2008-09`, as: ["secretariat"], shot: "figures" },
  { route: "/desk/{slug}/commitments/{id}/report", path: theReport, as: ["secretariat"] },
  ...journeys,
];
