// What folium cannot do by itself on the city map: a mark for every building, pop-ups as text, and
// the tie to the list beside it. A classic script; texts from people are written by textContent only.

// @ts-check
(() => {
  /**
   * @typedef {[code: string, name: string, mark: string, stage: string, lat: number, lng: number, details: [string, string][]]} Building
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
      const { n } = /** @type {{feature?: GeoJSON.Feature}} */ (event.propagatedFrom).feature?.properties ?? {};
      follow(event.type, readData().buildings[n]);
    });
  }

  /** @param {L.Map} map */
  function finish(map) {
    // One pop-up and one tip for all: bound to thousands of marks they would cost a second.
    const group = L.featureGroup();
    /** @type {Map<L.Layer, Building>} */
    const buildings = new Map();
    for (const building of readData().buildings) {
      const marker = mark(building);
      markers.set(building[0], marker);
      buildings.set(marker, building);
      group.addLayer(marker);
    }
    group.on("click mouseover mouseout", (event) => follow(event.type, buildings.get(event.propagatedFrom)));
    group.addTo(map);
    const resize = () => map.getContainer().classList.toggle("is-overview", map.getZoom() < OVERVIEW_ZOOM);
    map.on("zoomend", resize);
    resize();
    map.on("popupopen", ({ popup }) => enterPopup(popup));
    addEventListener("message", heard);
    parent.postMessage({ kind: "ready" }, location.origin);
  }

  /** @param {Building} building */
  function mark([, , key, , lat, lng]) {
    // The list beside the map is the way of the keyboard and of screen readers: thousands of tab
    // stops help nobody.
    return L.marker([lat, lng], { icon: iconOf(key), keyboard: false, riseOnHover: true, alt: "" });
  }

  /** @type {Map<string, L.Icon>} */
  const icons = new Map();

  /** Turn a mark's drawing into a picture in the style sheet's colour: one node a building, not six.
   * @param {string} key
   */
  function iconOf(key) {
    const made = icons.get(key);
    if (made) return made;
    const className = `ap ap--${key}`;
    const sample = document.createElement("span");
    sample.className = className;
    document.body.append(sample);
    const { color } = getComputedStyle(sample);
    sample.remove();
    const drawing = /** @type {HTMLTemplateElement | null} */ (document.getElementById(`mark-${key}`))?.content.firstElementChild;
    const svg = drawing ? new XMLSerializer().serializeToString(drawing).replaceAll("currentColor", color) : "<svg/>";
    const icon = L.icon({ iconUrl: `data:image/svg+xml,${encodeURIComponent(svg)}`, iconSize: [24, 24], className });
    icons.set(key, icon);
    return icon;
  }

  const tip = L.tooltip({ direction: "top", offset: [0, -12] });
  const detail = L.popup({ offset: [0, -8] });

  /** Do for a building what the pointer does to its mark or outline.
   * @param {string} type
   * @param {Building | undefined} building
   */
  function follow(type, building) {
    if (!building) return;
    const [code, name, , stage, lat, lng] = building;
    if (type === "click") open(building);
    else tell(type === "mouseover" ? "over" : "out", code);
    if (type === "mouseover")
      tip
        .setLatLng([lat, lng])
        .setContent(textElement("span", `${code} ${name}, ${stage}`))
        .addTo(shown);
    else tip.remove();
  }

  /** @param {Building} building */
  function open(building) {
    const [code, , , , lat, lng] = building;
    detail.setLatLng([lat, lng]).setContent(details(building)).openOn(shown);
    tell("chosen", code);
  }

  /** @param {Building} building */
  function details([code, name, , stage, , , facts]) {
    const { words, buildingUrl } = readData();
    const popup = document.createElement("div");
    popup.className = "details";
    popup.append(textElement("h2", name), textElement("p", `${code}, ${stage}`));
    const list = document.createElement("dl");
    for (const [label, value] of facts) list.append(textElement("dt", label), textElement("dd", value));
    const link = /** @type {HTMLAnchorElement} */ (textElement("a", words.open));
    link.href = buildingUrl.replace("REF", encodeURIComponent(code));
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
   * @param {string} code
   */
  function tell(kind, code) {
    if (kind !== "chosen") highlight(code, kind === "over");
    parent.postMessage({ kind, code }, location.origin);
  }

  /**
   * @param {string} code
   * @param {boolean} isOn
   */
  function highlight(code, isOn) {
    const marker = markers.get(code);
    marker?.getElement()?.classList.toggle("is-highlighted", isOn);
    marker?.setZIndexOffset(isOn ? 10_000 : 0);
  }

  /** Do what the list asks for.
   * @param {MessageEvent} event
   */
  function heard(event) {
    if (event.origin !== location.origin || event.source !== parent) return;
    const { kind, code } = event.data ?? {};
    if (kind === "ask") parent.postMessage({ kind: "ready" }, location.origin);
    if (kind === "over" || kind === "out") highlight(code, kind === "over");
    const building = kind === "show" ? readData().buildings.find((known) => known[0] === code) : undefined;
    if (!building) return;
    shown.setView([building[4], building[5]], Math.max(shown.getZoom(), 17), { animate: false });
    open(building);
  }

  // @ts-expect-error folium's own script calls these by name
  window.cityMap = { start, outlines, finish };
})();
