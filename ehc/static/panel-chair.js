// The chair’s screen keeps what is typed and shows who is there. An improvement only: without this
// file every press sends the page, and what was typed goes with it.
//
// What is typed stays in the page until the service has it: nothing about a child is kept in the
// browser.

const form = document.getElementById("record");
const room = document.querySelector("[data-live=room]");
const roomForm = document.getElementById("room-form");
const words = document.getElementById("saving");
const NAMES = ["evidence_for", "evidence_against", "options", "outcome", "reasons", "dissent"];
const WAIT = 1200;
const LOOK = 10000;

const shown = new Map();
let timer = 0;
let failures = 0;
let closed = false;
let leaving = false;
let known = form ? JSON.stringify(typed()) : "";
let saving = null;

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

function say(sentence, state, ...more) {
  words.textContent = sentence;
  words.dataset.state = state;
  words.append(...more);
}

function isDirty() {
  return Boolean(form) && !closed && JSON.stringify(typed()) !== known;
}

function later() {
  window.clearTimeout(timer);
  timer = window.setTimeout(save, WAIT);
  if (failures === 0 && !closed) {
    say("Not kept yet", "waiting");
  }
}

function save() {
  window.clearTimeout(timer);
  if (!saving && isDirty()) {
    saving = send(typed()).finally(() => {
      saving = null;
      if (failures === 0 && isDirty()) {
        later();
      }
    });
  }
  return saving || Promise.resolve();
}

async function send(texts) {
  let response;
  try {
    response = await fetch(form.dataset.draft, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ who: Number(form.dataset.who), texts }),
    });
  } catch {
    again("Not kept: no connection. Keep this page open and go on; it is tried again by itself.");
    return;
  }
  const answer = await json(response);
  if (response.type === "opaqueredirect") {
    const link = document.createElement("a");
    link.href = form.dataset.signIn;
    link.target = "_blank";
    link.className = "govuk-link";
    link.textContent = "Sign in (opens a new tab)";
    again("Not kept: you were signed out. ", link, ", then come back: what you typed stays here.");
  } else if (answer && answer.closed) {
    closed = true;
    say(`Not kept: ${answer.closed}`, "failed");
  } else if (answer && answer.at) {
    failures = 0;
    known = JSON.stringify(texts);
    say(`Kept at ${answer.at}; not recorded yet`, "saved");
  } else {
    await look();
    again(answer && answer.words ? `Not kept: ${answer.words}` : "Not kept: the service does not answer as it should. Keep this page open; it is tried again by itself.");
  }
}

function again(sentence, ...more) {
  failures += 1;
  say(sentence, "failed", ...more);
  window.clearTimeout(timer);
  timer = window.setTimeout(save, 1000 * Math.min(60, 2 ** failures));
}

async function json(response) {
  const type = response.headers.get("Content-Type") || "";
  try {
    return type.startsWith("application/json") ? await response.json() : null;
  } catch {
    return null;
  }
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
    return;
  }
  const answer = await json(response);
  if (!answer || (form && answer.who !== Number(form.dataset.who))) {
    return;
  }
  for (const one of [form, roomForm]) {
    if (one) {
      one.elements.csrfmiddlewaretoken.value = answer.csrf;
    }
  }
  put(room, answer.room);
  put(document.querySelector("[data-live=alerts]"), answer.alerts);
  if (answer.changed && form && !closed) {
    say("Somebody recorded something on this item since you opened it. Open it again to see it; what you typed is kept.", "failed");
  }
}

async function press(button) {
  const data = new FormData(roomForm);
  data.append(button.name, button.value);
  try {
    await fetch(button.formAction, { method: "POST", credentials: "same-origin", redirect: "manual", body: data });
  } catch {
    if (words) {
      say("Not recorded who came or went: no connection. Press again when it is back.", "failed");
    }
    return;
  }
  await look();
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

if (form) {
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, later);
  }
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", save);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) {
      event.preventDefault();
    }
  });
}
