// The product itself, on the reference data, with its demo accounts: started once, ended with the tests.
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const START = 180_000;

// A browser asks more in a minute than a person does in a day.
const PACE = "{ per_second = 100000, burst = 100000 }";
const PACES = Object.fromEntries(
  ["REQUESTS_OF_ADDRESS", "REQUESTS_OF_ACCOUNT", "CHANGES_OF_COMPACT"].map((pace) => [`COMPACTS_${pace}`, PACE]),
);

export async function start(binary) {
  const folder = await mkdtemp(join(tmpdir(), "compacts-browser-"));
  // PostgreSQL runs as somebody else where this runs as root.
  await chmod(folder, 0o755);
  const options = ["--import-reference", "--demo-accounts", "--listen", "127.0.0.1:0", "--data-dir", join(folder, "data")];
  const env = { ...process.env, ...PACES, COMPACTS_LOG: "warn" };
  for (const ours of ["DATABASE_URL", "COMPACTS_BIN", "COMPACTS_BASE"]) delete env[ours];
  const child = spawn(binary, ["serve", ...options], { stdio: ["ignore", "pipe", "pipe"], env, cwd: folder });
  const said = [];
  child.stderr.on("data", (data) => said.push(data));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const keys = await announced(child, ended);
    return { ...keys, stop, log: () => Buffer.concat(said).toString() };
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${Buffer.concat(said)}`);
  }
}

// Where it is, and how to get in as whom: the demo accounts are the last it prints.
function announced(child, ended) {
  const found = { accounts: {} };
  let email;
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the server did not start in time")), START);
    ended.then((code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      found.base ??= line.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
      found.password ??= line.match(/all with the password {2}(\S+)/)?.[1];
      email = line.match(/ (\S+@demo\.example)$/)?.[1] ?? email;
      if (email) found.accounts[email.split("@")[0]] ??= { email, codes: [] };
      const codes = line.match(/each once: (.*)$/)?.[1];
      if (codes) found.accounts[email.split("@")[0]].codes = codes.split("  ");
      // The member's account is the last that is printed.
      if (found.accounts.member) {
        clearTimeout(late);
        resolve(found);
      }
    });
  });
}
