// Keeps what is typed in a form as it is typed, and says how that stands.
//
// What is typed stays in the page until the service has it: nothing about a child is kept in the
// browser. Without a connection it is tried again by itself.

const WAIT = 1200;

export async function json(response) {
  const type = response.headers.get("Content-Type") || "";
  try {
    return type.startsWith("application/json") ? await response.json() : null;
  } catch {
    return null;
  }
}

// `typed()` is what stands in the form now; `sent(typed)` what is sent of it to `address`.
// `kept(answer)` says in words that the service has it. `refused(answer)` is asked about every other
// answer, null where it was no JSON: it returns `{ final }` with the words of a refusal for good,
// `{ waits }` with the words when the writer has to change something first, or nothing when it is to
// be tried again by itself. `unsaved` says that what the page came with is not kept yet.
export function keeping({ form, words, address, typed, sent, kept, refused, unsaved = false }) {
  let known = unsaved ? null : JSON.stringify(typed());
  let timer = 0;
  let failures = 0;
  let closed = false;
  let leaving = false;
  let saving = null;
  let waiting = null;

  function say(sentence, state, ...more) {
    words.textContent = sentence;
    words.dataset.state = state;
    words.append(...more);
  }

  function isDirty() {
    return !closed && JSON.stringify(typed()) !== known;
  }

  function later() {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => save(), WAIT);
    if (failures === 0 && !closed) {
      say("Not kept yet", "waiting");
    }
  }

  // One at a time; what waits for the writer is sent again only when it is `asked` for.
  function save({ asked = false } = {}) {
    window.clearTimeout(timer);
    if (asked) {
      waiting = null;
    }
    if (!saving && isDirty() && JSON.stringify(typed()) !== waiting) {
      saving = send(typed()).finally(() => {
        saving = null;
        if (failures === 0 && waiting === null && isDirty()) {
          later();
        }
      });
    }
    return saving || Promise.resolve();
  }

  async function send(value) {
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        body: JSON.stringify(sent(value)),
      });
    } catch {
      again("Not kept: no connection. Keep this page open and go on; it is tried again by itself.");
      return;
    }
    if (response.type === "opaqueredirect") {
      signedOut();
      return;
    }
    const answer = await json(response);
    if (answer && answer.at) {
      failures = 0;
      waiting = null;
      known = JSON.stringify(value);
      say(kept(answer), "saved");
      return;
    }
    const refusal = await refused(answer);
    if (refusal) {
      closed = "final" in refusal;
      waiting = JSON.stringify(value);
      say(refusal.final || refusal.waits, "failed");
    } else {
      again(answer && answer.words ? `Not kept: ${answer.words}` : "Not kept: the service does not answer as it should. Keep this page open; it is tried again by itself.");
    }
  }

  function signedOut() {
    const link = document.createElement("a");
    link.href = form.dataset.signIn;
    link.target = "_blank";
    link.className = "govuk-link";
    link.textContent = "Sign in (opens a new tab)";
    again("Not kept: you were signed out. ", link, ", then come back: what you typed stays here.");
  }

  function again(sentence, ...more) {
    failures += 1;
    say(sentence, "failed", ...more);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => save(), 1000 * Math.min(60, 2 ** failures));
  }

  form.addEventListener("input", later);
  window.addEventListener("online", () => save());
  document.addEventListener("visibilitychange", () => save());
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isDirty()) {
      event.preventDefault();
    }
  });

  function leave() {
    leaving = true;
  }

  return { save, say, leave, isClosed: () => closed };
}
