// Advice saves itself as it is written. An improvement only: without this file a button saves.
//
// What is typed stays in the page until the service has it: nothing about a child is kept in the
// browser. Each field has a revision; a field that a colleague changed meanwhile is shown both ways.
(function () {
  "use strict";

  const form = document.getElementById("writing");
  const words = document.getElementById("saving");
  if (!form || !window.fetch) {
    return;
  }
  const WAIT = 1200;
  const LONGEST_WAIT = 8000;
  const MOST_CHARACTERS = 200000;
  const list = document.getElementById("row-list");
  const who = Number(form.dataset.who);
  const known = new Map(); // name → {text, revision}: what the service has, as far as we know
  const places = new Map(); // row → place that is still to be saved
  const refused = new Map(); // name → the text that was refused
  const conflicts = new Set();
  let csrf = form.elements.csrfmiddlewaretoken.value;
  let timer = 0;
  let typedSince = 0;
  let saving = null;
  let failures = 0;
  let frozen = false;
  let leaving = false;
  let looked = Date.now();

  const read = JSON.parse(form.elements.read.value);
  for (const box of boxes()) {
    const [revision] = read[box.name] || [0];
    const waiting = box.closest("[data-box]").querySelector(".ehc-conflict");
    known.set(box.name, { text: waiting ? null : original(box), revision });
  }

  function boxes() {
    return form.querySelectorAll("[data-box] input, [data-box] textarea, [data-box] select");
  }

  function original(box) {
    if (box.tagName === "SELECT") {
      const first = [...box.options].find((option) => option.defaultSelected);
      return first ? first.value : box.value;
    }
    return box.defaultValue.replace(/\r\n/g, "\n");
  }

  function text(box) {
    return box.value.replace(/\r\n/g, "\n");
  }

  function find(name) {
    return form.elements.namedItem(name);
  }

  function say(sentence, state) {
    if (words.textContent !== sentence) {
      words.textContent = sentence;
    }
    words.dataset.state = state || "";
  }

  // What is not saved yet, as `{name: [text, revision]}`; fields in conflict wait for a choice.
  function unsaved() {
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

  function isDirty() {
    if (places.size > 0 || conflicts.size > 0) {
      return true;
    }
    return [...boxes()].some((box) => text(box) !== (known.get(box.name) || { text: "" }).text);
  }

  // ---- saving -------------------------------------------------------------------------------

  function later() {
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
  function save() {
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

  async function send(changes) {
    let response;
    try {
      response = await fetch(form.dataset.draft, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ who, changes }),
      });
    } catch {
      return again("Not saved: no connection. Keep this page open and go on writing; it is tried again by itself.");
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

  function again(sentence, seconds) {
    failures += 1;
    say(sentence, "failed");
    window.clearTimeout(timer);
    timer = window.setTimeout(save, 1000 * (seconds || Math.min(60, 2 ** failures)));
    return false;
  }

  function signedOut() {
    again("Not saved: you were signed out. ", 30);
    const link = document.createElement("a");
    link.href = form.dataset.signIn;
    link.target = "_blank";
    link.className = "govuk-link";
    link.textContent = "Sign in (opens a new tab)";
    words.append(link, ", then come back: what you typed stays here and is saved then.");
    return false;
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
      show(conflict);
    }
    if (conflicts.size > 0) {
      say("Not all is saved: somebody else changed the same field. Choose which text to keep.", "failed");
    } else if (refused.size > 0) {
      say("Not all is saved: see the message at the field.", "failed");
    } else {
      say(`Saved at ${answer.at}`, "saved");
    }
  }

  function fault(box, sentence) {
    const place = document.getElementById(`${box.id}-error`);
    place.textContent = sentence;
    place.hidden = sentence === "";
    const wrong = sentence !== "" || conflicts.has(box.name);
    box.closest("[data-box]").classList.toggle("govuk-form-group--error", wrong);
  }

  // ---- two people at once -------------------------------------------------------------------

  function show(conflict) {
    const box = find(conflict.name);
    if (!box) {
      // A row that this page does not show: the service has both.
      known.set(conflict.name, { text: conflict.text, revision: conflict.revision });
      return;
    }
    conflicts.add(conflict.name);
    known.set(conflict.name, { text: conflict.text, revision: conflict.revision });
    const group = box.closest("[data-box]");
    group.querySelectorAll(".ehc-conflict").forEach((old) => old.remove());
    const shown = document.getElementById("conflict").content.firstElementChild.cloneNode(true);
    shown.setAttribute("aria-label", `${conflict.by} changed this too`);
    shown.querySelector("[data-by]").textContent = `${conflict.by} changed this too, on ${conflict.at}:`;
    shown.querySelector("[data-text]").textContent = words_of(box, conflict.text);
    shown.addEventListener("click", (event) => {
      const choice = event.target.dataset.choose;
      if (choice) {
        settle(box, choice, conflict.text);
      }
    });
    if (box.tagName === "SELECT") {
      shown.querySelector("[data-choose=both]").remove();
    }
    group.append(shown);
    fault(box, "");
  }

  function words_of(box, value) {
    if (box.tagName === "SELECT") {
      const option = [...box.options].find((one) => one.value === value);
      return option ? option.text : value;
    }
    return value || "(now empty)";
  }

  function settle(box, choice, theirs) {
    conflicts.delete(box.name);
    if (choice === "theirs") {
      box.value = theirs;
    } else if (choice === "both") {
      box.value = `${theirs}${box.tagName === "TEXTAREA" ? "\n\n" : " / "}${text(box)}`;
    }
    box.closest("[data-box]").querySelectorAll(".ehc-conflict").forEach((old) => old.remove());
    fault(box, "");
    box.focus();
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

  function look() {
    if (!frozen && !saving && Date.now() - looked > 15000) {
      refresh();
    }
  }

  // ---- rows ---------------------------------------------------------------------------------

  function addRow(key) {
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

  function order() {
    [...list.children].forEach((row, at) => places.set(row.dataset.row, String(at + 1)));
    number();
    later();
  }

  function newKey() {
    const drawn = window.crypto.getRandomValues(new Uint8Array(5));
    return [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function remove(row) {
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
      order();
      row.focus();
    });
    row.remove();
    list.after(taken);
    places.set(key, "gone");
    number();
    back.focus();
    later();
  }

  const deeds = {
    add: () => {
      const row = addRow(newKey());
      order();
      row.querySelector("textarea, input").focus();
    },
    up: (row) => row.previousElementSibling && list.insertBefore(row, row.previousElementSibling),
    down: (row) => row.nextElementSibling && list.insertBefore(row.nextElementSibling, row),
    remove,
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) {
      return;
    }
    event.preventDefault();
    const row = button.closest("[data-row]");
    deeds[button.dataset.do](row);
    if (button.dataset.do === "up" || button.dataset.do === "down") {
      order();
      button.focus();
    }
  });

  // ---- when ---------------------------------------------------------------------------------

  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-box]")) {
      later();
    }
  });
  form.addEventListener("change", (event) => {
    if (event.target.closest("[data-box]")) {
      later();
    }
  });
  form.addEventListener("focusin", look);
  window.addEventListener("online", save);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      save();
    } else if (failures > 0) {
      save();
    } else {
      look();
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) {
      event.preventDefault();
    }
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && (button.name === "take" || button.name === "back")) {
      leaving = true;
      return;
    }
    event.preventDefault();
    save().then(async (done) => {
      // What was typed while a save was on its way.
      const saved = done && Object.keys(unsaved()).length > 0 ? await save() : done;
      if (saved && button && button.value === "check") {
        leaving = true;
        window.location.assign(form.dataset.give);
      } else if (saved && words.dataset.state !== "saved") {
        say("Everything is saved", "saved");
      } else if (!saved && !frozen) {
        const first = form.querySelector(".ehc-conflict, .govuk-form-group--error");
        if (first) {
          first.scrollIntoView({ block: "center" });
        }
      }
    });
  });

  // Texts that the page came with and that are not saved yet.
  if (isDirty()) {
    later();
  }
})();
