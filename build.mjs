// Makes ehc/static/build from ehc/static_src; that folder's README.md says what is expected of it.
// Built aside and renamed, so that a build that fails leaves the last one in place.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = dirname(fileURLToPath(import.meta.url));
const modules = join(root, "node_modules");
const source = join(root, "ehc", "static_src");
const built = join(root, "ehc", "static", "build");
const aside = `${built}.new`;

const SCRIPTS = {
  "govuk-frontend.js": "govuk-frontend/dist/govuk/all.bundle.js",
};

rmSync(aside, { recursive: true, force: true });
mkdirSync(aside, { recursive: true });

for (const name of readdirSync(source)) {
  if (name.endsWith(".scss") && !name.startsWith("_")) {
    const { css } = compile(join(source, name), {
      // The MOJ style sheets name GOV.UK's by its path from the folder above node_modules.
      loadPaths: [modules, root],
      quietDeps: true,
      style: "compressed",
    });
    writeFileSync(join(aside, name.replace(/\.scss$/, ".css")), css);
  }
}

for (const [name, from] of Object.entries(SCRIPTS)) {
  const text = readFileSync(join(modules, from), "utf8");
  // Collecting static files would look for the map that the last line names.
  writeFileSync(join(aside, name), text.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
}

if (existsSync(built)) {
  rmSync(built, { recursive: true });
}
renameSync(aside, built);
