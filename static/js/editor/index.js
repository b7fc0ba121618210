// <floor-plan-editor src="…plan.json">: puts model, history, saving, sheet and panels together.
// The records are in the page's table as well; this is the way by hand and eye.

import { showToast } from "../toasts.js";
import * as commands from "./commands.js";
import { make } from "./elements.js";
import { HeatMapSource } from "./heat-map.js";
import { History } from "./history.js";
import { FloorModel, kindOf } from "./model.js";
import { Inspector } from "./panel/inspector.js";
import { makeLegend, Toolbar } from "./panel/toolbar.js";
import { makeSavedMark, makeTrouble } from "./panel/trouble.js";
import { Sync } from "./sync.js";
import { AccessPointLayer } from "./view/access-points.js";
import { Drawing } from "./view/drawing.js";
import { PlanMap } from "./view/map.js";
import { RouteLayer } from "./view/routes.js";
import { WallLayer } from "./view/walls.js";
import { fill, formatNumber } from "./words.js";

/** @typedef {import("./contract.d.ts").FloorData} FloorData */
/** @typedef {import("./contract.d.ts").AccessPoint} AccessPoint */
/** @typedef {import("./contract.d.ts").Wall} Wall */
/** @typedef {import("./contract.d.ts").CableRoute} CableRoute */
/** @typedef {import("./contract.d.ts").PlanRecord} PlanRecord */
/** @typedef {import("./contract.d.ts").Fields} Fields */
/** @typedef {import("./view/drawing.js").Tool} Tool */

/** The same as in the form and in imported tables. */
const DEFAULT_HEIGHT_M = 2.7;

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof HTMLElement && target.matches("input:not([type=range]), textarea, select");

class Editor {
  /**
   * @param {HTMLElement} host
   * @param {FloorData} data
   */
  constructor(host, data) {
    this.data = data;
    this.words = data.words;
    this.model = new FloorModel(data);
    const token = document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "";
    const send = fetch.bind(globalThis);
    this.sync = new Sync({ model: this.model, urls: data.urls, token, fetch: send });
    this.history = new History(this.model, (operation) => this.sync.send(operation));
    /** @type {Tool} */
    this.tool = "select";
    this.toolbar = new Toolbar(this.data, this.toolbarActions());
    this.inspector = new Inspector(this.model, {
      onEdit: (record, fields) => this.edit(record, fields),
      onDelete: (record) => this.delete(record),
    });
    this.canvas = make("div", { class: "editor__canvas paper", "aria-label": this.words.canvas ?? "", role: "application" });
    this.hint = make("span", {});
    this.savedMark = make("span", {});
    this.status = make("div", { class: "editor__status" }, this.hint, this.savedMark);
    this.heatState = make("span", { class: "muted" });
    if (this.data.heat_map) this.status.prepend(makeLegend(this.data), this.heatState);
    this.voice = make("div", { class: "visually-hidden", "aria-live": "polite" });
    const frame = make("div", { class: "editor" }, this.toolbar.element, this.canvas, this.inspector.element, this.status, this.voice);
    host.replaceChildren(frame);
    frame.style.setProperty("--editor-top", `${Math.round(frame.getBoundingClientRect().top + scrollY)}px`);
    this.sheet = new PlanMap(this.canvas, this.data);
    this.walls = new WallLayer(this.sheet, this.model, {
      onSelect: (key) => this.tool === "select" && this.selectWall(key),
      onReshape: (wall, fields) => this.history.do(commands.editWall(wall, fields)),
    });
    this.routes = new RouteLayer(this.sheet, this.model, {
      onSelect: (key) => this.tool === "select" && this.selectRoute(key),
      onReshape: (route, points, isGesture) => this.reshape(route, points, isGesture),
      onDelete: (route) => this.delete(route),
    });
    this.accessPoints = new AccessPointLayer(this.sheet, this.model, {
      onSelect: (key) => this.model.select({ kind: "access_point", key }),
      onDrag: (accessPoint, point) => this.followHand(accessPoint, point),
      onMove: (accessPoint, point, isGesture) => this.move(accessPoint, point, isGesture),
      onDelete: (accessPoint) => this.delete(accessPoint),
    });
    this.drawing = new Drawing(this.sheet, this.model, {
      onPlace: (point) => this.place(point),
      onWall: (from, to) => this.history.do(commands.drawWall(this.model, from, to, this.toolbar.newMaterial)),
      onRoute: (points) => this.history.do(commands.drawRoute(this.model, points, { kind: this.toolbar.newRouteKind })),
      onRiser: (point) => this.history.do(commands.drawRoute(this.model, [point], { kind: "riser", upper_floor: this.toolbar.newUpperFloor })),
      onNothing: () => this.model.select(null),
    });
    if (data.heat_map) this.startHeat(data.heat_map, send);
    this.listen(host);
    this.refresh();
  }

