// What folium cannot do by itself on the public page: words of the map as text, the tie between list
// and map, and one filter for both. A classic script that asks nobody; texts are written by textContent.

// @ts-check
(() => {
  /**
   * @typedef {{name: string, network: string, address: string, place: string}} Hotspot
   * @typedef {{
   *   words: {map: string, close: string, zoomIn: string, zoomOut: string, network: string},
   *   hotspots: Hotspot[],
   * }} PageData
   */

  const CLOSE_ZOOM = 15;

  /** @type {PageData} */
  const { words, hotspots } = JSON.parse(document.getElementById("map-data")?.textContent ?? "{}");
  const section = document.querySelector("[data-map]");
  const list = document.querySelector("[data-list]");
  const count = document.querySelector("[data-count]");
  const form = document.querySelector("[data-filter]");

  /** @type {L.Map} */
  let shown;
  /** @type {L.GeoJSON | undefined} */
  let layer;
  /** @type {Map<number, L.CircleMarker>} */
  const marks = new Map();
  const popup = L.popup({ offset: [0, -4], maxWidth: Math.max(160, Math.min(300, innerWidth - 140)) });
  const tip = L.tooltip({ direction: "top", offset: [0, -10] });

  // Leaflet measures its place when folium's script makes the map: it must be there by then.
  section?.removeAttribute("hidden");

  /** @param {number} number */
  const rowOf = (number) => list?.querySelector(`[data-hotspot="${number}"]`);

  /** @param {EventTarget | null} target */
  function numberOf(target) {
    const row = target instanceof Element ? target.closest("[data-hotspot]") : null;
    return row instanceof HTMLElement ? Number(row.dataset.hotspot) : -1;
  }

  /** @param {L.Map} map */
  function start(map) {
    shown = map;
    const container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", words.map);
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
  }

  /** @param {L.GeoJSON} drawn */
  function hotspotsDrawn(drawn) {
    layer = drawn;
    drawn.eachLayer((each) => {
      const mark = /** @type {L.CircleMarker} */ (each);
      const number = Number(/** @type {GeoJSON.Feature} */ (mark.feature).properties?.n);
      marks.set(number, mark);
      mark.on("click", () => open(number));
      mark.on("mouseover", () => point(number, true));
      mark.on("mouseout", () => point(number, false));
    });
  }

  /** There is no map below the marks: seen closely, each says its name. */
  function nameMarks() {
    const isClose = shown.getZoom() >= CLOSE_ZOOM;
    /** @type {L.LatLng[]} */
    const named = [];
    for (const [number, mark] of marks) {
      const place = mark.getLatLng();
      mark.unbindTooltip();
      if (!isClose || named.some((other) => other.equals(place))) continue;
      named.push(place);
      const name = textElement("span", hotspots[number]?.name ?? "");
      mark.bindTooltip(name, { permanent: true, direction: "right", offset: [10, 0], className: "mark-name" });
    }
  }

  /** @param {L.Map} map */
  function finish(map) {
    map.on("zoomend", nameMarks);
    nameMarks();
    map.on("popupopen", (event) => enter(event.popup));
    for (const button of document.querySelectorAll("[data-show], [data-to-map]")) button.removeAttribute("hidden");
    form?.removeAttribute("hidden");
    form?.addEventListener("submit", (event) => event.preventDefault());
    form?.addEventListener("input", narrow);
    list?.addEventListener("mouseover", (event) => point(numberOf(event.target), true));
    list?.addEventListener("mouseout", (event) => point(numberOf(event.target), false));
    list?.addEventListener("click", (event) => {
      if (!(event.target instanceof Element && event.target.closest("[data-show]"))) return;
      const number = numberOf(event.target);
      const mark = marks.get(number);
      if (!mark) return;
      shown.setView(mark.getLatLng(), Math.max(shown.getZoom(), 16), { animate: false });
      open(number);
      section?.scrollIntoView({ block: "nearest" });
    });
    document.documentElement.dataset.map = "ready";
  }

  /** @param {number} number */
  function open(number) {
    const mark = marks.get(number);
    if (!mark) return;
    const content = document.createElement("div");
    // Positions are rounded: several hotspots of a house may lie under one mark.
    const others = [...marks.keys()].filter((other) => other !== number && marks.get(other)?.getLatLng().equals(mark.getLatLng()));
    for (const each of [number, ...others]) {
      const hotspot = hotspots[each];
      if (!hotspot || rowOf(each)?.hasAttribute("hidden")) continue;
      content.append(
        textElement("h3", hotspot.name),
        textElement("p", `${words.network}: ${hotspot.network}`),
        textElement("p", hotspot.address),
        textElement("p", hotspot.place),
      );
    }
    tip.remove();
    popup.setLatLng(mark.getLatLng()).setContent(content).openOn(shown);
    for (const row of list?.querySelectorAll(".is-chosen") ?? []) row.classList.remove("is-chosen");
    rowOf(number)?.classList.add("is-chosen");
  }

  /** Point from the list to the map, and the other way round.
   * @param {number} number
   * @param {boolean} isOn
   */
  function point(number, isOn) {
    const mark = marks.get(number);
    const name = hotspots[number]?.name;
    if (!mark || name === undefined) return;
    mark.setRadius(isOn ? 13 : 9);
    rowOf(number)?.classList.toggle("is-pointed", isOn);
    if (isOn && !mark.getTooltip()) tip.setLatLng(mark.getLatLng()).setContent(textElement("span", name)).addTo(shown);
    else tip.remove();
  }

  /** @param {L.Popup} opened */
  function enter(opened) {
    const element = /** @type {HTMLElement} */ (opened.getElement());
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", element.querySelector("h3")?.textContent ?? "");
    element.onkeydown = (event) => {
      if (event.key === "Escape") shown.closePopup();
    };
    const close = element.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", words.close);
    close?.setAttribute("title", words.close);
  }

  /** Show what has all the words that were typed, in the list and on the map. */
  function narrow() {
    const input = form?.querySelector("input");
    const wanted = (input?.value ?? "").toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let matching = 0;
    for (const [number, hotspot] of hotspots.entries()) {
      const text = Object.values(hotspot).join(" ").toLocaleLowerCase();
      const isIn = wanted.every((word) => text.includes(word));
      matching += isIn ? 1 : 0;
      rowOf(number)?.toggleAttribute("hidden", !isIn);
      const mark = marks.get(number);
      if (mark && isIn) layer?.addLayer(mark);
      else if (mark) layer?.removeLayer(mark);
    }
    shown.closePopup();
    if (!(count instanceof HTMLElement)) return;
    const { all = "", some = "" } = count.dataset;
    count.textContent = wanted.length ? some.replace("NUMBER", String(matching)) : all;
  }

  /**
   * @param {string} tag
   * @param {string} text
   */
  function textElement(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }

  // @ts-expect-error folium's own script calls these by name
  window.hotspotMap = { start, hotspots: hotspotsDrawn, finish };
})();
