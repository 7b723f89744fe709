// Bundles src/ into build/ under hashed names and records what it was built from (see manifest.json there).
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build, transform } from "esbuild";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

// The style sheet travels inside the module: one that arrives later would draw a long text twice.
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: css.code, loader: "text" };
    });
  },
};

const sources = Object.fromEntries(
  readdirSync("src").sort().map((name) => [name, sha256(readFileSync(`src/${name}`))]),
);
const { outputFiles } = await build({
  entryPoints: ["src/index.js"],
  bundle: true,
  minify: true,
  write: false,
  format: "esm",
  target: ["chrome111", "firefox115", "safari17"],
  charset: "utf8",
  legalComments: "none",
  plugins: [styles],
});
const [{ contents }] = outputFiles;
const digest = sha256(contents);
const name = `surface-${digest.slice(0, 10)}.js`;
rmSync("build", { recursive: true, force: true });
mkdirSync("build");
writeFileSync(`build/${name}`, contents);
writeFileSync("build/manifest.json", JSON.stringify({ sources, outputs: { [name]: digest } }, null, 2) + "\n");
console.log(name);
