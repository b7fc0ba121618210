// The selected record as a plain form; without a selection, what can be done here. Decides how values
// are entered; refuses to know how they are saved.

import { make, makeSwatch, makeSymbol } from "../elements.js";
import { distance, lengthOf, readCourse, writeCourse } from "../geometry.js";
import { cornersOf } from "../model.js";
import { readNumber, writeNumber } from "../numbers.js";
import { fill, formatNumber } from "../words.js";

/** @typedef {import("../contract.d.ts").Wall} Wall */
/** @typedef {import("../contract.d.ts").AccessPoint} AccessPoint */
/** @typedef {import("../contract.d.ts").CableRoute} CableRoute */
/** @typedef {import("../contract.d.ts").PlanRecord} PlanRecord */
/** @typedef {import("../contract.d.ts").Fields} Fields */
/** @typedef {import("../contract.d.ts").Problem} Problem */
/** @typedef {import("../contract.d.ts").Choice} Choice */
/** @typedef {import("../model.js").FloorModel} FloorModel */
/** @typedef {{name: string, unit?: string, choices?: Choice[], isOptional?: boolean, isCourse?: boolean, word?: string, hint?: string}} FieldKind */

/** @type {FieldKind[]} */
const WALL_FIELDS = ["x1_m", "y1_m", "x2_m", "y2_m", "bottom_m"].map((name) => ({ name, unit: "m" }));

const HEIGHTS = new Set(["height_m", "bottom_m", "top_m"]);

/** @param {import("../contract.d.ts").Value} value */
const write = (value) => (typeof value === "number" ? writeNumber(value) : String(value ?? ""));

export class Inspector {
  /**
   * @param {FloorModel} model
   * @param {{onEdit: (record: PlanRecord, fields: Fields) => void, onDelete: (record: PlanRecord) => void}} actions
   */
  constructor(model, actions) {
    this.model = model;
    this.words = model.data.words;
    this.actions = actions;
    /** The record whose form is shown. */
    this.shownKey = "";
    /** @type {Map<string, HTMLInputElement | HTMLSelectElement>} */
    this.controls = new Map();
    /** What was last put into each control; anything else there is being typed. @type {Map<string, string>} */
    this.shownValues = new Map();
    this.trouble = make("div", {});
    this.body = make("div", {});
    this.element = make("section", { class: "editor__inspector compact", "aria-label": this.words.inspector ?? "", tabindex: "0" }, this.trouble, this.body);
  }

  /** Show the selection; a form that is being filled in keeps its focus and what is typed. */
  show() {
    const { selection } = this.model;
    const record = this.model.selectedRecord();
    const key = record && selection ? `${selection.kind} ${selection.key}` : "";
    if (key !== this.shownKey || !key) {
      this.shownKey = key;
      this.controls.clear();
      this.shownValues.clear();
      const content = !record || !selection ? this.makeHelp() : this.makeForm(selection.kind, record);
      this.body.replaceChildren(...content);
    }
    if (record && selection) this.fillIn(record);
  }

  makeHelp() {
    const { data } = this.model;
    const helps = ["help_select", data.floor.can_edit_access_points && "help_keys", !data.plan && "no_plan"];
    const used = new Set([...this.model.walls.values()].map((wall) => wall.material));
    const materials = data.materials.filter(({ id }) => used.has(id));
    const items = materials.map(({ id, name }) => make("li", {}, makeSwatch(this.model.wallClass(id)), name));
    const legend = make(
      "div",
      { class: "legend paper editor__materials" },
      make("p", { class: "legend__title" }, this.words.materials ?? ""),
      make("ul", {}, ...items),
    );
    return [
      ...helps.filter((word) => word !== false).map((word) => make("p", { class: "small muted" }, this.words[word] ?? "")),
      ...this.makePlacesLegend(),
      ...this.makeRoutesLegend(),
      ...(items.length > 0 ? [legend] : []),
    ];
  }

  /** What the two marks of an access point mean, where one hangs elsewhere than planned. */
  makePlacesLegend() {
    if (![...this.model.accessPoints.values()].some((point) => this.model.installedPlace(point))) return [];
    const items = [
      make("li", {}, makeSymbol("place-installed", "mark"), this.words.place_installed ?? ""),
      make("li", {}, makeSymbol("place-planned", "mark"), this.words.place_planned ?? ""),
    ];
    const title = make("p", { class: "legend__title" }, this.words.places ?? "");
    return [make("div", { class: "legend paper editor__materials" }, title, make("ul", {}, ...items))];
  }

  /** What the lines and marks of cabling mean, as far as they are here. */
  makeRoutesLegend() {
    const { route_kinds, distributors } = this.model.data;
    const used = new Set([...this.model.cableRoutes.values()].map((route) => route.kind));
    const items = route_kinds
      .filter(({ key }) => used.has(key))
      .map(({ key, label }) => make("li", {}, key === "riser" ? makeSymbol("riser") : makeSwatch(`cable-route cable-route--${key}`), label));
    if (distributors.length > 0) items.push(make("li", {}, makeSymbol("cabling"), this.words.distributor ?? ""));
    if (items.length === 0) return [];
    const title = make("p", { class: "legend__title" }, this.words.cabling ?? "");
    return [make("div", { class: "legend paper editor__materials" }, title, make("ul", {}, ...items))];
  }