  toolbarActions() {
    return {
      /** @param {Tool} tool */
      onTool: (tool) => this.use(tool),
      onUndo: () => this.undo(),
      onRedo: () => this.redo(),
      onDelete: () => {
        const record = this.model.selectedRecord();
        if (record) this.delete(record);
      },
      onFit: () => this.sheet.fit(),
      /** @param {boolean} isOn */
      onRoutes: (isOn) => this.routes.show(isOn),
      /** @param {boolean} isOn */
      onHeat: (isOn) => this.showHeat(isOn),
      /** @type {(name: "band" | "counts", value: string) => void} */
      onHeatChoice: (name, value) => {
        if (!this.heat) return;
        this.heat.choices[name] = value;
        void this.heat.request();
      },
      /** @param {number} opacity */
      onOpacity: (opacity) => this.sheet.setHeatOpacity(opacity),
    };
  }

  /**
   * @param {import("./contract.d.ts").HeatMap} heatMap
   * @param {typeof fetch} send
   */
  startHeat(heatMap, send) {
    this.heat = new HeatMapSource({ url: heatMap.url, fetch: send, base: location.href, onPicture: (picture) => this.sheet.showHeat(picture) });
    this.heat.choices = { band: heatMap.bands[0]?.key ?? "", counts: heatMap.counts[0]?.key ?? "" };
    this.heat.addEventListener("state", (event) => {
      const name = /** @type {CustomEvent<"loading" | "shown" | "failed">} */ (event).detail;
      this.heatState.replaceChildren(name === "shown" ? "" : (this.words[`heat_${name}`] ?? ""));
    });
    this.sync.addEventListener("saved", (event) => {
      // Cables neither send nor damp.
      const { kind } = /** @type {CustomEvent<import("./contract.d.ts").Operation>} */ (event).detail;
      if (kind !== "cable_route") void this.heat?.request();
    });
    void this.heat.request();
  }

  /** @param {boolean} isOn */
  showHeat(isOn) {
    if (!this.heat) return;
    this.heat.isOn = isOn;
    if (isOn) void this.heat.request();
    else this.sheet.hideHeat();
  }

