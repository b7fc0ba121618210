// What folium cannot do by itself on a coverage map: names, pop-ups and labels as text, the scale
// bar, opacity, and the keyboard. A classic script, so that the page also works as a file.
// Texts from people are written by textContent only.

// @ts-check
(() => {
  /**
   * @typedef {{code: string, state: string, details: [string, string][]}} AccessPoint
   * @typedef {{
   *   words: {map: string, close: string, zoomIn: string, zoomOut: string},
   *   layers: Record<string, string>,
   *   heat: {name: string, kind: string}[],
   *   rooms: string[],
   *   accessPoints: AccessPoint[],
   * }} MapData
   */

  /** @type {MapData | undefined} */
  let known;
  /** @type {L.Map} */
  let shown;
  let isLed = false;

  /** @returns {MapData} */
  function readData() {
    known ??= JSON.parse(document.getElementById("map-data")?.textContent ?? "{}");
    return /** @type {MapData} */ (known);
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
    map.on("move", () => {
      if (isLed || parent === window) return;
      const { lat, lng } = map.getCenter();
      parent.postMessage({ kind: "moved", centre: { lat, lng }, zoom: map.getZoom() }, location.origin);
    });
  }

  /** Show what another map beside this one shows, without telling it so.
   * @param {L.LatLngLiteral} centre
   * @param {number} zoom
   */
  function look(centre, zoom) {
    if (!shown) return; // it is still being made, and shows its own place first
    isLed = true;
    shown.setView([centre.lat, centre.lng], zoom, { animate: false });
    isLed = false;
  }

  /** Show the legend of the heat map that is on, and none without one.
   * @param {L.ImageOverlay} overlay
   * @param {number} index
   */
  function heat(overlay, index) {
    const { kind = "", name = "" } = readData().heat[index] ?? {};
    const legends = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-legend]"));
    const show = (/** @type {string} */ wanted) => {
      for (const legend of legends) legend.hidden = legend.dataset.legend !== wanted;
    };
    overlay.on("add", () => {
      show(kind);
      overlay.getElement()?.setAttribute("alt", name);
    });
    overlay.on("remove", () => show(""));
  }

  /** Write each room's label where it fits.
   * @param {L.GeoJSON} rooms
   */
  function labelRooms(rooms) {
    const labels = readData().rooms;
    rooms.eachLayer((layer) => {
      const room = /** @type {L.Polygon} */ (layer);
      const label = textElement("span", labels[room.feature?.properties.room] ?? "");
      if (label.textContent) {
        const options = { permanent: true, className: "room-label", pane: "labels" };
        room.bindTooltip(label, { ...options, direction: "center", interactive: false });
      }
    });
    const fit = () => rooms.eachLayer((layer) => fitLabel(/** @type {L.Polygon} */ (layer)));
    rooms.on("add", fit);
    shown.on("zoomend", fit);
  }

  /** @param {L.Polygon} room */
  function fitLabel(room) {
    const label = room.getTooltip()?.getElement();
    if (!label) return;
    const bounds = room.getBounds();
    const west = shown.latLngToLayerPoint(bounds.getSouthWest()).x;
    const east = shown.latLngToLayerPoint(bounds.getNorthEast()).x;
    label.classList.toggle("room-label--hidden", east - west < label.offsetWidth);
  }

  /**
   * @param {L.Marker} marker
   * @param {number} index
   */
  function accessPoint(marker, index) {
    const point = readData().accessPoints[index];
    if (!point) return;
    marker.bindTooltip(textElement("span", point.code), { direction: "top", offset: [0, -10] });
    marker.bindPopup(() => details(point), { offset: [0, -6] });
    marker.on("add", () => {
      const element = marker.getElement();
      element?.setAttribute("aria-label", `${point.code}, ${point.state}`);
      element?.addEventListener("keydown", (event) => pressed(marker, event));
    });
    marker.on("popupopen", () => marker.closeTooltip());
  }

  /** Leaflet opens a pop-up by Enter; a button also answers to the space bar, and Escape closes.
   * @param {L.Marker} marker
   * @param {KeyboardEvent} event
   */
  function pressed(marker, event) {
    if (event.key === " ") {
      event.preventDefault();
      marker.togglePopup();
    } else if (event.key === "Escape") {
      marker.closePopup();
    }
  }

  /** @param {AccessPoint} point */
  function details(point) {
    const popup = document.createElement("div");
    popup.className = "details";
    popup.append(textElement("h2", point.code), textElement("p", point.state));
    const list = document.createElement("dl");
    for (const [label, value] of point.details) {
      list.append(textElement("dt", label), textElement("dd", value));
    }
    popup.append(list);
    return popup;
  }

  /** @param {L.Map} map */
  function finish(map) {
    moveSwitches(map);
    map.on("popupopen", ({ popup }) => enterPopup(map, popup));
    map.on("popupclose", ({ popup }) => leavePopup(popup));
    followOpacity(map);
    fitPaper(map);
  }

  /** Put the switch of layers beside the map, where it covers nothing, and name the layers.
   * @param {L.Map} map
   */
  function moveSwitches(map) {
    const { layers } = readData();
    const switches = map.getContainer().querySelector(".leaflet-control-layers");
    if (!switches) return;
    for (const name of switches.querySelectorAll("label span span")) {
      name.textContent = layers[name.textContent?.trim() ?? ""] ?? "";
    }
    document.getElementById("layers")?.append(switches);
  }

  /** Name the pop-up, and bring the focus into it.
   * @param {L.Map} map
   * @param {L.Popup} popup
   */
  function enterPopup(map, popup) {
    const { words } = readData();
    const element = /** @type {HTMLElement} */ (popup.getElement());
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", element.querySelector("h2")?.textContent ?? "");
    element.onkeydown = (event) => {
      if (event.key === "Escape") map.closePopup();
    };
    const close = /** @type {HTMLElement} */ (element.querySelector(".leaflet-popup-close-button"));
    close.setAttribute("aria-label", words.close);
    close.title = words.close;
    close.focus({ preventScroll: true });
  }

  /** Give the focus back to the mark the pop-up belongs to.
   * @param {L.Popup} popup
   */
  function leavePopup(popup) {
    const source = /** @type {{_source?: L.Marker}} */ (/** @type {unknown} */ (popup))._source;
    if (popup.getElement()?.contains(document.activeElement)) {
      source?.getElement()?.focus({ preventScroll: true });
    }
  }

  /** @param {L.Map} map */
  function followOpacity(map) {
    const slider = /** @type {HTMLInputElement | null} */ (document.getElementById("heat-opacity"));
    const pane = map.getPane("heat");
    const fade = () => {
      if (slider && pane) pane.style.opacity = String(Number(slider.value) / 100);
    };
    slider?.addEventListener("input", fade);
    fade();
  }

  /** Leaflet does not know the paper's size: print what is in view at one that fits A4.
   * @param {L.Map} map
   */
  function fitPaper(map) {
    const { style } = map.getContainer();
    /** @type {{bounds: L.LatLngBounds, centre: L.LatLng, zoom: number}} */
    let seen;
    addEventListener("beforeprint", () => {
      seen = { bounds: map.getBounds(), centre: map.getCenter(), zoom: map.getZoom() };
      style.width = "680px";
      style.height = "480px";
      map.invalidateSize({ animate: false });
      map.fitBounds(seen.bounds, { animate: false });
    });
    addEventListener("afterprint", () => {
      style.width = "";
      style.height = "";
      map.invalidateSize({ animate: false });
      map.setView(seen.centre, seen.zoom, { animate: false });
    });
  }

  // @ts-expect-error folium's own script calls these by name
  window.coverageMap = { start, look, heat, rooms: labelRooms, accessPoint, finish };
})();
