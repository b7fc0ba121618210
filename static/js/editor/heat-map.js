// Fetches the coverage picture. Decides which request is worth sending: one in flight, the newest
// waits, older ones are forgotten. Refuses to know how the picture is shown.

import { parseBounds } from "./geometry.js";

/** @typedef {import("./contract.d.ts").BoundsM} BoundsM */
/** @typedef {{id: string, x_m: number, y_m: number}} Move */
/** @typedef {{blob: Blob, bounds_m: BoundsM}} Picture */

/** Fires "state" with loading | shown | failed. */
export class HeatMapSource extends EventTarget {
  /**
   * @param {{url: string, fetch: typeof fetch, base: string, onPicture: (picture: Picture) => void}} parts
   */
  constructor({ url, fetch, base, onPicture }) {
    super();
    this.url = url;
    this.fetch = fetch;
    this.base = base;
    this.onPicture = onPicture;
    /** @type {Record<string, string>} */
    this.choices = {};
    this.isBusy = false;
    /** @type {{move: Move | null} | null} */
    this.waiting = null;
    this.isOn = true;
  }

  /** @param {Move | null} move */
  addressOf(move) {
    const address = new URL(this.url, this.base);
    for (const [name, value] of Object.entries(this.choices)) if (value) address.searchParams.set(name, value);
    if (move) address.searchParams.set("move", `${move.id},${move.x_m},${move.y_m}`);
    return address.href;
  }

  /**
   * Ask for the picture; with `move`, as if that access point stood elsewhere.
   * @param {Move | null} [move]
   */
  async request(move = null) {
    if (!this.isOn) return;
    this.waiting = { move };
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting) {
      const { move: latest } = this.waiting;
      this.waiting = null;
      await this.load(latest);
    }
    this.isBusy = false;
  }

  /** @param {Move | null} move */
  async load(move) {
    if (!move) this.show("loading");
    try {
      const response = await this.fetch(this.addressOf(move), { credentials: "same-origin" });
      const bounds_m = parseBounds(response.headers.get("X-Bounds-M"));
      if (!response.ok || !bounds_m) throw new Error(`no picture: ${response.status}`);
      const blob = await response.blob();
      if (this.isOn) this.onPicture({ blob, bounds_m });
      this.show("shown");
    } catch {
      this.show("failed");
    }
  }

  /** @param {"loading" | "shown" | "failed"} name */
  show(name) {
    this.dispatchEvent(new CustomEvent("state", { detail: name }));
  }
}
