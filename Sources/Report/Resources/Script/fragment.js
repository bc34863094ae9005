// The fragment of the url

function fragmentOf({ search, statuses, code, warning, open }) {
  const fields = new URLSearchParams();
  if (search) fields.set("search", search);
  for (const status of statuses) fields.append("status", status);
  if (code) fields.set("code", code);
  if (warning) fields.set("warning", warning);
  if (open) fields.set("open", open);
  return fields.toString();
}

function viewOf(fragment) {
  const fields = new URLSearchParams(fragment);
  return {
    search: fields.get("search") ?? "",
    statuses: fields.getAll("status"),
    code: fields.get("code") ?? "",
    warning: fields.get("warning") ?? "",
    open: fields.get("open") ?? "",
  };
}

/** Browsers take few changes of the url a second, so typing changes it when it rests. */
const WRITE_DELAY = 250;

function writeFragment() {
  clearTimeout(writeFragment.timer);
  writeFragment.timer = setTimeout(replaceFragment, WRITE_DELAY);
}

function address() {
  const fragment = fragmentOf(view);
  return location.pathname + location.search + (fragment ? `#${fragment}` : "");
}

function replaceFragment() {
  clearTimeout(writeFragment.timer);
  history.replaceState(history.state, "", address());
}

function restoreScrollAgain() {
  history.scrollRestoration = "auto";
}

/** Follows a fragment that came from outside: a link, the address bar, the way back. */
function readFragment() {
  clearTimeout(writeFragment.timer);
  const before = fragmentOf({ ...view, open: "" });
  view = viewOf(location.hash.slice(1));
  showControls();
  if (fragmentOf({ ...view, open: "" }) !== before) filterAnew();
  if (view.open === "" && viewer.open) viewer.close();
  // The way back from a large view is behind us once this frame and the next are painted.
  if (!history.state?.opened) requestAnimationFrame(() => requestAnimationFrame(restoreScrollAgain));
  refresh();
}
