// Copies exactly the third-party files that pages load into vendor/; decides what is served, and
// nothing about how. Run by `npm run vendor` after `npm ci`.

import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const fonts = "@kern-ux/native/dist/fonts/fira-sans";

/** Package file -> served file, relative paths between them kept. */
const files = {
  "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
  "leaflet/dist/leaflet-src.esm.js": "leaflet/leaflet-src.esm.js",
  "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
  "leaflet/dist/images": "leaflet/images",
  "leaflet/LICENSE": "leaflet/LICENSE",
  "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
  "htmx.org/LICENSE": "htmx/LICENSE",
  "@kern-ux/native/dist/kern.min.css": "kern/kern.min.css",
  "@kern-ux/native/LICENSE.md": "kern/LICENSE.md",
  [`${fonts}/FiraSans-Regular.woff2`]: "kern/fonts/FiraSans-Regular.woff2",
  [`${fonts}/FiraSans-Italic.woff2`]: "kern/fonts/FiraSans-Italic.woff2",
  [`${fonts}/FiraSans-Medium.woff2`]: "kern/fonts/FiraSans-Medium.woff2",
  [`${fonts}/FiraSans-SemiBold.woff2`]: "kern/fonts/FiraSans-SemiBold.woff2",
};

const vendor = join(here, "vendor");
await rm(vendor, { recursive: true, force: true });
for (const [source, target] of Object.entries(files)) {
  const destination = join(vendor, target);
  await mkdir(dirname(destination), { recursive: true });
  await cp(join(here, "node_modules", source), destination, { recursive: true });
}
