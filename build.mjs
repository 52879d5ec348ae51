// Compiles ehc/static_src into ehc/static/build and puts the two design systems' scripts beside it.
// The folder is made aside and renamed, so that a build that fails leaves the last one in place.

import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = dirname(fileURLToPath(import.meta.url));
const source = join(root, "ehc", "static_src");
const built = join(root, "ehc", "static", "build");
const modules = join(root, "node_modules");
const aside = `${built}.new`;

const SCRIPTS = [
  "govuk-frontend/dist/govuk/govuk-frontend.min.js",
  "@ministryofjustice/frontend/moj/moj-frontend.min.js",
];

rmSync(aside, { recursive: true, force: true });
mkdirSync(aside, { recursive: true });

for (const name of readdirSync(source)) {
  const from = join(source, name);
  if (name.endsWith(".scss") && !name.startsWith("_")) {
    const { css } = compile(from, {
      loadPaths: [modules],
      quietDeps: true,
      style: "compressed",
    });
    writeFileSync(join(aside, name.replace(/\.scss$/, ".css")), css);
  } else if (!name.endsWith(".scss")) {
    cpSync(from, join(aside, name), { recursive: true });
  }
}

for (const script of SCRIPTS) {
  cpSync(join(modules, script), join(aside, basename(script)));
}

if (existsSync(built)) {
  rmSync(built, { recursive: true });
}
renameSync(aside, built);
