// One record large

/** The job that the large view shows. */
let opened = null;

/** Opens or changes the large view, as the fragment says; a record that is still to be read is opened when it is. */
function openFromView() {
  if (view.open === "" || opened?.key === view.open) return;
  const index = jobs.findIndex((job) => job.key === view.open);
  if (index >= 0) showJob(jobs[index]);
}

function openJob(position, isStep) {
  const job = jobs[shown[position]];
  if (!job) return;
  // Whoever goes back finds the sheet as it is now.
  replaceFragment();
  view = { ...view, open: job.key };
  if (isStep) replaceFragment();
  else history.pushState({ opened: true }, "", address());
  showJob(job);
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
  byId("viewer-title").textContent = job.prompt || job.id || job.key;
  byId("viewer-place").textContent =
    position < 0 ? "" : `${numbers.format(position + 1)} of ${numbers.format(shown.length)}`;
  byId("previous").disabled = position <= 0;
  byId("next").disabled = position < 0 || position === shown.length - 1;
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
  byId("facts").replaceChildren(
    ...factsOf(JSON.parse(line)).flatMap(([name, value]) => [make("dt", "", name), foreign("dd", "", value)]),
  );
  byId("facts").parentElement.scrollTop = 0;
}

/** What a person wants to know of a record, in words. */
function factsOf(record) {
  const { error, retry, image } = record;
  const facts = [
    ["Prompt", promptOf(record)],
    ["Status", [record.status, error?.code].filter(Boolean).join(", ")],
    ["Message", error?.message],
    ["Action", retry && `${retry.action}: ${retry.reason}`],
    ["The API said", [error?.api_code, error?.api_message].filter(Boolean).join(": ")],
    ["Warnings", warningsOf(record).join(", ")],
    ["Job id", record.job_id],
    ["Manifest", `${record.manifest}, line ${record.line}`],
    ["Same as line", record.duplicate_of_line],
    ["Picture", image && `${image.width} × ${image.height}, ${sizeText(image.bytes)}`],
    ["File", image?.path],
    ["Credits", record.ai_credits_used],
    ["API took", durationText(record.waited_ms ?? record.elapsed_ms)],
    [
      "Requests",
      record.polls === undefined
        ? ""
        : `${counted(record.polls, "poll")}, ${counted(record.downloads ?? 0, "download")}`,
    ],
    ["Finished", record.finished_at],
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => [name, String(value)]);
}

function sizeText(bytes) {
  if (!(bytes >= 0)) return "";
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toLocaleString("en", { maximumSignificantDigits: 3 })} ${units[power]}`;
}

function durationText(milliseconds) {
  if (milliseconds === undefined) return "";
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toLocaleString("en", { maximumSignificantDigits: 3 })} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A JSON text on lines of its own, and otherwise as it was written: no number is read and written again. */
function indented(text) {
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  return text.replace(/"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|\s+/g, (token) => {
    if (token === "{" || token === "[") {
      depth += 1;
      return token + newLine();
    }
    if (token === "}" || token === "]") {
      depth -= 1;
      return newLine() + token;
    }
    if (token === ",") return token + newLine();
    if (token === ":") return ": ";
    return token.trim() === "" ? "" : token;
  });
}

function viewerClosed() {
  const position = opened ? positionOf(opened) : -1;
  opened = null;
  byId("viewer-picture").replaceChildren();
  if (view.open !== "") forgetOpened();
  focusCard(position);
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
