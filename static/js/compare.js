// Two networks on one floor: a picture that is swiped, or two folium maps that move together.
// The slider is the browser's own, so that keyboard and reader work it; the picture follows it.

/** Shows the left network up to the slider, and the right one beyond it. */
class CoverageSwipe extends HTMLElement {
  connectedCallback() {
    const slider = this.querySelector("input");
    const picture = this.querySelector("svg.swipe__picture");
    if (!slider || !(picture instanceof SVGSVGElement)) return;
    slider.addEventListener("input", () => showSplit(picture, Number(slider.value) / 100));
    /** @param {PointerEvent} event */
    const follow = (event) => {
      const frame = picture.getBoundingClientRect();
      slider.value = String((100 * (event.clientX - frame.left)) / frame.width);
      slider.dispatchEvent(new Event("input"));
    };
    picture.addEventListener("pointerdown", (event) => {
      picture.setPointerCapture(event.pointerId);
      follow(event);
    });
    picture.addEventListener("pointermove", (event) => {
      if (picture.hasPointerCapture(event.pointerId)) follow(event);
    });
    showSplit(picture, Number(slider.value) / 100); // a browser may remember where it was
  }
}

/**
 * @param {SVGSVGElement} picture
 * @param {number} share
 */
function showSplit(picture, share) {
  const { x, width } = picture.viewBox.baseVal;
  const edge = x + share * width;
  /** @type {Record<string, Record<string, number>>} */
  const places = {
    left: { width: edge - x },
    right: { x: edge, width: x + width - edge },
    edge: { x1: edge, x2: edge },
  };
  for (const part of picture.querySelectorAll("[data-part]")) {
    const values = places[part.getAttribute("data-part") ?? ""] ?? {};
    for (const [name, value] of Object.entries(values)) part.setAttribute(name, String(Math.max(value, -1e6)));
  }
}

/** Lets the folium maps in its frames show the same place, and makes them narrow. */
class LinkedMaps extends HTMLElement {
  connectedCallback() {
    const frames = [...this.querySelectorAll("iframe")];
    for (const frame of frames) {
      const narrow = () => frame.contentDocument?.documentElement.classList.add("is-beside");
      if (frame.contentDocument?.readyState === "complete") narrow();
      frame.addEventListener("load", narrow);
    }
    addEventListener("message", ({ origin, source, data }) => {
      const moved = frames.find((frame) => frame.contentWindow === source);
      if (origin !== location.origin || !moved || data?.kind !== "moved") return;
      for (const other of frames) if (other !== moved) mapIn(other)?.look(data.centre, data.zoom);
    });
  }
}

/**
 * @param {HTMLIFrameElement} frame
 * @returns {{look: (centre: unknown, zoom: number) => void} | undefined}
 */
function mapIn(frame) {
  return /** @type {any} */ (frame.contentWindow)?.coverageMap;
}

customElements.define("coverage-swipe", CoverageSwipe);
customElements.define("linked-maps", LinkedMaps);
