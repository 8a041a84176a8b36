// Chromium as Debian has it, and the people who look at pages with it.
import { access } from "node:fs/promises";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--lang=en-GB",
];

export async function open() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  await access(executablePath).catch(() => {
    throw new Error(`no browser at ${executablePath}: run scripts/ensure-chromium.sh, or say where it is with CHROMIUM`);
  });
  return chromium.launch({ executablePath, args: FLAGS });
}

/// How a role's browser comes: signed in once, and kept.
export class People {
  #states = new Map();

  constructor(browser, server) {
    this.browser = browser;
    this.server = server;
  }

  /// A browser of somebody's own: `public`, or a demo account such as `secretariat`.
  async as(role, options = {}) {
    const storageState = role === "public" ? undefined : await this.#signedIn(role);
    const context = await this.browser.newContext({ baseURL: this.server.base, locale: "en-GB", storageState, ...options });
    context.setDefaultTimeout(15_000);
    return context;
  }

  #signedIn(role) {
    if (!this.#states.has(role)) this.#states.set(role, this.#signIn(role));
    return this.#states.get(role);
  }

  async #signIn(role) {
    const account = this.server.accounts[role];
    if (!account) throw new Error(`there is no demo account ${role}; there are ${Object.keys(this.server.accounts)}`);
    const context = await this.browser.newContext({ baseURL: this.server.base });
    const page = await context.newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(account.email);
    await page.getByLabel("Password").fill(this.server.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    if (account.codes.length > 0) {
      await page.getByLabel("Code").fill(account.codes.shift());
      await page.getByRole("button", { name: "Continue" }).click();
    }
    await page.waitForURL((url) => !/^\/(sign-in|start)(\/|$)/.test(url.pathname));
    const state = await context.storageState();
    await context.close();
    return state;
  }
}
