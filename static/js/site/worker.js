// Opens the pages on site without a connection, as they were last seen. Decides only between the
// server and what is kept; what is kept, kept-pages.js decides.

{
  const PAGES = "wlantrack-site-pages";
  const ASSETS = "wlantrack-site-assets";
  const PATIENCE_MS = 4000;
  /** @type {any} */
  const worker = self;

  worker.addEventListener("install", () => worker.skipWaiting());
  worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
  worker.addEventListener("fetch", (/** @type {any} */ event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== location.origin) return;
    if (request.mode === "navigate") event.respondWith(answerPage(request));
    else if (url.pathname.includes("/assets/")) event.respondWith(answerAsset(request));
  });

  /** @param {Request} request */
  async function answerPage(request) {
    const pages = await caches.open(PAGES);
    const kept = await pages.match(request);
    const asked = fetch(request);
    try {
      const response = await (kept ? Promise.race([asked, giveUp()]) : asked);
      if (response.ok) await pages.put(request, response.clone());
      // Whoever is sent to the log-in has no session any more: their pages go.
      if (response.type === "opaqueredirect") await caches.delete(PAGES);
      return response;
    } catch (error) {
      const other = kept ?? (await pages.match(worker.registration.scope, { ignoreSearch: true }));
      if (!other) throw error;
      return other;
    }
  }

  /** @returns {Promise<never>} */
  function giveUp() {
    return new Promise((_, reject) => setTimeout(() => reject(new Error("the server is slow")), PATIENCE_MS));
  }

  /** Addresses of assets carry their version: what is kept never grows old. @param {Request} request */
  async function answerAsset(request) {
    const assets = await caches.open(ASSETS);
    const kept = await assets.match(request);
    if (kept) return kept;
    const response = await fetch(request);
    if (response.ok) await assets.put(request, response.clone());
    return response;
  }
}
