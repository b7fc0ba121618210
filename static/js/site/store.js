// Keeps entries on the device, in IndexedDB. Decides that an entry counts as kept once it is on disk;
// refuses to know what becomes of it.

/** @typedef {import("./contract.d.ts").Entry} Entry */
/** @typedef {import("./contract.d.ts").NewEntry} NewEntry */
/** @typedef {import("./contract.d.ts").EntryStore} EntryStore */

const DATABASE = "wlantrack-site";
const ENTRIES = "entries";

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      const entries = request.result.createObjectStore(ENTRIES, { keyPath: "number", autoIncrement: true });
      entries.createIndex("account", "account");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("another page holds the entries"));
  });
}

/** @implements {EntryStore} */
export class DeviceStore {
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;

  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(entries: IDBObjectStore) => IDBRequest<T>} work
   * @returns {Promise<T>} once it is on disk
   */
  async #do(mode, work) {
    this.#database ??= open();
    const database = await this.#database;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(ENTRIES, mode, { durability: "strict" });
      const request = work(transaction.objectStore(ENTRIES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  /**
   * @param {string} account
   * @returns {Promise<Entry[]>} in the order in which they were made
   */
  list(account) {
    return this.#do("readonly", (entries) => entries.index("account").getAll(account));
  }

  /**
   * @param {NewEntry} entry
   * @returns {Promise<number>}
   */
  async add(entry) {
    return Number(await this.#do("readwrite", (entries) => entries.add(entry)));
  }

  /** @param {Entry} entry */
  async put(entry) {
    await this.#do("readwrite", (entries) => entries.put(entry));
  }

  /** @param {number} number */
  async remove(number) {
    await this.#do("readwrite", (entries) => entries.delete(number));
  }

  /** @param {string} account */
  async countOthers(account) {
    const all = await this.#do("readonly", (entries) => entries.count());
    return all - (await this.#do("readonly", (entries) => entries.index("account").count(account)));
  }
}
