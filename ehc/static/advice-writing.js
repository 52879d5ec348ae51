// Advice saves itself as it is written. An improvement only: without this file a button saves.
//
// What is typed stays in the page until the service has it: nothing about a child is kept in the
// browser. Whoever leaves the page leaves nothing behind: the last words are sent as it goes. Each field has a revision; a field that a colleague changed meanwhile is shown both ways.

import { form, isDirty, isSaid, say, unsaved } from "./writing/page.js";
import { act } from "./writing/rows.js";
import { canLeave, isFailing, isFrozen, later, leave, look, save } from "./writing/saving.js";

let leaving = false;

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) {
    event.preventDefault();
    act(button, later);
  }
});
for (const kind of ["input", "change"]) {
  form.addEventListener(kind, (event) => {
    if (event.target.closest("[data-box]")) {
      later();
    }
  });
}
form.addEventListener("focusin", look);
window.addEventListener("online", save);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" || isFailing()) {
    save();
  } else {
    look();
  }
});
window.addEventListener("beforeunload", (event) => {
  if (!leaving && isDirty() && !canLeave()) {
    event.preventDefault();
  }
});
window.addEventListener("pagehide", () => {
  if (!leaving) {
    leave();
  }
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    save();
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
    } else if (saved && !isSaid("saved")) {
      say("Everything is saved", "saved");
    } else if (!saved && !isFrozen()) {
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