  /**
   * @param {import("../contract.d.ts").Kind} kind
   * @param {PlanRecord} record
   */
  makeForm(kind, record) {
    const canEdit = this.model.canEdit(kind, record.key);
    this.title = make("h2", {});
    this.facts = make("p", { class: "small muted" });
    this.offset = make("p", { class: "small", hidden: true });
    this.oddities = make("div", { role: "status" });
    const form = make("form", { class: "form", submit: (event) => event.preventDefault() });
    for (const field of this.fieldsOf(kind, record)) form.append(this.makeField(field, canEdit));
    /** @type {HTMLElement[]} */
    const parts = [this.title, this.facts, this.offset, this.oddities, form];
    if (!canEdit) parts.push(make("p", { class: "small muted" }, this.words.not_editable ?? ""));
    else if (!this.model.canDelete(kind, record.key)) parts.push(make("p", { class: "small muted" }, this.words.not_deletable ?? ""));
    else parts.push(make("button", { type: "button", class: "button button--danger", click: () => this.deleteSelected() }, this.words.delete ?? ""));
    if ("url" in record && record.url) parts.push(make("p", {}, make("a", { class: "button", href: record.url }, this.words.open_record ?? "")));
    return parts;
  }

  deleteSelected() {
    const record = this.model.selectedRecord();
    if (record) this.actions.onDelete(record);
  }

  /**
   * @param {import("../contract.d.ts").Kind} kind
   * @param {PlanRecord} record
   */
  fieldsOf(kind, record) {
    if ("course" in record) return this.routeFields(record);
    return kind === "wall" ? this.wallFields() : this.accessPointFields();
  }

  /**
   * @param {CableRoute} route
   * @returns {FieldKind[]}
   */
  routeFields({ kind, floor, upper_floor }) {
    const { route_kinds, upper_floors, floor: here } = this.model.data;
    const capacity = { name: "capacity", unit: this.words.unit_cables ?? "", isOptional: true, hint: this.words.hint_capacity ?? "" };
    const word = kind === "riser" ? "field_place" : "field_course";
    const course = { name: "course", isCourse: true, word, hint: this.words[kind === "riser" ? "hint_place" : "hint_course"] ?? "" };
    if (kind !== "riser") return [{ name: "kind", choices: route_kinds.filter(({ key }) => key !== "riser") }, capacity, course];
    // A riser from below is shown here as well; where it ends is chosen where it begins.
    const choices = floor === here.code ? upper_floors : [{ key: upper_floor, label: upper_floor }];
    return [{ name: "upper_floor", choices }, capacity, course];
  }

  /** @returns {FieldKind[]} */
  wallFields() {
    const choices = this.model.data.materials.map(({ id, name }) => ({ key: id, label: name }));
    return [{ name: "material", choices }, ...WALL_FIELDS, { name: "top_m", unit: "m", isOptional: true, hint: this.words.hint_top_m ?? "" }];
  }

  /** @returns {FieldKind[]} */
  accessPointFields() {
    const { models, mounts } = this.model.data;
    return [
      { name: "model", choices: models.map(({ id, name }) => ({ key: id, label: name })) },
      { name: "mount", choices: mounts },
      { name: "height_m", unit: "m" },
      { name: "x_m", unit: "m" },
      { name: "y_m", unit: "m" },
      { name: "azimuth_deg", unit: "°" },
      { name: "downtilt_deg", unit: "°" },
    ];
  }

  /**
   * @param {FieldKind} field
   * @param {boolean} canEdit
   */
  makeField({ name, unit, choices, isOptional, isCourse, word, hint }, canEdit) {
    const id = `editor-${name}`;
    const change = () => (isCourse ? this.readCourse(name) : this.read(name, isOptional ?? false));
    const shared = { id, name, change, disabled: !canEdit, "aria-describedby": `${id}-hint ${id}-warning ${id}-error` };
    const control = choices
      ? make("select", { ...shared, class: "kern-form-input__select" }, ...choices.map(({ key, label }) => make("option", { value: key }, label)))
      : make("input", {
          ...shared,
          class: "kern-form-input__input",
          type: "text",
          inputmode: isCourse ? "text" : "decimal",
          autocomplete: "off",
          required: !isOptional,
        });
    this.controls.set(name, control);
    const frame = choices
      ? make("div", { class: "kern-form-input__select-wrapper" }, control)
      : make("div", { class: "kern-input-group" }, control, ...(unit ? [make("span", { class: "kern-input-group-text" }, unit)] : []));
    return make(
      "div",
      { class: "kern-form-input" },
      make("label", { class: "kern-label", for: id }, this.words[word ?? `field_${name}`] ?? ""),
      make("div", { class: "kern-hint", id: `${id}-hint`, hidden: !hint }, hint ?? ""),
      frame,
      ...(HEIGHTS.has(name) ? [make("p", { class: "editor__warning small", id: `${id}-warning`, role: "status", hidden: true })] : []),
      make("p", { class: "kern-error", id: `${id}-error`, hidden: true }),
    );
  }

