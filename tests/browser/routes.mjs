// The routes there are, as the source writes them, and those that no test of a page speaks of.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/// The paths of `services/web` that can be looked at.
export async function routes(folder) {
  const found = new Set();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".rs")) continue;
    const source = await readFile(join(entry.parentPath ?? entry.path, entry.name), "utf8");
    for (const path of routesIn(source)) found.add(path);
  }
  return found;
}

export function routesIn(source) {
  const calls = source.split(".route(").slice(1);
  return calls.flatMap((call) => {
    const [, path, rest] = call.match(/^\s*"([^"]+)",\s*([\s\S]*)/) ?? [];
    if (!path) throw new Error(`which route is this? ${call.slice(0, 60)}`);
    return /^(axum::routing::)?get\(/.test(rest) ? [path] : [];
  });
}

/// The routes that no page and no journey of `areas` speaks of.
export function untested(routes, areas) {
  const spoken = new Set(areas.flatMap((test) => [test.route, test.passed, ...(test.routes ?? [])]));
  return [...routes].filter((route) => !spoken.has(route)).sort();
}
