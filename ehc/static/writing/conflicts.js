// Two people changed the same field: both texts are shown, and one of them chooses.

import { conflicts, fault, find, known, text } from "./page.js";

// `chosen` is called when somebody chose a text.
export function show(conflict, chosen) {
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
      chosen();
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
}
