// Bundles GraphiQL and its editor's workers into dist/, from where the gateway embeds them.
import { build } from "esbuild";
import { cp, rm } from "node:fs/promises";

const out = "dist";
await rm(out, { recursive: true, force: true });

const shared = {
  bundle: true,
  minify: true,
  target: "es2022",
  outdir: out,
  legalComments: "linked",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "file" },
  publicPath: "/graphiql",
  logLevel: "warning",
};

await build({ ...shared, format: "iife", jsx: "transform", entryPoints: { main: "src/main.jsx" } });
await build({
  ...shared,
  format: "iife",
  entryPoints: {
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
  },
});
await cp("src/index.html", `${out}/index.html`);
await cp("src/icon.svg", `${out}/icon.svg`);
