// A small form of the chair is sent when the service can be reached. An improvement only.

import { sending } from "./sending.js";

const words = document.getElementById("sending");

for (const form of document.querySelectorAll("form[data-ask]")) {
  sending({ form, ask: form.dataset.ask, say: (sentence) => { words.textContent = sentence; } });
}
