// The form of advice as it stands in the page, and what the service has of it as far as we know.

export const form = document.getElementById("writing");
export const list = document.getElementById("row-list");
const words = document.getElementById("saving");
const MOST_CHARACTERS = 200000;

export const known = new Map(); // name → {text, revision}: what the service has
export const places = new Map(); // row → place that is still to be saved
export const refused = new Map(); // name → the text that was refused
export const conflicts = new Set();

const read = JSON.parse(form.elements.read.value);
for (const box of boxes()) {
  const [revision] = read[box.name] || [0];
  const waiting = box.closest("[data-box]").querySelector(".ehc-conflict");
  known.set(box.name, { text: waiting ? null : original(box), revision });
}

export function boxes() {
  return form.querySelectorAll("[data-box] input, [data-box] textarea, [data-box] select");
}

export function original(box) {
  if (box.tagName === "SELECT") {
    const first = [...box.options].find((option) => option.defaultSelected);
    return first ? first.value : box.value;
  }
  return box.defaultValue.replace(/\r\n/g, "\n");
}

export function text(box) {
  return box.value.replace(/\r\n/g, "\n");
}

export function find(name) {
  return form.elements.namedItem(name);
}

// Says in one line how the saving stands.
export function say(sentence, state, ...more) {
  if (words.textContent !== sentence) {
    words.textContent = sentence;
  }
  words.dataset.state = state || "";
  words.append(...more);
}

export function isSaid(state) {
  return words.dataset.state === state;
}

export function fault(box, sentence) {
  const place = document.getElementById(`${box.id}-error`);
  place.textContent = sentence;
  place.hidden = sentence === "";
  const wrong = sentence !== "" || conflicts.has(box.name);
  box.closest("[data-box]").classList.toggle("govuk-form-group--error", wrong);
}

// What is not saved yet, as `{name: [text, revision]}`; fields in conflict wait for a choice.
export function unsaved() {
  const changes = {};
  let size = 0;
  for (const box of boxes()) {
    const before = known.get(box.name) || { text: "", revision: 0 };
    const now = text(box);
    const waits = conflicts.has(box.name) || refused.get(box.name) === now;
    if (now !== before.text && !waits && size < MOST_CHARACTERS) {
      changes[box.name] = [now, before.revision];
      size += now.length;
    }
  }
  for (const [row, place] of places) {
    changes[`row.${row}.place`] = [place, 0];
  }
  return changes;
}

export function isDirty() {
  if (places.size > 0 || conflicts.size > 0) {
    return true;
  }
  return [...boxes()].some((box) => text(box) !== (known.get(box.name) || { text: "" }).text);
}
