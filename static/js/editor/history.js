// What was done and can be undone. Decides the order; refuses to know what a step does.

/** @typedef {import("./contract.d.ts").Command} Command */
/** @typedef {import("./contract.d.ts").Operation} Operation */
/** @typedef {import("./model.js").FloorModel} FloorModel */

const GESTURE_MS = 1000;

/** Fires "change"; hands every operation to `send`. */
export class History extends EventTarget {
  /**
   * @param {FloorModel} model
   * @param {(operation: Operation) => void} send
   * @param {() => number} [now] clock in milliseconds
   */
  constructor(model, send, now = () => performance.now()) {
    super();
    this.model = model;
    this.send = send;
    this.now = now;
    /** @type {Command[]} */
    this.done = [];
    /** @type {Command[]} */
    this.undone = [];
    this.lastAt = Number.NEGATIVE_INFINITY;
  }

  /** @param {Command} command */
  do(command) {
    this.send(command.do(this.model));
    const last = this.done.at(-1);
    const isSameGesture = this.now() - this.lastAt < GESTURE_MS && last?.absorb?.(command);
    if (!isSameGesture) this.done.push(command);
    this.lastAt = this.now();
    this.undone = [];
    this.dispatchEvent(new Event("change"));
  }

  /** @returns {Command | null} the step that was taken back */
  undo() {
    return this.step(this.done, this.undone, (command) => command.undo(this.model));
  }

  /** @returns {Command | null} the step that was done again */
  redo() {
    return this.step(this.undone, this.done, (command) => command.do(this.model));
  }

  /**
   * @param {Command[]} from
   * @param {Command[]} to
   * @param {(command: Command) => Operation} take
   */
  step(from, to, take) {
    const command = from.pop();
    if (!command) return null;
    this.send(take(command));
    to.push(command);
    this.lastAt = Number.NEGATIVE_INFINITY;
    this.dispatchEvent(new Event("change"));
    return command;
  }

  /**
   * Forget the steps of a record whose changes were given up; they cannot be taken back any more.
   * @param {string} key
   */
  forget(key) {
    this.done = this.done.filter((command) => command.key !== key);
    this.undone = this.undone.filter((command) => command.key !== key);
    this.dispatchEvent(new Event("change"));
  }

  get canUndo() {
    return this.done.length > 0;
  }

  get canRedo() {
    return this.undone.length > 0;
  }
}
