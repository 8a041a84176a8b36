// Minutes at the desk: circulated, agreed, published, put right and added to.
import { DESK, first } from "./desk.mjs";

/// A page at the desk of the group's meeting of 24 September 2007.
const ofTheMeeting = (under) => async (page) => {
  await page.goto("/compacts/lincolnshire-rutland/meetings");
  const href = await page.locator(".rows h2 a", { hasText: "24 September 2007" }).first().getAttribute("href");
  return `${DESK}/meetings/${href.split("/").pop()}${under}`;
};

/// Where the first item of the minutes of that meeting is put right.
async function firstItem(page) {
  await page.goto(await ofTheMeeting("")(page));
  return page.getByRole("link", { name: /^Put this item right/ }).first().getAttribute("href");
}

/// Fills in the one day that is asked for on a page.
async function fillDay(page, day, month, year) {
  await page.getByLabel("Day", { exact: true }).fill(`${day}`);
  await page.getByLabel("Month", { exact: true }).fill(`${month}`);
  await page.getByLabel("Year", { exact: true }).fill(`${year}`);
}

/// Records a meeting of the graduate migration group at which one thing was spoken of; where it is at the desk.
async function recordInShort(page, day, subject) {
  await page.goto(`${DESK}/record`);
  await page.getByLabel("Graduate migration working group, on another day").check();
  await fillDay(page, ...day);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Add an item", exact: true }).click();
  await page.getByLabel("Heading", { exact: true }).last().fill(subject);
  await page.getByLabel("What was said").last().fill("It was spoken of.");
  await page.getByRole("button", { name: "Check before recording" }).click();
  await page.getByRole("button", { name: "Record the meeting" }).click();
  await page.getByText("The meeting is recorded.").waitFor();
  return new URL(page.url()).pathname;
}

/// An item that can be added to the minutes of the first meeting whose minutes are a draft.
async function anItemMore(page) {
  return `${await first(/^Minutes to circulate/)(page)}/items/new`;
}

