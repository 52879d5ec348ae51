// Improvements only: every page works without this file.
window.GOVUKFrontend.initAll();

// What was sent with a form and answered with a page (a fault in it, a check before it) stays in the
// way back. Browsers keep no copy of such a page, and would show an error of their own there: so
// that they ask for it anew instead, it stands in the way back like any page that was opened.
window.history.replaceState(window.history.state, "", window.location.href);