  /**
   * Take corners from the form, if they are some.
   * @param {string} name
   */
  readCourse(name) {
    const record = this.model.selectedRecord();
    const control = this.controls.get(name);
    if (!record || !control || !("course" in record)) return;
    const points = readCourse(control.value);
    const isRight = points !== null && (record.kind === "riser" ? points.length === 1 : points.length > 1);
    this.showProblem(name, isRight ? "" : (this.words[record.kind === "riser" ? "not_a_place" : "not_a_course"] ?? ""));
    if (points && isRight) this.actions.onEdit(record, { course: writeCourse(points) });
  }

  /**
   * Take one value from the form, if it is one.
   * @param {string} name
   * @param {boolean} isOptional
   */
  read(name, isOptional) {
    const record = this.model.selectedRecord();
    const control = this.controls.get(name);
    if (!record || !control) return;
    const isNumber = control instanceof HTMLInputElement;
    const isLeftOut = isNumber && isOptional && control.value.trim() === "";
    const value = !isNumber ? control.value : isLeftOut ? null : readNumber(control.value);
    const isWrong = isNumber && value === null && !isLeftOut;
    this.showProblem(name, isWrong ? fill(this.words.not_a_number ?? "", { example: writeNumber(2.5) }) : "");
    if (!isWrong) this.actions.onEdit(record, { [name]: value });
  }

  /** @param {PlanRecord} record */
  fillIn(record) {
    const values = /** @type {Fields} */ (/** @type {unknown} */ (record));
    for (const [name, control] of this.controls) {
      const value = write(values[name]);
      const isTyping = control === document.activeElement && control.value !== this.shownValues.get(name);
      this.shownValues.set(name, value);
      if (!isTyping) control.value = value;
      this.warnOfHeight(name, values[name]);
    }
    if ("course" in record) this.describeRoute(record);
    else if ("code" in record) this.describeAccessPoint(record);
    else this.describeWall(record);
  }

  /**
   * What is higher than its storey is allowed, but rarely meant.
   * @param {string} name
   * @param {import("../contract.d.ts").Value} value
   */
  warnOfHeight(name, value) {
    const place = this.body.querySelector(`#editor-${CSS.escape(name)}-warning`);
    if (!(place instanceof HTMLElement)) return;
    const { height_m } = this.model.data.floor;
    place.hidden = typeof value !== "number" || value <= height_m;
    place.replaceChildren(place.hidden ? "" : fill(this.words.above_storey ?? "", { height: formatNumber(height_m) }));
  }

  /** @param {AccessPoint} record */
  describeAccessPoint(record) {
    const state = this.model.data.states.find(({ key }) => key === record.state);
    this.title?.replaceChildren(record.code || (this.words.access_point_new ?? ""));
    this.facts?.replaceChildren(`${this.words.field_state}: ${state?.label ?? ""}`);
    this.describeOffset(record);
    this.oddities?.replaceChildren(...(record.warnings ?? []).map((warning) => make("p", { class: "editor__warning small" }, warning)));
  }

  /** @param {AccessPoint} record */
  describeOffset(record) {
    const place = this.model.installedPlace(record);
    if (!this.offset) return;
    this.offset.hidden = place === null;
    const offset_m = place ? distance(place, { x: record.x_m, y: record.y_m }) : 0;
    const values = { x: formatNumber(place?.x ?? 0), y: formatNumber(place?.y ?? 0), distance: formatNumber(offset_m) };
    this.offset.replaceChildren(fill(this.words.installed_at ?? "", values));
  }

  /** @param {CableRoute} record */
  describeRoute(record) {
    const kind = this.model.data.route_kinds.find(({ key }) => key === record.kind)?.label ?? "";
    this.title?.replaceChildren(record.code || (this.words.route_new ?? ""));
    const length = `${this.words.wall_length}: ${formatNumber(lengthOf(cornersOf(record)))} m`;
    this.facts?.replaceChildren(record.kind === "riser" ? kind : length);
  }

  /** @param {Wall} record */
  describeWall(record) {
    const length_m = distance({ x: record.x1_m, y: record.y1_m }, { x: record.x2_m, y: record.y2_m });
    this.title?.replaceChildren(this.words.wall ?? "");
    this.facts?.replaceChildren(`${this.words.wall_length}: ${formatNumber(length_m)} m`);
  }

  /**
   * @param {string} name
   * @param {string} message empty when it is all right
   */
  showProblem(name, message) {
    const control = this.controls.get(name);
    const place = this.body.querySelector(`#editor-${CSS.escape(name)}-error`);
    if (!control || !(place instanceof HTMLElement)) return;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    control.closest(".kern-form-input")?.classList.toggle("kern-form-input--error", message !== "");
    place.hidden = message === "";
    place.replaceChildren(make("span", { class: "kern-body" }, message));
  }

  /** @param {Problem[]} problems */
  showProblems(problems) {
    for (const name of this.controls.keys()) this.showProblem(name, problems.find(({ field }) => field === name)?.message ?? "");
  }
}
