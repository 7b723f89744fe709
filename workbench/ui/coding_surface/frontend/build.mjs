// Bundles src/ into build/ under hashed names and records what it was built from (see manifest.json there).
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

const bundle = async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: ["chrome111", "firefox115", "safari17"],
    charset: "utf8",
    legalComments: "none",
  });
  return outputFiles[0].contents;
};

const sources = Object.fromEntries(
  readdirSync("src").sort().map((name) => [name, sha256(readFileSync(`src/${name}`))]),
);
const outputs = {};
rmSync("build", { recursive: true, force: true });
mkdirSync("build");
for (const [entry, ending] of [["src/index.js", "js"], ["src/surface.css", "css"]]) {
  const contents = await bundle(entry);
  const digest = sha256(contents);
  const name = `surface-${digest.slice(0, 10)}.${ending}`;
  writeFileSync(`build/${name}`, contents);
  outputs[name] = digest;
}
writeFileSync("build/manifest.json", JSON.stringify({ sources, outputs }, null, 2) + "\n");
console.log(Object.keys(outputs).join(" "));
