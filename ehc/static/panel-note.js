// A member’s private note keeps itself. An improvement only: without this file a button keeps it.

import { json, keeping } from "./keeping.js";

const form = document.getElementById("note-form");
const box = form.elements.text;
const other = document.getElementById("other-device");

const { save } = keeping({
  form,
  words: document.getElementById("saving"),
  address: form.dataset.note,
  typed: () => box.value,
  unsaved: "unsaved" in form.dataset,
  sent: (text) => ({ who: Number(form.dataset.who), text, seen: form.elements.seen.value }),
  kept: (answer) => {
    form.elements.seen.value = answer.seen;
    other.hidden = true;
    return `Kept at ${answer.at}`;
  },
  refused: async (answer) => {
    if (answer && "other" in answer) {
      document.getElementById("other-text").textContent = answer.other || "(nothing)";
      form.elements.seen.value = answer.seen;
      other.hidden = false;
      return { waits: "Not kept yet: see what you wrote on the other device." };
    }
    return answer ? { waits: `Not kept: ${answer.words}` } : look();
  },
});

// What stands in the way: the item is closed to this person, somebody else signed in, or only the
// token of the page is old because they signed in again in another tab.
async function look() {
  let response;
  try {
    response = await fetch(form.dataset.note, { credentials: "same-origin", redirect: "manual" });
  } catch {
    return null;
  }
  if (response.status === 403 || response.status === 404) {
    return { final: "Not kept: this item is not open to you any more." };
  }
  const fresh = await json(response);
  if (fresh && fresh.who !== Number(form.dataset.who)) {
    return { final: "Not kept: somebody else is signed in here now. Copy what you need before you close this page." };
  }
  if (fresh) {
    form.elements.csrfmiddlewaretoken.value = fresh.csrf;
  }
  return null;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save({ asked: true });
});
