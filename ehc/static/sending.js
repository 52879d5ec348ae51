// Sends a form only when the service can be reached. A browser that finds no connection puts an
// error page of its own in the place of the form, and what was typed in it is gone.

// `ask` is an address that answers a GET of whoever may send the form. `say(sentence, state)` tells
// the writer how it stands; `before()` is waited for first, and `leave()` called when the form goes.
export function sending({ form, ask, say, before = async () => {}, leave = () => {} }) {
  let goes = false;
  let asking = false;

  async function reached() {
    try {
      const response = await fetch(ask, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
      return response.status < 500 ? "" : "the service does not answer as it should. Press again in a moment";
    } catch {
      return "no connection. Press again when it is back";
    }
  }

  form.addEventListener("submit", async (event) => {
    if (goes) {
      leave();
      return;
    }
    event.preventDefault();
    if (asking) {
      return;
    }
    asking = true;
    form.setAttribute("aria-busy", "true");
    say("Sending…", "waiting");
    await before();
    const fault = await reached();
    asking = false;
    if (fault) {
      form.removeAttribute("aria-busy");
      say(`Nothing was recorded: ${fault}. What you typed stays here.`, "failed");
      return;
    }
    goes = true;
    form.requestSubmit(event.submitter);
    // The way back may show this very page again.
    window.setTimeout(() => { goes = false; }, 0);
  });
  window.addEventListener("pageshow", () => form.removeAttribute("aria-busy"));
}
