// Good practice at the secretariat's desk: written down with what belongs to it, shared, taken up elsewhere, asked about.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/// A file on the disk that is longer than is taken: handed over as such, and not in a message.
async function longFile() {
  const path = join(await mkdtemp(join(tmpdir(), "compacts-")), "long.txt");
  await writeFile(path, Buffer.alloc(26 * 1024 * 1024, "a"));
  return path;
}

const DESK = "/desk/lincolnshire-rutland/practice";
const OTHER = "/desk/leicestershire/practice";

/// A file to choose.
const paper = (name, content = `%PDF-1.4\n${name}\n%%EOF\n`) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(content) });

/// The first of the compact's own entries.
async function entry(page) {
  await page.goto(DESK);
  return page.locator("ul.rows h2").getByRole("link").first().getAttribute("href");
}

/// Writes an entry down, with a file, and gives its address.
async function write(page, title) {
  await page.goto(`${DESK}/new`);
  await page.getByLabel("What is it called?").fill(title);
  await page.getByLabel("Theme").selectOption({ index: 1 });
  await page.getByLabel("What is done, and how?").fill("Four mornings of greenhouse keeping for whoever starts with us.\nAnybody can come.");
  await page.getByLabel("Documents others need to do the same").setInputFiles(paper("Programme.pdf"));
  await page.getByRole("button", { name: "Write it down" }).click();
  await page.getByText("It is written down.").waitFor();
  return new URL(page.url()).pathname;
}

async function share(page, words) {
  await page.getByLabel(words).check();
  await page.getByRole("button", { name: "Record who may read it" }).click();
  await page.getByText("It is recorded who may read it.").waitFor();
}

/// What the other compact took up from here, by its title; taken up from the library where it was not yet.
async function takeUp(page, title) {
  await page.goto(`/good-practice?words=${encodeURIComponent(title)}`);
  await page.getByRole("link", { name: title }).click();
  await page.getByRole("link", { name: "Take it up, ask or say thanks" }).click();
  await page.getByLabel("What is to be known of it").fill("For the winter.");
  await page.getByRole("button", { name: "Take it up" }).click();
  await page.getByText("It is taken up.").waitFor();
}

/// Somebody else's page, in a browser of theirs.
async function asOther(people, scripts, walk) {
  const context = await people.as("secretariat-leicestershire", { javaScriptEnabled: scripts });
  await walk(await context.newPage());
  await context.close();
}

/// An adoption of the compact's: one is made where there is none.
async function adoption(page) {
  await page.goto(`${DESK}/taken-up`);
  const first = page.locator("ul.rows h2").getByRole("link").first();
  if ((await first.count()) > 0) return first.getAttribute("href");
  await page.goto(await others(page));
  await page.getByRole("button", { name: "Take it up" }).click();
  await page.getByText("It is taken up.").waitFor();
  return new URL(page.url()).pathname;
}

/// Another compact's entry, seen from the desk.
async function others(page) {
  await page.goto("/good-practice?compact=leicestershire");
  await page.locator("ul.rows h2").getByRole("link").first().click();
  return page.getByRole("link", { name: "Take it up, ask or say thanks" }).getAttribute("href");
}

