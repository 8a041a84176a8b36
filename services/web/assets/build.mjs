// Builds the pages' styles and script into dist/, from where the binary embeds them, each beside itself in Brotli: the
// pages are served often, and these are compressed once.
import { build, transform } from "esbuild";
import { compile } from "sass";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";

const out = "dist";
await rm(out, { recursive: true, force: true });
await mkdir(out);

async function put(name, content) {
  const bytes = Buffer.from(content);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(`${out}/${name}.br`, brotliCompressSync(bytes, { params }));
  await writeFile(`${out}/${name}`, bytes);
}

const styles = compile("src/compacts.scss", { style: "compressed", loadPaths: ["node_modules"], quietDeps: true });
const { code } = await transform(styles.css, { loader: "css", minify: true, target: "es2022" });
await put("compacts.css", code);

const bundled = await build({
  entryPoints: ["src/compacts.js"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  write: false,
  logLevel: "warning",
});
await put("compacts.js", bundled.outputFiles[0].text);
await put("icon.svg", await readFile("src/icon.svg"));
