// What an entry made on site is, and what the server answers to it.

export interface Trouble {
  kind: "conflict" | "refused";
  words: string;
  /** The state in which the run is now, where somebody else was faster. */
  state: string | null;
  mayFollow: boolean;
}

export interface Draft {
  run: string;
  label: string;
  url: string;
  source: string;
  target: string;
  targetWord: string;
  fields: Record<string, string>;
  photo: Blob | null;
  photoName: string | null;
}

export interface NewEntry extends Draft {
  id: string;
  account: string;
  madeAt: number;
  trouble: Trouble | null;
}

export interface Entry extends NewEntry {
  /** Its place in the order. */
  number: number;
}

export interface EntryStore {
  list(account: string): Promise<Entry[]>;
  add(entry: NewEntry): Promise<number>;
  put(entry: Entry): Promise<void>;
  remove(number: number): Promise<void>;
  countOthers(account: string): Promise<number>;
}

export interface Answer {
  status: number;
  state?: string;
  message?: string;
  card?: string;
  /** Where the entry is taken back, if this person may. */
  undo?: string | null;
  error?: {
    message?: string;
    problems?: { field: string | null; message: string }[];
    is_token_stale?: boolean;
    state?: string;
    may_follow?: boolean;
    card?: string;
  };
}
