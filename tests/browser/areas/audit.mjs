// The auditor's desk: the record in plain words, what two days differ in, and the entry behind a sentence.
const ledger = "/audit/lincolnshire-rutland";

/// The address of an entry, found by looking for it.
async function passport(page) {
  await page.goto(`${ledger}?words=requirements+differ`);
  return page.getByRole("link", { name: "Who says so?" }).first().getAttribute("href");
}

/// The Learning and Development plan compared over the meeting of 24 September 2007.
async function compared(page) {
  await page.goto("/compacts/lincolnshire-rutland/plans");
  const href = await page.getByRole("link", { name: /Learning and Development/ }).first().getAttribute("href");
  return `${ledger}/compare?of=${href.split("/").pop()}&since=2007-09-01&until=2007-10-01`;
}

/// Where a text of that entry is blacked out.
async function blackOut(page) {
  await page.goto(await passport(page));
  return page.getByRole("link", { name: /^Black this text out/ }).first().getAttribute("href");
}

const journeys = [
  {
    journey: "a text that names somebody is blacked out for good, with its reason",
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto(`${ledger}?kind=updates`);
      // What the first to come here blacked out cannot be blacked out again.
      await page.getByRole("link", { name: /^Who says so/ }).nth(scripts ? 0 : 1).click();
      await page.getByRole("link", { name: /^Black this text out/ }).first().click();
      const text = await page.locator("main blockquote").innerText();
      await page.getByRole("button", { name: "Black it out for good" }).click();
      expect((await page.locator(".govuk-error-summary a").count()) === 2, "reason and certainty are asked for");
      await page.getByLabel("Why?").fill("It named somebody in plain words.");
      await page.getByLabel("I understand that this cannot be undone").check();
      await page.getByRole("button", { name: "Black it out for good" }).click();
      await page.getByText("The text is blacked out.").waitFor();
      expect(!(await page.locator("main").innerText()).includes(text), "it is read no more");
    },
  },
  {
    journey: "an auditor finds why the passport was dropped, and who says so",
    as: "auditor",
    async run({ page, expect }) {
      await page.goto("/account");
      await page.getByRole("link", { name: "The record", exact: true }).click();
      await page.getByRole("link", { name: "Lincolnshire and Rutland Public Sector Compact" }).click();
      await page.getByLabel("Words").fill("passport dropped");
      await page.getByRole("button", { name: "Look for it" }).click();
      const line = page.getByRole("listitem").filter({ hasText: "organisations' requirements differ" });
      expect((await line.count()) >= 1, "the sentence says why");
      expect((await line.first().innerText()).includes("meeting of 24 September 2007"), "and at which meeting");
      await line.first().getByRole("link", { name: "Who says so?" }).click();
      expect(!(await page.locator("pre.stored").first().isVisible()), "what is stored is folded away");
      await page.getByText("Exactly as it is stored, and how anybody checks it").click();
      const hash = await page.locator(".hash code").innerText();
      const stored = await page.locator("pre.stored").first().textContent();
      const own = await page.evaluate(async (text) => {
        const leaf = new Uint8Array([0, 1, ...new TextEncoder().encode(text)]);
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", leaf));
        return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      }, stored);
      expect(own === hash, `the text as it stands gives the hash: ${own} and ${hash}`);
    },
  },
  {
    journey: "from the plan, the minutes and the record of why the passport was dropped each of the others is one step away",
    routes: ["/audit/{ledger}/see/{id}"],
    as: "auditor",
    async run({ page, expect }) {
      await page.goto(`${ledger}?words=passport+dropped`);
      const line = () => page.getByRole("listitem").filter({ hasText: "requirements differ" }).first();
      await line().getByRole("link", { name: /^On its page/ }).click();
      const onThePlan = page.url();
      expect(/\/plans\/[^#]+#/.test(onThePlan), `the record leads to the plan: ${onThePlan}`);
      const place = page.locator(`[id="${new URL(onThePlan).hash.slice(1)}"]`);
      await place.getByRole("link", { name: "At the meeting of 24 September 2007" }).first().click();
      const minutes = page.url();
      expect(/\/meetings\//.test(minutes), `the plan leads to the minutes: ${minutes}`);
      await page.getByRole("link", { name: "What it changed elsewhere" }).click();
      expect((await line().count()) === 1, "the minutes lead to the record");
      await line().getByRole("link", { name: "meeting of 24 September 2007" }).click();
      expect(page.url() === minutes, "the record leads to the minutes");
      const id = new URL(minutes).pathname.split("/").pop();
      await page.goto(minutes);
      const plan = page.locator(`a[href*="/plans/"][href*="#"]`);
      expect((await plan.count()) > 0, "the minutes lead to the plan, at its place");
      await page.goto(`${ledger}?of=${id}`);
      await page.getByRole("link", { name: "See it on its page" }).click();
      expect(page.url() === minutes, "and from all that is told of a meeting to the meeting");
    },
  },
  {
    journey: "two days of a plan are compared, by both clocks",
    as: "auditor",
    async run({ page, expect }) {
      await page.goto(await compared(page));
      const moved = page.getByRole("row").filter({ hasText: "September" }).filter({ hasText: "November" });
      expect((await moved.count()) >= 1, "what moved is there");
      expect((await page.locator("table del").count()) > 0 && (await page.locator("table ins").count()) > 0, "with what was and what is");
      await page.getByLabel("As we knew it on").fill("2007-09-20");
      await page.getByRole("button", { name: "Compare", exact: true }).click();
      await page.getByText("Nothing is different.").waitFor();

      const over = await compared(page);
      await page.goto(over);
      const taken = page.getByRole("row").filter({ hasText: "Taken away" });
      expect((await taken.count()) === 0, "an action that moved on is not said to be gone");
      await page.goto(over.replace(/since=[^&]*&until=.*/, "since=2007-10-01&until=2007-09-01"));
      await page.getByText("put the earlier one first").waitFor();
      expect((await page.getByText("Nothing is different.").count()) === 0, "ends the wrong way round are no answer");
      await page.goto(over.replace(/&until=.*/, ""));
      await page.getByText("Choose a meeting or a day").waitFor();
    },
  },
  {
    journey: "the record is looked for by when it was written down, whenever it was true",
    as: "auditor",
    async run({ page, expect }) {
      await page.goto(`${ledger}?words=requirements+differ`);
      await page.getByLabel("Recorded on or before").fill("2008-01-01");
      await page.getByRole("button", { name: "Look for it" }).click();
      await page.getByText("Nothing is recorded that fits.").waitFor();
      expect(new URL(page.url()).searchParams.get("recordedUntil") === "2008-01-01", "the day stands in the address");
      await page.getByLabel("Recorded on or before").fill("");
      await page.getByLabel("Recorded on or after").fill("2008-01-01");
      await page.getByLabel("True on or before").fill("2008-01-01");
      await page.getByRole("button", { name: "Look for it" }).click();
      const line = page.getByRole("listitem").filter({ hasText: "organisations' requirements differ" }).first();
      expect((await line.innerText()).includes("True on 24 September 2007"), "it was true before and recorded since");
    },
  },
  {
    journey: "from a sentence of a commitment, a plan and a meeting an auditor is led to the entries behind it, and the public is not",
    as: "auditor",
    async run({ page, expect, people }) {
      const here = "/compacts/lincolnshire-rutland";
      const first = async (path, link) => {
        await page.goto(path);
        return page.locator(link).first().getAttribute("href");
      };
      const plan = await first(`${here}/plans`, ".rows h2 a:has-text('Learning')");
      const meeting = await first(`${here}/meetings`, ".rows h2 a:has-text('24 September 2007')");
      const commitment = await first(`${here}?session=2008-09`, "ol.rows h3 a");
      const said = (about) => page.getByRole("link", { name: about }).first();
      const entries = () => page.locator("main ol.rows > li");
      for (const [path, about, title] of [
        [plan, /^Who says so\? Action “/, "Action: "],
        [plan, /^Who says so\? Update “/, "Update: "],
        [plan, /^Who says so\? Objective 2/, "Objective 2: "],
        [meeting, /^Who says so\? What was (said|decided)/, "Item of the minutes: "],
        [meeting, /^Who says so\? Update “/, "Update: "],
        [commitment, /^Who says so\? Target of/, "Measure: "],
      ]) {
        await page.goto(path);
        await said(about).click();
        const heading = await page.locator("h1").innerText();
        expect(heading.startsWith(title), `${about} leads to ${title}: ${heading}`);
        expect((await entries().count()) > 0, `the entries behind ${about} are there`);
      }
      await page.goto(commitment);
      await said(/^Who says so\? Where it stands/).click();
      expect(/^(Entry|Commitment) \d/.test(await page.locator("h1").innerText()), "where it stands is led to its entries too");
      const anybody = await (await people.as("public")).newPage();
      for (const path of [plan, meeting, commitment]) {
        await anybody.goto(path);
        expect((await anybody.getByText("Who says so?").count()) === 0, `the public is led nowhere it may not go: ${path}`);
      }
      await anybody.context().close();
    },
  },
  {
    journey: "what somebody looks for that is not there is said, and a day that is none too",
    as: "auditor",
    async run({ page, expect }) {
      await page.goto(`${ledger}?words=zeppelin`);
      expect((await page.getByText("Nothing is recorded that fits.").count()) === 1, "nothing fits");
      await page.goto(`${ledger}?since=yesterday`);
      expect((await page.getByText("Enter a real date, such as 2007-09-24").count()) === 1, "the day is none");
      await page.goto(`${ledger}?recordedFrom=yesterday`);
      expect((await page.getByText("Enter a real date, such as 2007-09-24").count()) === 1, "nor is one of the other clock");
    },
  },
];

export default [
  ...journeys,
  { route: "/audit", path: "/audit", as: ["auditor", "administrator", "secretariat"] },
  { route: "/audit/{ledger}", path: ledger, as: ["auditor", "secretariat"], shot: "record" },
  { route: "/audit/{ledger}", path: "/audit/the-region", as: ["administrator"] },
  { route: "/audit/{ledger}", path: "/audit/leicestershire", as: ["secretariat", "member", "funder"], status: 404 },
  { route: "/audit/{ledger}/compare", path: compared, as: ["auditor"], shot: "compare" },
  { route: "/audit/{ledger}/compare", path: `${ledger}/compare`, as: ["secretariat"] },
  { route: "/entries/{ledger}/{position}", path: passport, as: ["auditor", "secretariat"], shot: "entry" },
  { route: "/entries/{ledger}/{position}/black-out/{text}", path: blackOut, as: ["secretariat"] },
];
