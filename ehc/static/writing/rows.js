// The rows of need, outcome and provision: put in, moved, taken out and put back.

import { known, list, original, places } from "./page.js";

export function addRow(key) {
  const blank = document.getElementById("new-row").content.firstElementChild;
  const row = blank.cloneNode(true);
  const named = [...row.querySelectorAll("*"), row];
  for (const element of named) {
    for (const attribute of ["id", "name", "for", "aria-describedby", "data-box", "data-row", "value"]) {
      const value = element.getAttribute(attribute);
      if (value && (attribute !== "value" || element.tagName === "BUTTON")) {
        const changed = value.replace(/\brow([.-])new\b/g, `row$1${key}`);
        element.setAttribute(attribute, changed === "new" ? key : changed);
      }
    }
  }
  list.append(row);
  for (const box of row.querySelectorAll("input, textarea, select")) {
    known.set(box.name, { text: original(box), revision: 0 });
  }
  number();
  return row;
}

function number() {
  [...list.children].forEach((row, at) => {
    row.querySelectorAll("[data-number]").forEach((place) => {
      place.textContent = String(at + 1);
    });
  });
}

function order(changed) {
  [...list.children].forEach((row, at) => places.set(row.dataset.row, String(at + 1)));
  number();
  changed();
}

function newKey() {
  const drawn = window.crypto.getRandomValues(new Uint8Array(5));
  return [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function remove(row, changed) {
  const key = row.dataset.row;
  const next = row.nextElementSibling;
  const taken = document.createElement("p");
  taken.className = "govuk-body";
  const back = document.createElement("button");
  back.type = "button";
  back.className = "ehc-link-button";
  back.textContent = "Put it back";
  const need = row.querySelector("textarea").value.trim().slice(0, 100);
  taken.append(`Taken out: ${need || "a row"}. `, back);
  back.addEventListener("click", () => {
    list.insertBefore(row, next && next.parentNode === list ? next : null);
    taken.remove();
    order(changed);
    row.focus();
  });
  row.remove();
  list.after(taken);
  places.set(key, "gone");
  number();
  back.focus();
  changed();
}

function move(row, before, button, changed) {
  list.insertBefore(row, before);
  order(changed);
  button.focus();
}

const deeds = {
  add: (row, button, changed) => {
    const added = addRow(newKey());
    order(changed);
    added.querySelector("textarea, input").focus();
  },
  up: (row, button, changed) => move(row, row.previousElementSibling || row, button, changed),
  down: (row, button, changed) => {
    const next = row.nextElementSibling;
    move(row, next ? next.nextElementSibling : null, button, changed);
  },
  remove: (row, button, changed) => remove(row, changed),
};

// What a button does to a row. `changed` is called when there is something to save.
export function act(button, changed) {
  deeds[button.dataset.do](button.closest("[data-row]"), button, changed);
}
