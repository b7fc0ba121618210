// Pages that open without a connection. Decides what of them is kept on the device, and that it goes
// as soon as somebody logs out: the pages show what this person may see, and nobody else.

export const PAGES = "wlantrack-site-pages";
export const ASSETS = "wlantrack-site-assets";

/** Where this version's assets lie. */
const VERSION = new URL("../../", import.meta.url).href;

/** What an older version has kept goes whole: its pages would not find their assets. */
async function forgetOlder() {
  const assets = await caches.open(ASSETS);
  const isOlder = (await assets.keys()).some(({ url }) => !url.startsWith(VERSION));
  if (isOlder) await Promise.all([caches.delete(ASSETS), caches.delete(PAGES)]);
}

/** Keep this page as the server has it now, and all that it needs. */
export async function keepPage() {
  await forgetOlder();
  const pages = await caches.open(PAGES);
  const response = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) return;
  await pages.put(location.href, response);
  const assets = await caches.open(ASSETS);
  const needed = new Set(performance.getEntriesByType("resource").map((entry) => entry.name.replace(/#.*/, "")));
  await Promise.all(
    [...needed]
      .filter((url) => new URL(url).origin === location.origin && new URL(url).pathname.includes("/assets/"))
      .map(async (url) => ((await assets.match(url)) ? undefined : assets.add(url))),
  );
}

/** Forget all pages; entries that wait stay. */
export async function forgetPages() {
  if ("caches" in globalThis) await caches.delete(PAGES);
}
