// Improvements only: every page works without this file.
window.GOVUKFrontend.initAll();