  /** @param {HTMLElement} host */
  listen(host) {
    this.model.addEventListener("change", (event) => {
      const { kind, key } = /** @type {CustomEvent<{kind: string, key: string}>} */ (event).detail;
      if (kind === "wall") this.walls.draw(key);
      else if (kind === "cable_route") this.routes.draw(key);
      else this.accessPoints.draw(key);
      this.refresh();
    });
    this.model.addEventListener("select", () => {
      this.walls.showSelection();
      this.routes.showSelection();
      this.accessPoints.showSelection();
      this.refresh();
    });
    this.history.addEventListener("change", () => this.refresh());
    this.sync.addEventListener("state", () => this.showSaving());
    host.addEventListener("keydown", (event) => this.onKey(event));
    this.onLeave = (/** @type {BeforeUnloadEvent} */ event) => {
      if (this.sync.hasUnsaved) event.preventDefault();
    };
    addEventListener("beforeunload", this.onLeave);
    this.showSaving();
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === "Escape") {
      if (!this.drawing.end()) this.use("select");
    } else if (event.key === "Enter" && !isTyping(event.target)) {
      if (this.drawing.end()) event.preventDefault();
    } else if (event.key === "Backspace" && !isTyping(event.target)) {
      if (this.drawing.takeBack()) event.preventDefault();
    } else if ((event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key) && !isTyping(event.target)) {
      event.preventDefault();
      if (event.shiftKey || event.key.toLowerCase() === "y") this.redo();
      else this.undo();
    } else if (event.key === "Delete" && !isTyping(event.target)) {
      this.toolbarActions().onDelete();
    }
  }

  /** @param {Tool} tool */
  use(tool) {
    this.tool = tool;
    this.drawing.use(tool);
    for (const layer of [this.walls, this.routes]) {
      layer.hasHandles = tool === "select";
      layer.showSelection();
    }
    if (tool === "route" || tool === "riser") this.toolbar.pressRoutes();
    this.refresh();
  }

  /** @param {string} key */
  selectWall(key) {
    this.model.select({ kind: "wall", key });
    return true;
  }

  /** @param {string} key */
  selectRoute(key) {
    this.model.select({ kind: "cable_route", key });
    return true;
  }

  /**
   * @param {CableRoute} route
   * @param {import("./contract.d.ts").PointM[]} points
   * @param {boolean} isGesture
   */
  reshape(route, points, isGesture) {
    this.history.do(commands.reshapeRoute(route, points, { isGesture }));
    const moved = this.model.cableRoutes.get(route.key);
    if (moved) this.voice.replaceChildren(`${this.routes.nameOf(moved)}: ${moved.course}`);
  }

  /** @param {import("./contract.d.ts").PointM} point */
  place(point) {
    const last = [...this.model.accessPoints.values()].at(-1);
    const { models, mounts, states } = this.data;
    const model = models.some(({ id }) => id === last?.model) ? last?.model : models[0]?.id;
    const defaults = {
      model: model ?? "",
      mount: last?.mount ?? mounts[0]?.key ?? "",
      height_m: last?.height_m ?? DEFAULT_HEIGHT_M,
      state: states[0]?.key ?? "",
    };
    this.history.do(commands.placeAccessPoint(this.model, point, defaults));
  }

  /**
   * @param {AccessPoint} accessPoint
   * @param {import("./contract.d.ts").PointM} point
   */
  followHand({ key, installed_x_m }, point) {
    // Coverage is reckoned from where it hangs: moving the plan changes nothing there.
    if (typeof installed_x_m === "number") return;
    const id = this.model.saved.get(key)?.id;
    if (id) void this.heat?.request({ id, x_m: Math.round(point.x * 100) / 100, y_m: Math.round(point.y * 100) / 100 });
  }

  /**
   * @param {AccessPoint} accessPoint
   * @param {import("./contract.d.ts").PointM} point
   * @param {boolean} isGesture
   */
  move(accessPoint, point, isGesture) {
    this.history.do(commands.moveAccessPoint(accessPoint, point, { isGesture }));
    const moved = this.model.accessPoints.get(accessPoint.key);
    if (moved) this.say("said_moved", { x: formatNumber(moved.x_m), y: formatNumber(moved.y_m) });
  }

  /**
   * @param {PlanRecord} record
   * @param {Fields} fields
   */
  edit(record, fields) {
    if ("course" in record) this.history.do(commands.editRoute(record, fields));
    else this.history.do("code" in record ? commands.editAccessPoint(record, fields) : commands.editWall(record, fields));
  }

  /** @param {PlanRecord} record */
  delete(record) {
    const kind = kindOf(record);
    if (!this.model.canDelete(kind, record.key)) {
      if (this.model.canEdit(kind, record.key)) showToast(this.words.not_deletable ?? "", { kind: "warning" });
      return;
    }
    const { name, command } = this.deletionOf(record);
    this.history.do(command);
    const text = fill(this.words.said_deleted ?? "", { name: name ?? "" });
    const isStillLast = () => this.history.done.at(-1) === command;
    showToast(text, { actionLabel: this.words.undo ?? "", onAction: () => isStillLast() && this.undo() });
    this.canvas.focus();
  }

  /** @param {PlanRecord} record */
  deletionOf(record) {
    if ("course" in record) return { name: this.routes.nameOf(record), command: commands.deleteRoute(record) };
    if ("code" in record) return { name: record.code || this.words.access_point_new, command: commands.deleteAccessPoint(record) };
    return { name: this.walls.nameOf(record), command: commands.deleteWall(record) };
  }

  undo() {
    const command = this.history.undo();
    if (command) this.say("said_undone", { step: this.words[command.word] ?? "" });
  }

  redo() {
    const command = this.history.redo();
    if (command) this.say("said_redone", { step: this.words[command.word] ?? "" });
  }

  /**
   * @param {string} word
   * @param {Record<string, string>} values
   */
  say(word, values) {
    this.voice.replaceChildren(fill(this.words[word] ?? "", values));
  }

  refresh() {
    const { selection } = this.model;
    this.inspector.show();
    this.toolbar.show({
      tool: this.tool,
      canUndo: this.history.canUndo,
      canRedo: this.history.canRedo,
      canDelete: selection !== null && this.model.canDelete(selection.kind, selection.key),
    });
    this.hint.replaceChildren(this.tool === "select" ? "" : (this.words[`help_${this.tool}`] ?? ""));
  }

  showSaving() {
    const { state } = this.sync;
    const mark = makeSavedMark(state, this.words);
    this.savedMark.replaceWith(mark);
    this.savedMark = mark;
    const giveUp = (/** @type {() => unknown} */ how) => () => {
      if ("operation" in state) this.history.forget(state.operation.key);
      how();
    };
    const trouble = makeTrouble(state, this.model, {
      onRetry: () => void this.sync.retry(),
      onDiscard: giveUp(() => this.sync.discard()),
      onTakeTheirs: giveUp(() => this.sync.takeTheirs()),
      onKeepMine: () => void this.sync.keepMine(),
    });
    // While saving again, what is said about the last attempt stays, so that nothing flickers.
    if (trouble || state.name === "saved") this.inspector.trouble.replaceChildren(...(trouble ? [trouble] : []));
    if (state.name === "refused" || state.name === "saved") this.inspector.showProblems(state.name === "refused" ? state.problems : []);
  }

  stop() {
    if (this.onLeave) removeEventListener("beforeunload", this.onLeave);
    this.sheet.remove();
  }
}

class FloorPlanEditor extends HTMLElement {
  connectedCallback() {
    void this.load();
  }

  disconnectedCallback() {
    this.editor?.stop();
  }

  /** What stands in the element until the plan is there, or when it does not come, is the page's own. */
  async load() {
    this.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(this.getAttribute("src") ?? "", { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!response.ok) throw new Error(`plan: ${response.status}`);
      this.editor = new Editor(this, await response.json());
    } catch (error) {
      const failed = this.querySelector("[data-failed]");
      if (failed instanceof HTMLElement) failed.hidden = false;
      reportError(error);
    } finally {
      this.removeAttribute("aria-busy");
    }
  }
}

customElements.define("floor-plan-editor", FloorPlanEditor);
