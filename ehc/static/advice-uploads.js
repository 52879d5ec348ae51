// Files are sent in pieces and go on where a connection broke. An improvement only: without this
// file a form sends them in one go.
(function () {
  "use strict";

  const root = document.querySelector("[data-uploads]");
  if (!root || !window.fetch) {
    return;
  }
  const PIECE = 512 * 1024;
  const MOST = 50 * 1024 * 1024;
  const LONGEST_WAIT = 15000;
  const list = root.querySelector("[data-upload-list]");
  const sending = root.querySelector("[data-sending]");
  const said = root.querySelector("[data-said]");
  const form = root.querySelector("[data-add]");
  const input = form.querySelector("input[type=file]");
  let csrf = form.elements.csrfmiddlewaretoken.value;
  let queue = Promise.resolve();
  let open = 0; // files that are not all there yet
  let polling = 0;
  let pause = 0;
  let about = "";
  const told = new Map(); // key → how the file stood when it was said last

  class SignedOut extends Error {}
  class Broken extends Error {}
  class Told extends Error {}

  const sleep = (time) =>
    new Promise((done) => {
      const timer = window.setTimeout(finish, time);
      function finish() {
        window.clearTimeout(timer);
        window.removeEventListener("online", finish);
        done();
      }
      window.addEventListener("online", finish);
    });

  // What is said belongs to a file, by its key: it goes when the file goes.
  function say(words, key) {
    said.textContent = words;
    about = key || "";
  }

  // An answer of ours, or why there is none: signed out, a connection that broke, or words.
  async function ask(address, options, again) {
    let answer;
    try {
      answer = await fetch(address, {
        credentials: "same-origin",
        redirect: "manual",
        ...options,
        headers: { Accept: "application/json", "X-CSRFToken": csrf, ...options.headers },
      });
    } catch {
      throw new Broken();
    }
    if (answer.type === "opaqueredirect") {
      throw new SignedOut();
    }
    if (answer.status === 403 && !again) {
      // Whoever signed in again, in another tab, has a new token: the list brings it.
      await refresh();
      return ask(address, options, true);
    }
    if (answer.status >= 500 || answer.status === 429) {
      throw new Broken();
    }
    const kind = answer.headers.get("Content-Type") || "";
    const body = kind.includes("json") ? await answer.json().catch(() => ({})) : {};
    if (answer.status === 409 && "received" in body) {
      return body;
    }
    if (!answer.ok) {
      throw new Told(body.words || "This did not work. Open the page again.");
    }
    return body;
  }

  function post(address, fields) {
    const body = new FormData();
    Object.entries(fields).forEach(([name, value]) => body.append(name, value));
    return ask(address, { method: "POST", body });
  }

  async function refresh() {
    let answer;
    try {
      answer = await fetch(root.dataset.list, { credentials: "same-origin", redirect: "manual" });
    } catch {
      throw new Broken();
    }
    if (answer.type === "opaqueredirect") {
      throw new SignedOut();
    }
    if (answer.ok) {
      show(await answer.text());
    } else if (answer.status === 404) {
      throw new Told("You can no longer add reports here. Open the page again.");
    } else {
      throw new Broken();
    }
  }

  const states = () =>
    new Map([...list.querySelectorAll("[data-key]")].map((li) => [li.dataset.key, li.dataset]));

  function show(text) {
    const part = new DOMParser().parseFromString(text, "text/html").body.firstElementChild;
    if (!part || !part.dataset.csrf) {
      return;
    }
    csrf = part.dataset.csrf;
    const focused = document.activeElement;
    const inside = list.contains(focused);
    const ticked = [...list.querySelectorAll("input:checked")].map((box) => box.id);
    list.replaceChildren(part);
    reveal();
    ticked.forEach((id) => {
      const box = document.getElementById(id);
      if (box) {
        box.checked = true;
      }
    });
    if (inside) {
      (document.getElementById(focused.id) || document.getElementById("reports")).focus();
    }
    tell();
    poll();
  }

  // How the files stand that stood otherwise before, or have just come.
  function tell() {
    const now = [...states()];
    const news = now.filter(([key, data]) => told.has(key) && told.get(key) !== data.state);
    if (news.length) {
      say(news.map(([, data]) => `${data.name}: ${data.state}.`).join(" "), news[0][0]);
    } else if (about && !now.some(([key]) => key === about)) {
      say("");
    }
    now.forEach(([key, data]) => told.set(key, data.state));
  }

  function reveal() {
    list.querySelectorAll("form[hidden]").forEach((hidden) => {
      hidden.hidden = false;
    });
  }

  function poll() {
    window.clearTimeout(polling);
    if (!list.querySelector("[data-waiting]")) {
      pause = 0;
      return;
    }
    pause = Math.min(pause + 2000, LONGEST_WAIT);
    polling = window.setTimeout(() => refresh().catch(poll), pause);
  }

  // One line for a file on its way: its name, how much is there, and a way to stop.
  function line(file) {
    const li = document.createElement("li");
    li.className = "ehc-upload";
    const name = document.createElement("p");
    name.className = "ehc-upload__name";
    const strong = document.createElement("strong");
    strong.textContent = file.name;
    name.append(strong);
    const bar = document.createElement("progress");
    bar.max = Math.max(file.size, 1);
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name}, sent so far`);
    const words = document.createElement("p");
    words.className = "govuk-body";
    words.textContent = "Waiting";
    const stop = document.createElement("button");
    stop.type = "button";
    stop.className = "ehc-link-button";
    stop.textContent = `Stop sending ${file.name}`;
    const deeds = document.createElement("div");
    deeds.className = "ehc-upload__deeds";
    deeds.append(stop);
    li.append(name, bar, words, deeds);
    sending.append(li);
    sending.hidden = false;
    return { name: file.name, li, bar, words, stop, deeds, stopped: false };
  }

  function take(files) {
    for (const file of files) {
      const shown = line(file);
      if (file.size > MOST) {
        fail(shown, file, `${file.name} is larger than 50 MB. Save it with smaller pictures, or split it in two.`);
      } else {
        start(file, shown);
      }
    }
  }

  function start(file, shown) {
    open += 1;
    shown.stopped = false;
    shown.bar.hidden = false;
    shown.words.removeAttribute("role");
    shown.stop.onclick = () => {
      shown.stopped = true;
      shown.words.textContent = "Stopping";
    };
    queue = queue.then(() => one(file, shown)).finally(() => {
      open -= 1;
    });
  }

  async function one(file, shown) {
    let sentKey = "";
    try {
      say(`Sending ${file.name}.`);
      const fields = { name: file.name, size: String(file.size), mark: String(file.lastModified) };
      const begun = await patiently(shown, () => post(root.dataset.begin, fields));
      sentKey = begun.key;
      const address = root.dataset.begin.replace(/begin\/$/, `${begun.key}/`);
      let here = begun.received;
      while (begun.receiving) {
        here = await pieces(file, shown, `${address}piece/`, here);
        const answer = await patiently(shown, () => post(`${address}finish/`, {}));
        if (!("received" in answer)) {
          break;
        }
        here = answer.received;
      }
      gone(shown);
      told.set(sentKey, ""); // the list says how it stands now
    } catch (reason) {
      if (shown.stopped) {
        gone(shown);
        if (sentKey) {
          const address = root.dataset.begin.replace(/begin\/$/, `${sentKey}/remove/`);
          await post(address, {}).catch(() => {});
        }
        say(`${file.name} is not sent.`);
      } else if (reason instanceof SignedOut) {
        signIn(shown, file);
      } else {
        fail(shown, file, reason instanceof Told ? reason.message : `${file.name} could not be read. It may have been changed or moved: choose it again.`);
      }
    }
    await refresh().catch(poll);
  }

  async function pieces(file, shown, address, from) {
    let here = from;
    while (here < file.size) {
      progress(shown, here, file.size);
      const piece = await file.slice(here, here + PIECE).arrayBuffer();
      const answer = await patiently(
        shown,
        () =>
          ask(address, {
            method: "PUT",
            body: piece,
            headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(here) },
          }),
        () => ask(address, { method: "GET" }),
      );
      here = answer.received;
    }
    progress(shown, here, file.size);
    return here;
  }

  // Try until it works. After a break `after` asks what has come, for some of it may have.
  async function patiently(shown, deed, after) {
    let wait = 1000;
    let next = deed;
    for (;;) {
      if (shown.stopped) {
        throw new Told("");
      }
      try {
        const answer = await next();
        if (wait > 1000) {
          say(`The connection is back. Sending ${shown.name}.`);
        }
        return answer;
      } catch (reason) {
        if (!(reason instanceof Broken)) {
          throw reason;
        }
        shown.words.textContent = "No connection. It goes on by itself as soon as there is one; keep this page open.";
        if (wait === 1000) {
          say("No connection. Sending goes on by itself as soon as there is one.");
        }
        await sleep(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT);
        next = after || deed;
      }
    }
  }

  function progress(shown, here, size) {
    shown.bar.value = here;
    shown.words.textContent = `${Math.floor((here / Math.max(size, 1)) * 100)}% sent`;
  }

  function gone(shown) {
    const focused = shown.li.contains(document.activeElement);
    shown.li.remove();
    sending.hidden = !sending.children.length;
    if (focused) {
      document.getElementById("reports").focus();
    }
  }

  function fail(shown, file, words) {
    shown.bar.hidden = true;
    shown.words.setAttribute("role", "alert");
    shown.words.textContent = words;
    shown.stop.textContent = `Take ${file.name} off the list`;
    shown.stop.onclick = () => gone(shown);
    say("");
  }

  function signIn(shown, file) {
    const words = "You were signed out. Nothing is lost.";
    fail(shown, file, words);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = root.dataset.signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in (opens in a new tab)";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "ehc-link-button";
    again.textContent = `Go on sending ${file.name}`;
    again.onclick = () => {
      link.remove();
      again.remove();
      shown.stop.textContent = `Stop sending ${file.name}`;
      start(file, shown);
    };
    shown.deeds.prepend(link, again);
  }

  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!input.files.length) {
      say("Choose a file to add.");
      input.focus();
    }
  });

  list.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-quiet]")) {
      return;
    }
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.target));
    delete fields.csrfmiddlewaretoken;
    let words;
    try {
      words = (await post(event.target.action, fields)).words;
    } catch (reason) {
      words = reason instanceof Told ? reason.message : reason instanceof SignedOut ? "You were signed out. Sign in in another tab, then press the button again." : "No connection. Press the button again when there is one.";
    }
    await refresh().catch(poll);
    const { key } = event.target.closest("[data-key]").dataset;
    say(words || "", states().has(key) ? key : "");
  });

  window.addEventListener("beforeunload", (event) => {
    if (open > 0) {
      event.preventDefault();
    }
  });

  tell();
  form.hidden = false;
  form.querySelector("[data-send]").remove();
  reveal();
  poll();
})();
