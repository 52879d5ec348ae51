// The chair’s screen keeps what is typed and shows who is there. An improvement only: without this
// file every press sends the page, and what was typed goes with it.

import { json, keeping } from "./keeping.js";
import { sending } from "./sending.js";

const form = document.getElementById("record");
const room = document.querySelector("[data-live=room]");
const roomForm = document.getElementById("room-form");
const words = document.getElementById("saving");
const roomWords = document.getElementById("room-words");
const NAMES = ["evidence_for", "evidence_against", "options", "outcome", "reasons", "dissent"];
const LOOK = 10000;

const shown = new Map();

function typed() {
  const data = new FormData(form);
  const texts = {};
  for (const name of NAMES) {
    if (data.has(name)) {
      texts[name] = data.get(name);
    }
  }
  return texts;
}

const kept = form && keeping({
  form,
  words,
  address: form.dataset.draft,
  typed,
  sent: (texts) => ({ who: Number(form.dataset.who), texts }),
  kept: (answer) => `Kept at ${answer.at}; not recorded yet`,
  refused: async (answer) => {
    if (answer && answer.closed) {
      return { final: `Not kept: ${answer.closed}` };
    }
    await look();
    return null;
  },
});
if (kept) {
  sending({
    form,
    ask: form.dataset.now,
    say: kept.say,
    // What is lost on the way after this is found again when the item is opened.
    before: () => kept.save({ asked: true }),
    leave: kept.leave,
  });
}

// Puts a part of the page in anew when it has changed, and keeps the focus where it was.
function put(place, html) {
  if (!place || shown.get(place) === html) {
    return;
  }
  const first = !shown.has(place);
  shown.set(place, html);
  const ticked = place.querySelector("#id_without_quorum:checked") !== null;
  const at = document.activeElement;
  const pressed = place.contains(at) ? at.value : null;
  if (first && place.innerHTML.trim() === html.trim()) {
    return;
  }
  place.innerHTML = html;
  const box = place.querySelector("#id_without_quorum");
  if (box && ticked) {
    box.checked = true;
  }
  if (pressed) {
    place.querySelector(`button[value="${CSS.escape(pressed)}"]`)?.focus();
  }
}

async function look() {
  const address = (form || roomForm).dataset.now;
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", redirect: "manual" });
  } catch {
    return false;
  }
  const answer = await json(response);
  if (!answer || (form && answer.who !== Number(form.dataset.who))) {
    return false;
  }
  for (const one of [form, roomForm]) {
    if (one) {
      one.elements.csrfmiddlewaretoken.value = answer.csrf;
    }
  }
  put(room, answer.room);
  put(document.querySelector("[data-live=agenda]"), answer.agenda);
  put(document.querySelector("[data-live=alerts]"), answer.alerts);
  if (answer.changed && kept && !kept.isClosed()) {
    kept.say("Somebody recorded something on this item since you opened it. Open it again to see it; what you typed is kept.", "failed");
  }
  return true;
}

// What a press in the room came to; silent when it was recorded, for the room itself shows it.
async function press(button) {
  const data = new FormData(roomForm);
  data.append(button.name, button.value);
  let response;
  try {
    response = await fetch(button.formAction, { method: "POST", credentials: "same-origin", redirect: "manual", body: data });
  } catch {
    roomWords.textContent = "Not recorded who came or went: no connection. Press again when it is back.";
    return;
  }
  const shown = await look();
  if (response.type !== "opaqueredirect") {
    roomWords.textContent = "Not recorded who came or went: the service does not answer as it should. Press again.";
  } else if (!shown) {
    roomWords.textContent = "It is not known whether that was recorded. Open the page again: you may have been signed out.";
  } else {
    roomWords.textContent = "";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-presence]");
  if (button) {
    event.preventDefault();
    press(button);
  }
});
window.setInterval(() => {
  if (document.visibilityState === "visible" && document.querySelector("[data-presence]")) {
    look();
  }
}, LOOK);
