// node fill.mjs URL    Asks our gateway at URL for every compact's plans, and puts what it answers into the tables of the peer.
import { readFile } from "node:fs/promises";
import pg from "pg";

const [url] = process.argv.slice(2);
const ask = async (query, variables) => {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
};

// The views are made of what was recorded before they show it.
const latest = Date.now() + 120_000;
while (!(await fetch(`${url}/readyz`).then((response) => response.ok, () => false))) {
  if (Date.now() > latest) throw new Error(`${url} was not ready within two minutes`);
  await new Promise((resolve) => setTimeout(resolve, 500));
}

const PLANS = `query Plans($compact: ID!, $after: String) { actionPlans(compactId: $compact, first: 1, after: $after) {
  nodes { id title objectives(first: 100) { nodes { id ref title indicator state { kind }
    actions(first: 50) { nodes { text owner state dueOn timescale { text } } }
    updates(first: 50) { nodes { id text } } } } } pageInfo { hasNextPage endCursor } } }`;

/// Rows of each table, numbered in the order in which our gateway lists them.
const rows = { compact: [], action_plan: [], objective: [], action: [], plan_update: [], objective_update: [] };
const updates = new Map();
const add = (table, ...values) => rows[table].push([rows[table].length + 1, ...values]) && rows[table].length;

const { compacts } = await ask("{ compacts(first: 100) { nodes { id slug name } } }");
for (const { id, slug, name } of compacts.nodes) {
  const compact = add("compact", slug, name);
  for (let after = null, more = true; more; ) {
    const { actionPlans } = await ask(PLANS, { compact: id, after });
    for (const found of actionPlans.nodes) {
      const plan = add("action_plan", compact, found.title);
      for (const { ref, title, indicator, state, actions, updates: given } of found.objectives.nodes) {
        const objective = add("objective", plan, ref, title, indicator, state.kind);
        for (const it of actions.nodes) add("action", compact, objective, it.text, it.owner, it.state, it.dueOn, it.timescale?.text);
        for (const it of given.nodes) {
          if (!updates.has(it.id)) updates.set(it.id, add("plan_update", it.text));
          rows.objective_update.push([objective, updates.get(it.id)]);
        }
      }
    }
    ({ hasNextPage: more, endCursor: after } = actionPlans.pageInfo);
  }
}

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query(await readFile(new URL("tables.sql", import.meta.url), "utf8"));
for (const [table, all] of Object.entries(rows)) {
  await client.query(`insert into peer.${table} select * from jsonb_populate_recordset(null::peer.${table}, $1)`, [
    JSON.stringify(await named(table, all)),
  ]);
}
await client.query("vacuum analyze");
console.log(Object.entries(rows).map(([table, all]) => `${all.length} ${table}`).join(", "));
await client.end();

/// The rows as objects, by the names of the table's columns.
async function named(table, all) {
  const { rows: columns } = await client.query(
    "select column_name from information_schema.columns where table_schema = 'peer' and table_name = $1 order by ordinal_position",
    [table],
  );
  return all.map((row) => Object.fromEntries(columns.map(({ column_name: name }, at) => [name, row[at]])));
}
