// One record large

/** The job that the large view shows. */
let opened = null;

/** Opens or changes the large view, as the fragment says; a record that is still to be read is opened when it is. One that
 * is not in the page leaves nothing open. */
function openFromView() {
  if (view.open === "" || opened?.key === view.open) return;
  const job = jobNamed(view.open);
  if (job) {
    view = { ...view, open: job.key };
    if (job !== opened) showJob(job);
  } else if (sheet.ariaBusy === "false" && viewer.open) {
    viewer.close();
  }
}

/** The job that the fragment names; an id may have letters of either case. */
function jobNamed(key) {
  const lowered = key.toLowerCase();
  return jobs.find((job) => job.key === key) ?? jobs.find((job) => job.id.toLowerCase() === lowered);
}

function openJob(position, isStep) {
  const job = jobs[shown[position]];
  if (!job) return;
  // Whoever goes back finds the sheet as it is now.
  replaceFragment();
  view = { ...view, open: job.key };
  if (isStep) replaceFragment();
  else pushOpened();
  showJob(job);
}

/** The sheet goes to the card that was open last, and not to where it was when the first was opened. */
function pushOpened() {
  history.scrollRestoration = "manual";
  history.pushState({ opened: true }, "", address());
}

/** Leads on from the open job; one that the search and the filters leave out leads nowhere. */
function step(by) {
  const position = positionOf(opened);
  if (position >= 0) openJob(position + by, true);
}

function positionOf(job) {
  return shown.findIndex((index) => jobs[index] === job);
}

async function showJob(job) {
  opened = job;
  const position = positionOf(job);
  byId("viewer-title").textContent = visible(job.prompt || job.id || job.key);
  byId("viewer-place").textContent =
    position < 0 ? "" : `${numbers.format(position + 1)} of ${numbers.format(shown.length)}`;
  // A button that is disabled would lose the focus, and with it the keys.
  byId("previous").ariaDisabled = String(position <= 0);
  byId("next").ariaDisabled = String(position < 0 || position === shown.length - 1);
  byId("viewer-done").textContent = "";
  byId("copy-id").hidden = job.id === "";
  byId("open-file").hidden = job.path === "";
  if (job.path) byId("open-file").href = sourceOf(job.path);
  byId("viewer-picture").replaceChildren(job.path ? pictureOf(job, largePicture) : withoutPicture(job));
  if (!viewer.open) viewer.showModal();
  const line = await recordLine(job);
  if (opened === job) showRecord(line);
}

function largePicture(job) {
  const image = make("img");
  image.alt = job.prompt || `Image of job ${job.id}`;
  image.width = job.width;
  image.height = job.height;
  image.src = sourceOf(job.path);
  return [image, image];
}

function showRecord(line) {
  byId("record").textContent = indented(line);
  byId("facts").replaceChildren(...factsOf(JSON.parse(line)).flatMap(([name, value]) => factElements(name, value)));
  byId("facts").parentElement.scrollTop = 0;
}

function viewerClosed() {
  const position = opened ? positionOf(opened) : -1;
  opened = null;
  byId("viewer-picture").replaceChildren();
  if (view.open !== "") forgetOpened();
  // What the search leaves out has no card.
  if (position >= 0 && position < laidOut()) focusCard(position);
  else byId("search").focus();
}

/** Takes the open picture out of the fragment; what was pushed for it is gone back over. */
function forgetOpened() {
  view = { ...view, open: "" };
  if (history.state?.opened) history.back();
  else replaceFragment();
}

function keyInViewer(event) {
  const isStep = event.key === "ArrowLeft" || event.key === "ArrowRight";
  if (!isStep || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  step(event.key === "ArrowRight" ? 1 : -1);
}
