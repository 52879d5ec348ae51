// Saving what was typed, and reading what colleagues have saved meanwhile.

import { show } from "./conflicts.js";
import {
  boxes,
  conflicts,
  fault,
  find,
  form,
  isDirty,
  known,
  list,
  places,
  refused,
  say,
  text,
  unsaved,
} from "./page.js";
import { addRow } from "./rows.js";

const WAIT = 1200;
const LONGEST_WAIT = 8000;
const who = Number(form.dataset.who);
let csrf = form.elements.csrfmiddlewaretoken.value;
let timer = 0;
let typedSince = 0;
let saving = null;
let failures = 0;
let frozen = false;
let looked = Date.now();
let onItsWay = {}; // what was sent and has no answer yet

// The most that browsers send for a page that is left, in bytes; a little is for the envelope.
const MOST_WHEN_LEAVING = 60000;

export function isFrozen() {
  return frozen;
}

export function isFailing() {
  return failures > 0;
}

export function later() {
  if (frozen) {
    return;
  }
  typedSince = typedSince || Date.now();
  const wait = Date.now() - typedSince > LONGEST_WAIT ? 0 : WAIT;
  window.clearTimeout(timer);
  timer = window.setTimeout(save, wait);
  if (failures === 0) {
    say("Not saved yet", "waiting");
  }
}

// One save at a time; resolves to true when nothing is left to save.
export function save() {
  window.clearTimeout(timer);
  if (!saving) {
    saving = saveAll().finally(() => {
      saving = null;
    });
  }
  return saving;
}

async function saveAll() {
  for (;;) {
    const changes = unsaved();
    if (frozen || Object.keys(changes).length === 0) {
      typedSince = 0;
      return !frozen && conflicts.size === 0 && refused.size === 0;
    }
    if (failures === 0) {
      say("Saving…", "waiting");
    }
    const answer = await send(changes);
    if (!answer) {
      return false;
    }
    typedSince = 0;
  }
}

function post(sent, options) {
  return fetch(form.dataset.draft, {
    method: "POST",
    credentials: "same-origin",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ who, ...sent }),
    ...options,
  });
}

// Whether all that is not saved yet can be sent while the page is left.
export function canLeave() {
  const bytes = new Blob([JSON.stringify([unsaved(), onItsWay])]).size;
  const open = failures > 0 || frozen || conflicts.size > 0 || refused.size > 0;
  return !open && "keepalive" in Request.prototype && bytes < MOST_WHEN_LEAVING;
}

// The page is left: its last words go by themselves, and nobody waits for the answer.
export function leave() {
  const changes = unsaved();
  if (!frozen && Object.keys(changes).length > 0) {
    post({ changes, sent: onItsWay }, { keepalive: true }).catch(() => {});
  }
}

async function send(changes) {
  let response;
  onItsWay = Object.fromEntries(Object.entries(changes).map(([name, [sent]]) => [name, sent]));
  try {
    response = await post({ changes });
  } catch {
    return again("Not saved: no connection. Keep this page open and go on writing; it is tried again by itself.");
  } finally {
    onItsWay = {};
  }
  if (response.type === "opaqueredirect") {
    return signedOut();
  }
  const answer = await json(response);
  if (response.status === 403 && !answer) {
    // Signed in again in another tab: the page's token is of the session before.
    return (await refresh()) ? again("Saving…", 1) : false;
  }
  if (!answer) {
    const gone = response.status === 404;
    return again(
      gone
        ? "Not saved: you cannot write here any more. Copy what you need before you close this page."
        : "Not saved: the service does not answer as it should. Keep this page open; it is tried again by itself.",
    );
  }
  if (answer.frozen) {
    return freeze(answer.frozen);
  }
  if (answer.words) {
    return again(`Not saved: ${answer.words}`);
  }
  failures = 0;
  take(answer, changes);
  return true;
}

async function json(response) {
  const type = response.headers.get("Content-Type") || "";
  try {
    return type.startsWith("application/json") ? await response.json() : null;
  } catch {
    return null;
  }
}

function again(sentence, seconds, ...more) {
  failures += 1;
  say(sentence, "failed", ...more);
  window.clearTimeout(timer);
  timer = window.setTimeout(save, 1000 * (seconds || Math.min(60, 2 ** failures)));
  return false;
}

function signedOut() {
  const link = document.createElement("a");
  link.href = form.dataset.signIn;
  link.target = "_blank";
  link.className = "govuk-link";
  link.textContent = "Sign in (opens a new tab)";
  const then = ", then come back: what you typed stays here and is saved then.";
  return again("Not saved: you were signed out. ", 30, link, then);
}

function freeze(sentence) {
  frozen = true;
  say(`Not saved: ${sentence}`, "failed");
  for (const box of boxes()) {
    box.readOnly = true;
  }
  return false;
}

function take(answer, changes) {
  for (const [name, revision] of Object.entries(answer.saved)) {
    const sent = (changes[name] || [""])[0];
    known.set(name, { text: sent, revision });
    refused.delete(name);
    const [, row, column] = name.split(".");
    if (column === "place" && places.get(row) === sent) {
      places.delete(row);
    }
    const box = find(name);
    if (box) {
      fault(box, "");
    }
  }
  for (const [name, sentence] of Object.entries(answer.refused)) {
    refused.set(name, changes[name][0]);
    const [, row, column] = name.split(".");
    if (column === "place") {
      places.delete(row);
      refused.delete(name);
    } else if (find(name)) {
      fault(find(name), sentence);
    }
  }
  for (const conflict of answer.conflicts) {
    show(conflict, saveChosen);
  }
  if (conflicts.size > 0) {
    say("Not all is saved: somebody else changed the same field. Choose which text to keep.", "failed");
  } else if (refused.size > 0) {
    say("Not all is saved: see the message at the field.", "failed");
  } else {
    say(`Saved at ${answer.at}`, "saved");
  }
}

function saveChosen() {
  save().then((done) => {
    if (done) {
      say("Saved", "saved");
    }
  });
}

// What colleagues have saved goes into the fields that nobody touched here.
async function refresh() {
  looked = Date.now();
  let answer;
  try {
    const response = await fetch(form.dataset.draft, { credentials: "same-origin", redirect: "manual" });
    if (response.type === "opaqueredirect") {
      return isDirty() ? signedOut() : false;
    }
    answer = await json(response);
  } catch {
    return false;
  }
  if (!answer) {
    return false;
  }
  if (answer.who !== who) {
    frozen = false;
    return again("Not saved: somebody else is signed in here now. Nothing is saved under their name.", 30);
  }
  csrf = answer.csrf;
  form.elements.csrfmiddlewaretoken.value = answer.csrf;
  if (answer.frozen) {
    return freeze(answer.frozen);
  }
  for (const row of answer.rows) {
    if (list && !list.querySelector(`[data-row="${row}"]`) && !places.has(row)) {
      addRow(row);
    }
  }
  for (const [name, [theirs, revision]] of Object.entries(answer.fields)) {
    const box = find(name);
    const before = known.get(name) || { text: "", revision: 0 };
    if (box && revision > before.revision && !conflicts.has(name) && text(box) === before.text) {
      if (box !== document.activeElement) {
        box.value = theirs;
        known.set(name, { text: theirs, revision });
      }
    }
  }
  return true;
}

export function look() {
  if (!frozen && !saving && Date.now() - looked > 15000) {
    refresh();
  }
}