const journeys = [
  {
    journey: "minutes are circulated, and a note since the meeting is added",
    routes: ["/desk/{slug}/meetings/{id}"],
    as: "secretariat",
    async run({ page, expect }) {
      const there = await first(/^Minutes to circulate/)(page);
      await page.goto(there);
      expect((await page.locator("main").innerText()).includes("That does not publish them"), "it is said that circulating does not publish");
      if (await page.getByText(/^The group has met since/).isVisible()) {
        await page.getByRole("button", { name: "The minutes were circulated" }).click();
        await page.locator(".govuk-error-summary").getByRole("link", { name: /^Enter the day on which they were circulated: the group has met since/ }).waitFor();
        await fillDay(page, 2, 7, 2007);
      }
      await page.getByRole("button", { name: "The minutes were circulated" }).click();
      await page.getByText("It is recorded that the minutes were circulated.").waitFor();
      await page.getByLabel("What is to be noted").fill("The room for next time is booked.");
      await page.getByRole("button", { name: "Add the note" }).click();
      await page.getByText("The note stands with the minutes.").waitFor();
      expect(await page.getByText("The room for next time is booked.").isVisible(), "the note is shown");
    },
  },
  {
    journey: "from draft minutes to minutes that the public reads: circulated, agreed at the next meeting, and published from the meeting's page",
    routes: ["/desk/{slug}/meetings/{id}", "/desk/{slug}/publish"],
    as: "secretariat",
    async run({ page, expect, people, scripts }) {
      const year = scripts ? 2011 : 2012;
      const subject = `Graduates of ${year}`;
      const there = await recordInShort(page, [4, 3, year], subject);
      await recordInShort(page, [6, 5, year], "The next time");
      await page.goto(there);
      await fillDay(page, 20, 3, year);
      await page.getByRole("button", { name: "The minutes were circulated" }).click();
      await page.getByText("It is recorded that the minutes were circulated.").waitFor();
      await page.getByRole("button", { name: "They were agreed as a true record" }).click();
      await page.getByText("It is recorded that the minutes were agreed as a true record.").waitFor();
      await page.getByRole("link", { name: "Publish the minutes" }).click();
      expect((await page.locator("input[name=ids]:checked").count()) === 1 && (await page.locator("input[name=ids]").count()) === 1, "the meeting alone is there, and ticked");
      expect(await page.getByLabel("Public", { exact: true }).isChecked(), "for the public");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Record it" }).click();
      await page.getByText("Everybody reads it, signed in or not.").first().waitFor();
      const context = await people.as("public");
      const reader = await context.newPage();
      await reader.goto(there.replace("/desk/", "/compacts/"));
      expect((await reader.locator("main").innerText()).includes(subject), "the public reads it");
      await context.close();
    },
  },
  {
    journey: "who came is put right with its reason, and what stood there before stays in the record",
    routes: ["/desk/{slug}/meetings/{id}/attendance"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const there = await ofTheMeeting("")(page);
      await page.goto(`${there}/attendance`);
      const present = page.getByLabel("Boston College: Present");
      const record = page.getByRole("button", { name: "Record who came" }).last();
      if ((await page.locator("h1").innerText()) === "Take down who came") {
        await present.check();
        await record.click();
        await page.getByText("Who came is recorded as you ticked it.").waitFor();
        await page.getByRole("link", { name: "Put right who came" }).click();
      }
      const before = await present.isChecked();
      await present.setChecked(!before);
      await page.getByLabel("Boston College: Apologies").setChecked(before);
      await record.click();
      await page.locator(".govuk-error-summary").getByRole("link", { name: "Say why it is put right" }).waitFor();
      expect((await present.isChecked()) !== before, "what was ticked is kept");
      await page.getByRole("button", { name: "Add somebody else who came" }).click();
      const other = page.getByRole("group", { name: "Somebody else" }).last();
      await other.getByLabel("Who", { exact: true }).fill("The facilitator");
      await other.getByLabel("How").selectOption({ label: "In attendance" });
      const why = `Boston College was ticked wrongly, seen ${scripts ? "with" : "without"} scripts.`;
      await page.getByLabel("Why is it put right?").fill(why);
      await record.click();
      await page.getByText("Who came is recorded as you ticked it.").waitFor();
      const told = await page.locator("main").innerText();
      expect(told.includes(why) && told.includes("The facilitator"), "the reason and who came are told");
      await page.goto(`/audit/lincolnshire-rutland?of=${there.split("/").pop()}`);
      const line = page.getByRole("listitem").filter({ hasText: why });
      expect((await line.first().innerText()).includes("Who came was put right"), "and so it is in its history");
      await page.goto(`${there}/attendance`);
      await page.getByRole("button", { name: "Remove this person" }).first().click();
      await page.getByLabel("Why is it put right?").fill("The facilitator was not there.");
      await record.click();
      await page.getByText("Who came is recorded as you ticked it.").waitFor();
    },
  },
  {
    journey: "when a meeting began and where it was held is put right with its reason, and what was recorded is still told",
    routes: ["/desk/{slug}/meetings/{id}/place"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const there = await ofTheMeeting("")(page);
      await page.goto(there);
      await page.getByRole("link", { name: "Put right when and where it was held" }).click();
      const hall = scripts ? "The Guildhall" : "The County Hall";
      await page.getByLabel("Where was it held?").fill(hall);
      await page.getByLabel("At what time did it begin?").fill("a quarter past");
      const record = page.getByRole("button", { name: "Put it right" });
      await record.click();
      const summary = page.locator(".govuk-error-summary");
      await summary.getByRole("link", { name: "Say why it is put right" }).waitFor();
      expect(await summary.getByRole("link", { name: /^Enter a time of day/ }).isVisible(), "a time that is none is told");
      expect((await page.getByLabel("Where was it held?").inputValue()) === hall, "what was typed is kept");
      await page.getByLabel("At what time did it begin?").fill("10.15");
      const why = `The room was changed, seen ${scripts ? "with" : "without"} scripts.`;
      await page.getByLabel("Why is it put right?").fill(why);
      await record.click();
      await page.getByText("It is put right when the meeting began and where it was held.").waitFor();
      const told = await page.locator("main").innerText();
      expect(told.includes(`Held at ${hall}, 10:15.`) && told.includes(why), "where it was, and why that was put right");
      await page.goto(`/audit/lincolnshire-rutland?of=${there.split("/").pop()}`);
      const line = page.getByRole("listitem").filter({ hasText: why });
      expect((await line.first().innerText()).includes("When and where the meeting was held was put right"), "and so it is in its history");
    },
  },
  {
    journey: "an item of recorded minutes is put right, and what it said is still to be read",
    routes: ["/desk/{slug}/meetings/{id}/items/{item}"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(await firstItem(page));
      const said = `It was looked through ${scripts ? "with" : "without"} scripts.`;
      const heading = await page.getByLabel("Heading").inputValue();
      await page.getByLabel("What was said").fill(said);
      await page.getByRole("button", { name: "Put it right" }).click();
      await page.locator(".govuk-error-summary").getByRole("link", { name: "Say why it is put right" }).waitFor();
      expect((await page.getByLabel("What was said").inputValue()) === said, "what was typed is kept");
      await page.getByLabel("Why is it put right?").fill("It was told at the next meeting.");
      await page.getByRole("button", { name: "Put it right" }).click();
      await page.getByText("The item is put right.").waitFor();
      const item = page.locator("section.item", { hasText: heading }).first();
      expect((await item.innerText()).includes(said), "it says what it should");
      await item.getByText(/^Put right on /).last().click();
      expect(await item.locator("del").last().isVisible(), "and what it said is there");
    },
  },
  {
    journey: "an item that was forgotten is added while the minutes are a draft, with what was decided and the action it raised",
    routes: ["/desk/{slug}/meetings/{id}/items/new"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(`${DESK}/record`);
      await page.getByLabel("Recruitment and Retention Theme Group, on another day").check();
      await page.getByLabel("Day", { exact: true }).fill(scripts ? "7" : "8");
      await page.getByLabel("Month", { exact: true }).fill("3");
      await page.getByLabel("Year", { exact: true }).fill("2010");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.setViewportSize({ width: 320, height: 800 });
      await page.getByRole("button", { name: /^Add an action/ }).first().click();
      await page.getByLabel("What will be done").first().waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide <= 320, `a row that was added is no wider than the screen: ${wide}`);
      await page.getByLabel("At what time did it begin?").fill("2.30");
      await page.getByRole("button", { name: "Check before recording" }).click();
      expect((await page.locator("main").innerText()).includes("14:30 (2.30 in the afternoon)"), "it is told how the time was read");
      await page.getByRole("button", { name: "Record the meeting" }).click();
      await page.getByText("The meeting is recorded.").waitFor();
      await page.getByRole("link", { name: "Add an item to the minutes" }).click();
      await page.getByRole("button", { name: "Add the item" }).click();
      expect((await page.locator(".govuk-error-summary a").count()) === 1, "a heading is asked for");
      await page.getByLabel("Heading").fill("Any other business");
      await page.getByLabel("What was decided").fill("To meet in another hall.");
      await page.getByRole("button", { name: /^Add an action/ }).click();
      await page.getByLabel("Due date, if it names a day").fill("soon");
      await page.getByLabel("What will be done").fill("Ask for the other hall.");
      await page.getByRole("button", { name: "Add the item" }).click();
      await page.locator(".govuk-error-summary").getByRole("link", { name: /^Enter a real date/ }).click();
      const at = await page.evaluate(() => document.activeElement.id || location.hash.slice(1));
      expect(at === "items.0.actions.0.due", `the summary leads to the date that is none: ${at}`);
      expect((await page.getByLabel("What was decided").inputValue()) === "To meet in another hall.", "what was typed is kept");
      await page.getByLabel("Due date, if it names a day").fill("30/6/2010");
      await page.getByRole("button", { name: "Add the item" }).click();
      await page.getByText("The item is added to the minutes.").waitFor();
      const added = page.locator("section.item").last();
      expect((await added.locator("h3").innerText()).endsWith("Any other business"), "it stands last");
      const says = await added.innerText();
      expect(says.includes("Decision: To meet in another hall.") && says.includes("Action: Ask for the other hall., 30 June 2010"), `with its decision and its action: ${says}`);
    },
  },
];

export default [
  { route: "/desk/{slug}/meetings/{id}", path: first(/^Minutes to circulate/), as: ["secretariat"], shot: "minutes" },
  { route: "/desk/{slug}/meetings/{id}/attendance", path: ofTheMeeting("/attendance"), as: ["secretariat"], shot: "attendance" },
  { route: "/desk/{slug}/meetings/{id}/place", path: ofTheMeeting("/place"), as: ["secretariat"] },
  { route: "/desk/{slug}/meetings/{id}/place", path: ofTheMeeting("/place"), as: ["funder", "member"], status: 404 },
  { route: "/desk/{slug}/meetings/{id}/items/{item}", path: firstItem, as: ["secretariat"] },
  { route: "/desk/{slug}/meetings/{id}/items/new", path: anItemMore, as: ["secretariat"] },
  ...journeys,
];