const journeys = [
  {
    journey: "good practice is written down with a file, shared, and found in the library",
    routes: ["/desk/{slug}/practice", "/desk/{slug}/practice/new", "/desk/{slug}/practice/{id}"],
    as: "secretariat",
    async run({ page, expect, people, scripts }) {
      const title = `Greenhouse mornings ${scripts ? "first" : "second"}`;
      await page.goto(DESK);
      await page.getByRole("link", { name: "Write down good practice" }).click();
      await page.getByLabel("What is it called?").fill(title);
      await page.getByLabel("Documents others need to do the same").setInputFiles([paper("Programme.pdf"), { name: "tool.exe", mimeType: "application/octet-stream", buffer: Buffer.from([0x4d, 0x5a, 0, 0, 1, 2, 3]) }]);
      await page.getByRole("button", { name: "Write it down" }).click();
      const told = await page.locator(".govuk-error-summary").innerText();
      expect(told.includes("Choose a theme") && told.includes("Say what is done, and how"), `it says what is missing: ${told}`);
      expect(told.includes("“tool.exe”") && told.includes("not taken"), `and which file is none that is taken: ${told}`);
      expect((await page.getByLabel("What is it called?").inputValue()) === title, "what was typed is kept");
      expect(await page.getByLabel("Programme.pdf").isChecked(), "and so is the file that was taken");
      await page.getByLabel("Theme").selectOption({ index: 1 });
      await page.getByLabel("What is done, and how?").fill("Four mornings of greenhouse keeping for whoever starts with us.");
      await page.getByLabel("Files that show that it works").setInputFiles(await longFile());
      await page.getByRole("button", { name: "Write it down" }).click();
      const long = await page.locator(".govuk-error-summary").innerText();
      expect(long.includes("longer than 25 MB"), `a file that is too long is told of: ${long}`);
      await page.getByLabel("Link 1: address").fill("https://example.org/greenhouse");
      await page.getByLabel("Link 1: what is to be seen there").fill("What the participants said");
      await page.getByRole("button", { name: "Write it down" }).click();
      await page.getByText("It is written down.").waitFor();
      const href = await page.getByRole("link", { name: "Programme.pdf" }).getAttribute("href");
      const file = await page.request.get(href);
      expect(file.status() === 200 && (await file.text()).startsWith("%PDF-1.4"), "the file is handed out");
      await share(page, "Everybody: it is published");
      const context = await people.as("public", { javaScriptEnabled: scripts });
      const reader = await context.newPage();
      await reader.goto(`/good-practice?words=greenhouse+${scripts ? "first" : "second"}`);
      await reader.getByRole("link", { name: title }).click();
      expect(await reader.getByRole("link", { name: "Programme.pdf" }).isVisible(), "the public finds it with its file");
      await context.close();
    },
  },
  {
    journey: "what others could read is revised only with what changed and why, and withdrawn with a reason",
    routes: ["/desk/{slug}/practice/{id}", "/desk/{slug}/practice/{id}/revise"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      const there = await write(page, `Potting shed ${scripts ? "first" : "second"}`);
      await share(page, /^The region:/);
      await page.getByRole("link", { name: "Revise it" }).click();
      await page.getByLabel("What is done, and how?").fill("Five mornings of greenhouse keeping for whoever starts with us.\nAnybody can come.");
      await page.getByRole("button", { name: "Record the new version" }).click();
      const told = await page.locator(".govuk-error-summary").innerText();
      expect(told.length > 40, `what changed is asked for: ${told}`);
      await page.getByLabel("What did you change?").fill("One more morning.");
      await page.getByLabel("Why?").fill("Four were not enough.");
      await page.getByRole("button", { name: "Record the new version" }).click();
      await page.getByText("The new version is recorded.").waitFor();
      expect(await page.getByRole("link", { name: "Programme.pdf" }).isVisible(), "its file stays with it");
      await page.goto(there);
      await page.getByText("Withdraw it", { exact: true }).first().click();
      await page.getByRole("button", { name: "Withdraw it" }).click();
      const reason = await page.locator(".govuk-error-summary").innerText();
      expect(reason.length > 20, "the reason is asked for");
      await page.getByLabel("Why is it withdrawn?").fill("Nobody came any more.");
      await page.getByRole("button", { name: "Withdraw it" }).click();
      await page.getByText("It is withdrawn.").waitFor();
    },
  },
  {
    journey: "another secretariat takes it up, the source is revised, and the difference is shown and followed",
    routes: ["/desk/{slug}/practice/{id}", "/desk/{slug}/practice/{id}/revise", "/desk/{slug}/adoptions/{id}", "/desk/{slug}/practice/taken-up"],
    as: "secretariat",
    async run({ page, expect, people, scripts }) {
      const title = `Seed exchange ${scripts ? "first" : "second"}`;
      const there = await write(page, title);
      await share(page, /^The region:/);
      await asOther(people, scripts, async (other) => {
        await takeUp(other, title);
        await other.goto(there.replace("lincolnshire-rutland", "leicestershire"));
        await other.getByRole("button", { name: "Take it up" }).click();
        const told = await other.locator(".govuk-error-summary").innerText();
        expect(told.includes("took this up on") && told.includes("already"), `it is taken up once: ${told}`);
      });
      await page.goto(`${there}/revise`);
      await page.getByLabel("What is done, and how?").fill("Five mornings of greenhouse keeping for whoever starts with us.\nAnybody can come.");
      await page.getByLabel("What did you change?").fill("One more morning.");
      await page.getByLabel("Why?").fill("Four were not enough.");
      await page.getByRole("button", { name: "Record the new version" }).click();
      await page.getByText("The new version is recorded.").waitFor();
      await asOther(people, scripts, async (other) => {
        await other.goto(`${OTHER}/taken-up`);
        const row = other.locator("ul.rows > li", { hasText: title });
        expect((await row.innerText()).includes("The source has changed since you took it up: it is at version 2."), "the list says that the source has changed");
        await row.getByRole("link", { name: /^See the difference/ }).click();
        await other.locator("del", { hasText: "Four" }).waitFor();
        expect(await other.locator("ins", { hasText: "Five" }).isVisible(), "the new word is marked");
        expect(await other.getByText("One more morning.").isVisible(), "and what was changed is told");
        await other.getByLabel("What did you change to make it fit?").fill("We begin later in the day.");
        await other.getByLabel("From now on version 2 is followed").check();
        await other.getByRole("button", { name: "Record what was changed" }).click();
        await other.getByText("What you changed is recorded.").waitFor();
        expect((await other.getByText("The source has changed since you adopted it").count()) === 0, "the newer version is followed");
        await other.getByLabel("How did it go?").fill("Nine people came.");
        await other.getByLabel("Or a file that shows it").setInputFiles(paper("Sheet.pdf"));
        await other.getByRole("button", { name: "Record how it went" }).click();
        await other.getByText("How it went is recorded.").waitFor();
        expect(await other.getByRole("link", { name: "Sheet.pdf" }).isVisible(), "with what shows it");
        await share(other, /^The region:/);
        await other.getByText("Give it up", { exact: true }).first().click();
        await other.getByLabel("Why is it given up?").fill("The season is over.");
        await other.getByRole("button", { name: "Give it up" }).click();
        await other.getByText("It is recorded that you gave it up.").waitFor();
      });
    },
  },
  {
    journey: "a question about good practice is asked, answered, and thanks are given",
    routes: ["/desk/{slug}", "/desk/{slug}/practice/{id}", "/desk/{slug}/practice/asked"],
    as: "secretariat",
    async run({ page, expect, people, scripts }) {
      const title = `Tool library ${scripts ? "first" : "second"}`;
      const there = await write(page, title);
      await share(page, /^The region:/);
      const asked = there.replace("lincolnshire-rutland", "leicestershire");
      const question = `How many tools are there, ${scripts ? "first" : "second"}?`;
      await asOther(people, scripts, async (other) => {
        await other.goto(asked);
        await other.getByRole("button", { name: "Ask", exact: true }).click();
        expect((await other.locator(".govuk-error-summary").innerText()).length > 20, "an empty question is refused");
        await other.getByLabel("What do you want to know?").fill(question);
        await other.getByRole("button", { name: "Ask", exact: true }).click();
        await other.getByText("Your question is recorded").waitFor();
      });
      await page.goto("/desk/lincolnshire-rutland");
      await page.getByRole("link", { name: question }).click();
      const row = page.locator("ul.rows > li", { hasText: question });
      await row.getByLabel("Your answer").fill("Forty, and two barrows.");
      await row.getByRole("button", { name: "Answer" }).click();
      await page.getByText("Your answer is recorded.").waitFor();
      await page.goto(`${DESK}/asked`);
      expect((await page.getByText(question).count()) === 0, "it waits no more");
      await asOther(people, scripts, async (other) => {
        await other.goto(asked);
        expect(await other.getByText("Forty, and two barrows.").isVisible(), "who asked sees the answer");
        await other.goto(`${OTHER}/asked`);
        const own = other.locator("ul.rows > li", { hasText: question });
        expect((await own.innerText()).includes("Answered: Forty, and two barrows."), "and finds it again from the desk");
        await own.getByRole("link", { name: title }).click();
        await other.getByLabel("What do you want to say?").fill(`It helped us, ${title}.`);
        await other.getByRole("button", { name: "Say thanks" }).click();
        await other.getByText("Your thanks are recorded").waitFor();
      });
      await page.goto(`${DESK}/asked`);
      expect(await page.getByText(`It helped us, ${title}.`).isVisible(), "thanks stand at the desk");
    },
  },
  {
    journey: "a paper is added to a meeting, and taken back",
    routes: ["/desk/{slug}/meetings/{id}", "/desk/{slug}/meetings/{id}/papers"],
    as: "secretariat",
    async run({ page, expect, scripts }) {
      await page.goto("/desk/lincolnshire-rutland");
      await page.locator("section", { has: page.getByRole("heading", { name: /^Minutes to (circulate|agree)/ }) }).getByRole("link").first().click();
      const title = `A paper, ${scripts ? "first" : "second"}`;
      await page.getByLabel("What is it called?").fill(title);
      await page.getByRole("button", { name: "Add the paper" }).click();
      const told = await page.locator(".govuk-error-summary").innerText();
      expect(told.includes("Choose a file"), `it says that the paper is missing: ${told}`);
      expect((await page.getByLabel("What is it called?").inputValue()) === title, "what was typed is kept");
      await page.getByLabel("The paper").setInputFiles(paper("Paper.pdf", `%PDF-1.4\n${title}\n%%EOF\n`));
      await page.getByRole("button", { name: "Add the paper" }).click();
      await page.getByText("The paper is added.").waitFor();
      const href = await page.getByRole("link", { name: title }).getAttribute("href");
      expect((await page.request.get(href)).status() === 200, "it is handed out");
      const row = page.locator("ul.rows > li", { hasText: title });
      await row.getByText(/^Take it back/).first().click();
      await row.getByRole("button", { name: "Take the paper back" }).click();
      expect((await page.locator(".govuk-error-summary").innerText()).length > 20, "the reason is asked for");
      const again = page.locator("ul.rows > li", { hasText: title });
      if (!(await again.getByLabel("Why?").isVisible())) await again.getByText(/^Take it back/).first().click();
      await again.getByLabel("Why?").fill("It was the wrong one.");
      await again.getByRole("button", { name: "Take the paper back" }).click();
      await page.getByText("The paper is taken back.").waitFor();
      expect(await page.locator("del", { hasText: title }).isVisible(), "it stands struck through");
    },
  },
];

