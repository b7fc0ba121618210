// What folium cannot do by itself on the city map: a mark for every building, pop-ups as text, and
// the tie to the list beside it. A classic script; texts from people are written by textContent only.

// @ts-check
(() => {
  /**
   * @typedef {[ref: string, code: string, name: string, mark: string, stage: string, lat: number, lng: number, details: [string, string][]]} Building
   * @typedef {{
   *   words: {map: string, close: string, zoomIn: string, zoomOut: string, open: string},
   *   buildingUrl: string,
   *   buildings: Building[],
   * }} CityData
   */

  const OVERVIEW_ZOOM = 14;

  /** @type {CityData | undefined} */
  let known;
  /** @type {L.Map} */
  let shown;
  /** @type {Map<string, L.Marker>} */
  const markers = new Map();

  /** @returns {CityData} */
  function readData() {
    known ??= JSON.parse(document.getElementById("map-data")?.textContent ?? "{}");
    return /** @type {CityData} */ (known);
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

  /** @param {L.Map} map */
  function start(map) {
    const { words } = readData();
    shown = map;
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", words.map);
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
  }

  /** An outline does what its building's mark does.
   * @param {L.GeoJSON} layer
   */
  function outlines(layer) {
    layer.on("click mouseover mouseout", (event) => {
      const { n } = /** @type {{feature: GeoJSON.Feature}} */ (event.propagatedFrom ?? event.sourceTarget).feature?.properties ?? {};
      const ref = readData().buildings[n]?.[0];
      const marker = ref ? markers.get(ref) : undefined;
      if (event.type === "click") marker?.openPopup();
      else if (ref) tell(event.type === "mouseover" ? "over" : "out", ref);
    });
  }

  /** @param {L.Map} map */
  function finish(map) {
    const group = L.layerGroup();
    for (const building of readData().buildings) group.addLayer(mark(building));
    group.addTo(map);
    const resize = () => map.getContainer().classList.toggle("is-overview", map.getZoom() < OVERVIEW_ZOOM);
    map.on("zoomend", resize);
    resize();
    map.on("popupopen", ({ popup }) => enterPopup(popup));
    addEventListener("message", heard);
    parent.postMessage({ kind: "ready" }, location.origin);
  }

  /** @param {Building} building */
  function mark(building) {
    const [ref, code, name, key, stage, lat, lng] = building;
    const drawing = /** @type {HTMLTemplateElement | null} */ (document.getElementById(`mark-${key}`))?.content.firstElementChild;
    const html = document.createElement("span");
    if (drawing) html.append(drawing.cloneNode(true));
    const icon = L.divIcon({ html, className: `ap ap--${key}`, iconSize: [24, 24] });
    // The list beside the map is the way of the keyboard: thousands of tab stops help nobody.
    const marker = L.marker([lat, lng], { icon, keyboard: false, riseOnHover: true });
    marker.bindTooltip(() => textElement("span", `${code} ${name}, ${stage}`), { direction: "top", offset: [0, -8] });
    marker.bindPopup(() => details(building), { offset: [0, -4] });
    marker.on("mouseover", () => tell("over", ref));
    marker.on("mouseout", () => tell("out", ref));
    marker.on("popupopen", () => {
      marker.closeTooltip();
      tell("chosen", ref);
    });
    markers.set(ref, marker);
    return marker;
  }

  /** @param {Building} building */
  function details([ref, code, name, , stage, , , facts]) {
    const { words, buildingUrl } = readData();
    const popup = document.createElement("div");
    popup.className = "details";
    popup.append(textElement("h2", name), textElement("p", `${code}, ${stage}`));
    const list = document.createElement("dl");
    for (const [label, value] of facts) list.append(textElement("dt", label), textElement("dd", value));
    const link = /** @type {HTMLAnchorElement} */ (textElement("a", words.open));
    link.href = buildingUrl.replace("REF", encodeURIComponent(ref));
    link.target = "_top";
    popup.append(list, link);
    return popup;
  }

  /** @param {L.Popup} popup */
  function enterPopup(popup) {
    const { words } = readData();
    const element = /** @type {HTMLElement} */ (popup.getElement());
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", element.querySelector("h2")?.textContent ?? "");
    element.onkeydown = (event) => {
      if (event.key === "Escape") shown.closePopup();
    };
    const close = element.querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", words.close);
    close?.setAttribute("title", words.close);
  }

  /** Tell the list what happens on the map.
   * @param {string} kind
   * @param {string} ref
   */
  function tell(kind, ref) {
    highlight(ref, kind === "over");
    parent.postMessage({ kind, ref }, location.origin);
  }

  /**
   * @param {string} ref
   * @param {boolean} isOn
   */
  function highlight(ref, isOn) {
    const marker = markers.get(ref);
    marker?.getElement()?.classList.toggle("is-highlighted", isOn);
    marker?.setZIndexOffset(isOn ? 10_000 : 0);
  }

  /** Do what the list asks for.
   * @param {MessageEvent} event
   */
  function heard(event) {
    if (event.origin !== location.origin || event.source !== parent) return;
    const { kind, ref } = event.data ?? {};
    const marker = markers.get(ref);
    if (kind === "over" || kind === "out") highlight(ref, kind === "over");
    if (kind === "show" && marker) {
      shown.setView(marker.getLatLng(), Math.max(shown.getZoom(), 17), { animate: false });
      marker.openPopup();
    }
  }

  // @ts-expect-error folium's own script calls these by name
  window.cityMap = { start, outlines, finish };
})();
