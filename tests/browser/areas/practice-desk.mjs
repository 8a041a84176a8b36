// Good practice at the secretariat's desk: written down with what belongs to it, shared, taken up elsewhere, asked about.
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
      await page.getByLabel("Files that show that it works").setInputFiles({ name: "long.txt", mimeType: "text/plain", buffer: Buffer.alloc(26 * 1024 * 1024, "a") });
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
];

export default [
  { route: "/desk/{slug}/practice", path: DESK, as: ["secretariat"], shot: "practice-desk" },
  { route: "/desk/{slug}/practice", path: DESK, as: ["group-lead", "funder"], status: 404 },
  { route: "/desk/{slug}/practice/new", path: `${DESK}/new`, as: ["secretariat"], shot: "practice-write" },
  { route: "/desk/{slug}/practice/{id}", path: entry, as: ["secretariat"], shot: "practice-own" },
  { route: "/desk/{slug}/practice/{id}/revise", path: async (page) => `${await entry(page)}/revise`, as: ["secretariat"] },
  ...journeys,
];
