// The states that ticked rows can be set to: possible ones first, the likeliest on top, the others
// below with what stands in the way. Without a script all stand there in the order of the roll-out.

/**
 * @typedef {object} Target
 * @property {string} key
 * @property {string} word
 * @property {string} why where it can be reached from
 * @property {Record<string, number>} ranks state it can be reached from: place among the next steps
 */

/**
 * @param {Target[]} targets in the order of a roll-out
 * @param {string[]} states of the ticked rows, one a row
 * @returns {{target: Target, count: number}[]} how many rows can go there
 */
export function sortTargets(targets, states) {
  const counted = targets.map((target, place) => {
    const ranks = states.flatMap((state) => target.ranks[state] ?? []);
    const sum = ranks.reduce((total, rank) => total + rank, 0);
    return { target, count: ranks.length, rank: ranks.length ? sum / ranks.length : 0, place };
  });
  counted.sort((a, b) => b.count - a.count || a.rank - b.rank || a.place - b.place);
  return counted.map(({ target, count }) => ({ target, count }));
}

/** @param {HTMLSelectElement} select @returns {Target[]} */
const readTargets = (select) =>
  [...select.options].map((option) => ({
    key: option.value,
    word: option.text,
    why: option.dataset.why ?? "",
    ranks: JSON.parse(option.dataset.ranks ?? "{}"),
  }));

/** @type {WeakMap<HTMLSelectElement, Target[]>} */
const known = new WeakMap();

/**
 * Offer what the ticked rows can be set to.
 * @param {HTMLSelectElement} select
 * @param {string[]} states of the ticked rows
 */
export function offerTargets(select, states) {
  const targets = known.get(select) ?? readTargets(select);
  known.set(select, targets);
  const chosen = select.value;
  const possible = document.createElement("optgroup");
  possible.label = select.dataset.possible ?? "";
  const others = document.createElement("optgroup");
  others.label = select.dataset.others ?? "";
  for (const { target, count } of sortTargets(targets, states)) {
    const option = new Option(target.word, target.key);
    if (count === 0) option.text = `${target.word} – ${target.why}`;
    else if (count < states.length) option.text = `${target.word} (${count}/${states.length})`;
    (count > 0 ? possible : others).append(option);
  }
  const groups = [possible, others].filter((group) => group.children.length > 0);
  select.replaceChildren(...groups);
  // What was chosen by hand stays while it is possible; else the likeliest is on top.
  const isKept =
    select.dataset.isChosen !== undefined && [...possible.children].some((option) => option instanceof HTMLOptionElement && option.value === chosen);
  if (isKept) select.value = chosen;
  else select.selectedIndex = 0;
}