export default [
  { route: "/desk/{slug}/practice", path: DESK, as: ["secretariat"], shot: "practice-desk" },
  { route: "/desk/{slug}/practice", path: DESK, as: ["group-lead", "funder"], status: 404 },
  { route: "/desk/{slug}/practice/new", path: `${DESK}/new`, as: ["secretariat"], shot: "practice-write" },
  { route: "/desk/{slug}/practice/{id}", path: entry, as: ["secretariat"], shot: "practice-own" },
  { route: "/desk/{slug}/practice/{id}/revise", path: async (page) => `${await entry(page)}/revise`, as: ["secretariat"] },
  { route: "/desk/{slug}/practice/{id}", path: others, as: ["secretariat"], shot: "practice-others" },
  { route: "/desk/{slug}/practice/taken-up", path: `${DESK}/taken-up`, as: ["secretariat"], shot: "practice-taken-up" },
  { route: "/desk/{slug}/practice/asked", path: `${DESK}/asked`, as: ["secretariat"], shot: "practice-asked" },
  { route: "/desk/{slug}/practice/for-you", path: `${DESK}/for-you`, as: ["secretariat"], shot: "practice-for-you" },
  { route: "/desk/{slug}/adoptions/{id}", path: adoption, as: ["secretariat"], shot: "adoption" },
  ...journeys,
];
