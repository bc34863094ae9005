// What the report's page does beyond its text: contact sheet, search, filters, large view, copy and save.
//
// The records lie in the page as blocks: gzip of JSON Lines, in base64. They are unpacked once, in slices, for what the
// sheet and the search need of each. A record's own bytes are unpacked again when somebody opens or saves it.
// Whatever stands in a record reaches the document as text only.

const byId = (id) => document.getElementById(id);
const settings = JSON.parse(byId("settings").textContent);
const blocks = [...document.querySelectorAll("script.records")];
const numbers = new Intl.NumberFormat("en");

const sheet = byId("sheet");
const viewer = byId("viewer");

/** What the sheet needs of each record that was read, in the page's order. */
const jobs = [];
/** The indices of the jobs that the search and the filters leave, in the page's order. */
let shown = [];
/** The rows of the sheet: where each begins, its pictures' height, the width of a square one, and its part of `shown`. */
let rows = [];
/** What is searched, filtered and open; the url's fragment says the same. */
let view = emptyView();
/** Settled when every record has been read. */
let tellRead;
const everythingRead = new Promise((resolve) => {
  tellRead = resolve;
});

// Elements

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Text that somebody else wrote: its direction of writing is its own. */
function foreign(tag, className, text) {
  const element = make(tag, className, text);
  element.dir = "auto";
  return element;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", `icon ${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

function counted(count, noun) {
  return `${numbers.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

// Records, packed and unpacked

/** The bytes of a block's records. */
async function unpack(block) {
  const packed = bytesOfBase64(blocks[block].textContent);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function bytesOfBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The blocks that were unpacked last; opening and saving mostly want the same ones again. */
const unpacked = new Map();
const UNPACKED_BLOCKS = 4;

/** A block's records, each as its bytes. */
async function linesOf(block) {
  let lines = unpacked.get(block);
  if (!lines) {
    lines = splitLines(await unpack(block));
    unpacked.set(block, lines);
    if (unpacked.size > UNPACKED_BLOCKS) unpacked.delete(unpacked.keys().next().value);
  }
  return lines;
}

function splitLines(bytes) {
  const lines = [];
  let start = 0;
  while (start < bytes.length) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function textOf(bytes) {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

async function recordLine(job) {
  return textOf((await linesOf(job.block))[job.row]);
}

/** How long one slice of reading may keep the page from anything else, in milliseconds. */
const SLICE = 12;

function pause() {
  return globalThis.scheduler?.yield ? scheduler.yield() : new Promise((resolve) => setTimeout(resolve));
}

async function readEverything() {
  let sliceEnd = performance.now() + SLICE;
  for (let block = 0; block < blocks.length; block += 1) {
    const lines = textOf(await unpack(block)).split("\n");
    for (let row = 0; row < lines.length; row += 1) {
      if (lines[row] === "") continue;
      jobs.push(readJob(lines[row], block, row));
      if (performance.now() < sliceEnd) continue;
      takeIn();
      await pause();
      sliceEnd = performance.now() + SLICE;
    }
    takeIn();
  }
}

/** What the sheet and the search need of a record. */
function readJob(line, block, row) {
  const record = JSON.parse(line);
  return {
    block,
    row,
    key: keyOf(record),
    id: record.job_id ?? "",
    status: record.status,
    code: record.error?.code ?? "",
    action: record.retry?.action ?? "",
    reason: record.retry?.reason ?? "",
    message: record.error?.message ?? "",
    warnings: warningsOf(record),
    path: record.image?.path ?? "",
    width: record.image?.width ?? 0,
    height: record.image?.height ?? 0,
    prompt: promptOf(record),
    text: searchText(line, record),
  };
}

/** What the fragment calls a record: the job's id, or, where a line is not a job of its own, its place. */
function keyOf(record) {
  const isLine = record.job_id == null || record.status === "duplicate" || record.status === "invalid";
  return isLine ? `${record.manifest}:${record.line}` : record.job_id;
}

/** The warnings of a record, which other programs may have written. */
function warningsOf(record) {
  return Array.isArray(record.warnings) ? record.warnings.map(String) : [];
}

function promptOf(record) {
  const prompt = record.input?.prompt;
  return typeof prompt === "string" ? prompt : "";
}

/** The tokens of a JSON text: a string, perhaps a name with its colon, or a number, true, false or null. */
const TOKENS = /"((?:[^"\\]|\\.)*)"(\s*:)?|[^\s"{}[\]:,]+/g;

/** What the search looks through: the id and every value of `input`, numbers as they are spelled. */
function searchText(line, record) {
  const values = [record.job_id ?? ""];
  for (const [token, string, colon] of inputSource(line, record).matchAll(TOKENS)) {
    if (colon !== undefined) continue;
    values.push(string === undefined ? token : decodedString(token, string));
  }
  return folded(values.join("\n"));
}

function decodedString(token, string) {
  return string.includes("\\") ? JSON.parse(token) : string;
}

/** The text of the record's input. It is the last field; where somebody has ordered the fields anew, it is made again. */
function inputSource(line, record) {
  if (record.input === undefined) return "";
  const name = ',"input":';
  const start = line.indexOf(name);
  const isLast = Object.keys(record).at(-1) === "input";
  return isLast && start >= 0 ? line.slice(start + name.length, -1) : JSON.stringify(record.input);
}

/** Text without the differences that a search does not see. */
function folded(text) {
  return text.normalize("NFC").toLowerCase();
}

// Search and filters

function emptyView() {
  return { search: "", statuses: [], code: "", warning: "", open: "" };
}

/** The terms of a search: words, and what stands in quotation marks as one. All have to be found. */
function termsOf(search) {
  return [...folded(search).matchAll(/"([^"]+)"|([^\s"]+)/g)].map(([, quoted, word]) => quoted ?? word);
}

/** Whether a job is shown. */
function matcher() {
  const terms = termsOf(view.search);
  return (job) =>
    (view.statuses.length === 0 || view.statuses.includes(job.status)) &&
    (view.code === "" || job.code === view.code) &&
    (view.warning === "" || job.warnings.includes(view.warning)) &&
    terms.every((term) => job.text.includes(term));
}

/** How many of `jobs` have been looked at for `shown`. */
let considered = 0;

function filterAnew() {
  considered = 0;
  shown = [];
  rows = [];
  current = 0;
  filterFurther();
}

function filterFurther() {
  const matches = matcher();
  for (; considered < jobs.length; considered += 1) {
    if (matches(jobs[considered])) shown.push(considered);
  }
}

/** Shows what has been read since the last time. */
function takeIn() {
  filterFurther();
  byId("reading").value = jobs.length;
  refresh();
}

/** Does what has to follow a change of `shown`, once before the next frame is painted. */
function refresh() {
  if (refresh.planned) return;
  refresh.planned = true;
  requestAnimationFrame(() => {
    refresh.planned = false;
    keepInView(layOut);
    render();
    tellCount();
    openFromView();
  });
}

function isFiltered() {
  return view.search !== "" || view.statuses.length > 0 || view.code !== "" || view.warning !== "";
}

function tellCount() {
  const total = settings.records;
  let text = counted(shown.length, "job");
  if (isFiltered()) text = `${numbers.format(shown.length)} of ${counted(total, "job")}`;
  const beyond = shown.length - laidOut();
  if (beyond > 0) text += `; the last ${numbers.format(beyond)} have no room here, search or filter to see them`;
  byId("count").textContent = text;
  byId("clear").hidden = !isFiltered();
  sheet.hidden = shown.length === 0;
  clearTimeout(tellCount.timer);
  tellCount.timer = setTimeout(() => {
    byId("announcement").textContent = text;
  }, 500);
}

function fillFilters() {
  const counts = new Map(
    [...document.querySelectorAll(".statuses .status")].map((item) => [
      item.classList[1],
      item.querySelector(".count").textContent,
    ]),
  );
  for (const [status, count] of counts) {
    const button = make("button");
    button.type = "button";
    button.dataset.status = status;
    button.setAttribute("aria-pressed", "false");
    button.append(icon(status), `${status} `, make("span", "", count));
    button.addEventListener("click", () => toggleStatus(status));
    byId("status-filter").append(button);
  }
  document.querySelector(".status-filter").hidden = counts.size === 0;
  for (const group of document.querySelectorAll(".group")) addOption(byId("code"), group.dataset.code);
}

function addOption(select, value) {
  if ([...select.options].some((option) => option.value === value)) return;
  const option = make("option", "", value);
  option.value = value;
  select.append(option);
}

/** Codes and warnings with how often they occur, when all are known. */
function completeFilters() {
  completeSelect(byId("code"), (job) => (job.code ? [job.code] : []));
  completeSelect(byId("warning"), (job) => job.warnings);
}

function completeSelect(select, valuesOf) {
  const counts = new Map();
  for (const job of jobs) {
    for (const value of valuesOf(job)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  for (const [value, count] of [...counts].sort(([, one], [, other]) => other - one)) {
    addOption(select, value);
    const option = [...select.options].find((each) => each.value === value);
    option.textContent = `${value} (${numbers.format(count)})`;
  }
}

function toggleStatus(status) {
  const without = view.statuses.filter((each) => each !== status);
  const statuses = without.length === view.statuses.length ? [...view.statuses, status] : without;
  change({ statuses });
}

/** Changes what is shown, as somebody asked for in the page. */
function change(changes) {
  view = { ...view, ...changes };
  filterAnew();
  showControls();
  writeFragment();
  stayAtSheet();
  refresh();
}

/** A search made from within the sheet shows its results from the first one on. */
function stayAtSheet() {
  const top = byId("images").getBoundingClientRect().top;
  if (top < 0) window.scrollTo({ top: window.scrollY + top, behavior: "instant" });
}

function showControls() {
  if (byId("search").value !== view.search) byId("search").value = view.search;
  for (const name of ["code", "warning"]) {
    if (view[name] !== "") addOption(byId(name), view[name]);
    byId(name).value = view[name];
  }
  for (const button of byId("status-filter").children) {
    button.setAttribute("aria-pressed", String(view.statuses.includes(button.dataset.status)));
  }
}

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

/** Follows a fragment that came from outside: a link, the address bar, the way back. */
function readFragment() {
  clearTimeout(writeFragment.timer);
  const before = fragmentOf({ ...view, open: "" });
  view = viewOf(location.hash.slice(1));
  showControls();
  if (fragmentOf({ ...view, open: "" }) !== before) filterAnew();
  if (view.open === "" && viewer.open) viewer.close();
  refresh();
}

// The contact sheet: rows of equal height, and only those in view are in the document

const GAP = 12;
/** Beyond these a picture is shown with room beside it, so that one panorama does not fill the page. */
const NARROWEST = 0.5;
const WIDEST = 2.4;
/** The shape of a card without a picture, and its height in a row where no job has one, in pixels. */
const PLAIN = 1.2;
const PLAIN_HEIGHT = 136;
/** Some browsers can draw nothing below 17 million pixels. */
const HIGHEST_SHEET = 15_000_000;

function aspect(job) {
  if (!(job.width > 0 && job.height > 0)) return PLAIN;
  return Math.min(WIDEST, Math.max(NARROWEST, job.width / job.height));
}

function captionHeight() {
  return 2.75 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function sheetWidth() {
  return sheet.parentElement.clientWidth;
}

/** Lays out what has been added since the last time; everything, where the rows are as wide no longer. */
function layOut() {
  const width = sheetWidth();
  if (width !== layOut.width) rows = [];
  layOut.width = width;
  const target = width < 600 ? 150 : 240;
  const caption = captionHeight();
  // The last row may have been waiting for more.
  const last = rows.pop();
  let top = last?.top ?? 0;
  let first = last?.first ?? 0;
  let aspects = 0;
  let highest = PLAIN_HEIGHT;
  for (let position = first; position < shown.length && top < HIGHEST_SHEET; position += 1) {
    const job = jobs[shown[position]];
    aspects += aspect(job);
    if (job.path) highest = target;
    const fitting = (width - (position - first) * GAP) / aspects;
    const isLast = position === shown.length - 1;
    if (fitting > target && !isLast) continue;
    const unit = Math.min(fitting, target);
    const height = Math.round(Math.min(unit, highest));
    rows.push({ top, height, unit, first, end: position + 1 });
    top += height + caption + GAP;
    first = position + 1;
    aspects = 0;
    highest = PLAIN_HEIGHT;
  }
  sheet.style.setProperty("--height", `${Math.ceil(top)}px`);
}

/** Which of `shown` begins the first row that is whole in view; undefined above the sheet. */
let firstInView;

/** Lets what is in view stay there, where a window of another width moves all rows. */
function keepInView(change) {
  const position = sheetWidth() === layOut.width ? undefined : firstInView;
  change();
  const row = position === undefined ? undefined : rows[rowOf(position)];
  if (row) window.scrollBy({ top: sheet.getBoundingClientRect().top + row.top, behavior: "instant" });
}

function laidOut() {
  return rows.at(-1)?.end ?? 0;
}

/** The cells of a row: which of `shown`, from where, how wide. */
function cellsOf(row) {
  const cells = [];
  let left = 0;
  for (let position = row.first; position < row.end; position += 1) {
    const width = aspect(jobs[shown[position]]) * row.unit;
    const x = Math.round(left);
    cells.push({ position, x, width: Math.round(left + width) - x });
    left += width + GAP;
  }
  return cells;
}

/** The first row of which this is true; it is true of all that follow one of which it is. */
function firstRow(isIt) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isIt(rows[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The number of the row that holds one of `shown`. */
function rowOf(position) {
  return firstRow((row) => position < row.end);
}

/** The cells in the document, by the index of their job. */
const cells = new Map();
/** Which of `shown` the arrow keys are at. */
let current = 0;

/** Brings the cells in view into the document, and takes the others out. */
function render() {
  const top = -sheet.getBoundingClientRect().top;
  const margin = window.innerHeight * 0.75;
  const caption = captionHeight();
  const first = firstRow((row) => row.top + row.height + caption > top - margin);
  const wanted = new Map();
  for (let number = first; number < rows.length; number += 1) {
    if (rows[number].top > top + window.innerHeight + margin) break;
    for (const cell of cellsOf(rows[number])) wanted.set(shown[cell.position], { row: rows[number], cell });
  }
  if (sheetWidth() === layOut.width) firstInView = top > 0 ? rows[firstRow((row) => row.top >= top)]?.first : undefined;
  keepFocused(wanted);
  removeOthers(wanted);
  placeCells(wanted);
  chooseTabStop();
  loadPictures();
}

/** The card that has the focus stays, however far it is scrolled away. */
function keepFocused(wanted) {
  const focused = document.activeElement?.closest?.(".cell");
  const index = focused ? Number(focused.dataset.index) : -1;
  if (index < 0 || wanted.has(index) || shown[current] !== index) return;
  const row = rows[rowOf(current)];
  const cell = row && cellsOf(row).find((each) => each.position === current);
  if (cell) wanted.set(index, { row, cell });
}

function removeOthers(wanted) {
  for (const [index, element] of cells) {
    if (wanted.has(index)) continue;
    // A picture on its way is not loaded to its end for nobody.
    element.querySelector("img")?.removeAttribute("src");
    element.remove();
    cells.delete(index);
  }
}

function placeCells(wanted) {
  const caption = captionHeight();
  const ordered = [...wanted].sort(([, one], [, other]) => one.cell.position - other.cell.position);
  let after = null;
  for (const [index, { row, cell }] of ordered) {
    const element = cells.get(index) ?? makeCell(index);
    element.style.setProperty("--x", `${cell.x}px`);
    element.style.setProperty("--y", `${row.top}px`);
    element.style.setProperty("--width", `${cell.width}px`);
    element.style.setProperty("--height", `${row.height + caption}px`);
    element.setAttribute("aria-posinset", cell.position + 1);
    element.setAttribute("aria-setsize", shown.length);
    element.dataset.position = cell.position;
    const place = after ? after.nextSibling : sheet.firstChild;
    if (place !== element) sheet.insertBefore(element, place);
    after = element;
  }
}

function makeCell(index) {
  const job = jobs[index];
  const cell = make("div", "cell");
  cell.setAttribute("role", "listitem");
  cell.dataset.index = index;
  const card = make("button", `card ${job.status}`);
  card.type = "button";
  card.tabIndex = -1;
  card.append(job.path ? pictureOf(job, cardPicture) : withoutPicture(job), captionOf(job));
  cell.append(card);
  cells.set(index, cell);
  return cell;
}

/** A job's picture, or, where there is none at its place, a card that says so. */
function pictureOf(job, making) {
  if (job.missing) return missing(job);
  const [element, image] = making(job);
  image.addEventListener("error", () => {
    if (!image.isConnected) return;
    job.missing = true;
    element.replaceWith(missing(job));
  });
  return element;
}

function cardPicture(job) {
  const picture = make("span", "picture");
  const image = make("img");
  image.alt = "";
  image.decoding = "async";
  image.dataset.source = sourceOf(job.path);
  picture.append(image);
  return [picture, image];
}

function withoutPicture(job) {
  return plainCard(job.status, job.status, job.code, job.message);
}

function missing(job) {
  return plainCard("warning", "missing", "", `There is no picture at ${job.path}`);
}

function plainCard(symbol, what, code, why) {
  const card = make("span", `without ${symbol}`);
  const head = make("span", "what");
  head.append(icon(symbol), make("span", "", what));
  card.append(head);
  if (code) card.append(make("code", "", code));
  card.append(foreign("span", "why", why));
  return card;
}

function captionOf(job) {
  const caption = make("span", "caption");
  const size = job.width > 0 ? `${job.width} × ${job.height}` : "";
  const below = make("span", "below");
  const short = job.id ? job.id.slice(0, 8) : job.key;
  below.append(
    icon(job.status),
    make("span", "visually-hidden", `${job.status}, `),
    ` ${[short, size].filter(Boolean).join(" · ")}`,
  );
  if (job.warnings.length > 0)
    below.append(" ", icon("warning"), make("span", "visually-hidden", job.warnings.join(", ")));
  caption.append(foreign("span", "prompt", job.prompt || job.id || job.key), below);
  return caption;
}

/** The address of an image, from the page: a relative path below the place that the page knows, or an absolute one. */
function sourceOf(path) {
  const encoded = path
    .split("/")
    .map((part) => encodeURIComponent(part.toWellFormed?.() ?? part))
    .join("/");
  if (!path.startsWith("/")) return settings.imageBase + encoded;
  if (settings.pageDirectory === null) return `file://${encoded}`;
  return relativeTo(settings.pageDirectory, encoded);
}

function relativeTo(directory, path) {
  const from = directory.split("/").filter(Boolean);
  const to = path.split("/").filter(Boolean);
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common += 1;
  return [...from.slice(common).map(() => ".."), ...to.slice(common)].join("/");
}

/** How long the sheet rests before pictures that somebody scrolled past quickly are loaded, in milliseconds. */
const REST = 120;

function loadPictures() {
  const distance = Math.abs(window.scrollY - (loadPictures.at ?? window.scrollY));
  loadPictures.at = window.scrollY;
  clearTimeout(loadPictures.timer);
  if (distance > window.innerHeight / 4) loadPictures.timer = setTimeout(loadPictures, REST);
  else for (const image of sheet.querySelectorAll("img:not([src])")) image.src = image.dataset.source;
}

/** One card is a tab stop: the one that the arrow keys are at, or the first in the document. */
function chooseTabStop() {
  const stop = cells.get(shown[current]) ?? sheet.firstElementChild;
  for (const card of sheet.querySelectorAll('.card[tabindex="0"]')) card.tabIndex = -1;
  if (stop) stop.firstElementChild.tabIndex = 0;
}

function focusCard(position) {
  if (position < 0 || position >= laidOut()) return;
  current = position;
  scrollToRow(rows[rowOf(position)]);
  render();
  cells.get(shown[position])?.firstElementChild.focus({ preventScroll: true });
  chooseTabStop();
}

/** Scrolls no more than it must for a row to be seen whole, below the bar that stays. */
function scrollToRow(row) {
  const bar = document.querySelector(".toolbar");
  const covered = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
  const top = sheet.getBoundingClientRect().top + row.top - GAP;
  const bottom = top + row.height + captionHeight() + 2 * GAP;
  if (top < covered) window.scrollBy({ top: top - covered, behavior: "instant" });
  else if (bottom > window.innerHeight) window.scrollBy({ top: bottom - window.innerHeight, behavior: "instant" });
}

function moveInSheet(event) {
  const from = Number(event.target.closest(".cell")?.dataset.position ?? -1);
  if (from < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const moves = {
    ArrowLeft: () => from - 1,
    ArrowRight: () => from + 1,
    ArrowUp: () => neighbour(from, -1),
    ArrowDown: () => neighbour(from, 1),
    Home: () => 0,
    End: () => laidOut() - 1,
  };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  focusCard(move());
}

/** The card of the row above or below that is nearest; -1 where there is none. */
function neighbour(position, step) {
  const number = rowOf(position);
  const row = rows[number + step];
  if (!row) return -1;
  const middle = (cell) => cell.x + cell.width / 2;
  const here = middle(cellsOf(rows[number]).find((cell) => cell.position === position));
  const distance = (cell) => Math.abs(middle(cell) - here);
  return cellsOf(row).reduce((best, cell) => (distance(cell) < distance(best) ? cell : best)).position;
}

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

// Copy and save

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page that did not come over https may not write to the clipboard itself.
    const area = make("textarea");
    area.value = text;
    (viewer.open ? viewer : document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

function idsOf(list) {
  return [...new Set(list.map((job) => job.id).filter(Boolean))];
}

async function copyIds(list, done) {
  const ids = idsOf(list);
  if (ids.length > 0) await copy(`${ids.join("\n")}\n`);
  done.textContent = ids.length > 0 ? `${counted(ids.length, "id")} copied` : "These lines have no id";
}

/** Saves records as JSON Lines, byte for byte as they were written. */
async function saveRecords(list, name, done) {
  const newLine = Uint8Array.of(10);
  const parts = [];
  for (const job of list) parts.push((await linesOf(job.block))[job.row], newLine);
  const url = URL.createObjectURL(new Blob(parts, { type: "application/x-ndjson" }));
  const link = make("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  done.textContent = `${counted(list.length, "record")} saved as ${name}`;
}

function shownJobs() {
  return shown.map((index) => jobs[index]);
}

// To do

async function doInGroup(button) {
  const group = button.closest(".group");
  const { status, code, action, reason, count } = group.dataset;
  const done = group.querySelector(".done");
  if (button.dataset.do === "copy-command") {
    await copy(group.querySelector(".command pre").textContent);
    done.textContent = "Command copied";
    return;
  }
  if (button.dataset.do === "show") {
    showGroup(status, code);
    return;
  }
  done.textContent = "Reading the records …";
  await everythingRead;
  const wanted = { status, code, action, reason };
  const list = jobs.filter((job) => Object.entries(wanted).every(([name, value]) => job[name] === value));
  if (button.dataset.do === "copy-ids") await copyIds(list, done);
  else await saveRecords(list, `${group.querySelector("h3").id}.jsonl`, done);
  const absent = Number(count) - list.length;
  if (absent > 0) done.textContent += `; ${counted(absent, "record")} more are not in this page`;
}

function showGroup(status, code) {
  view = { ...emptyView(), statuses: [status], code };
  history.pushState(null, "", address());
  showControls();
  filterAnew();
  refresh();
  goTo(byId("images"));
}

/** Goes to a section as its link would, but leaves the fragment to the view. */
function goTo(section) {
  section.tabIndex = -1;
  section.focus({ preventScroll: true });
  section.scrollIntoView();
}

// Plots: what a mark stands for, shown at once

const tip = make("div", "tip");

function showTip(event) {
  const mark = event.target.closest?.(".plot [data-tip], .plot :has(> title)");
  if (!mark) {
    tip.remove();
    return;
  }
  const title = mark.querySelector(":scope > title");
  if (title) {
    // The browser would show its own beside this one.
    mark.dataset.tip = title.textContent;
    title.remove();
  }
  tip.textContent = mark.dataset.tip;
  document.body.append(tip);
  const left = Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8);
  const top = event.clientY - tip.offsetHeight - 12;
  tip.style.transform = `translate(${Math.max(8, left)}px, ${top < 8 ? event.clientY + 16 : top}px)`;
}

// Start

function listen() {
  byId("search").addEventListener("input", (event) => change({ search: event.target.value }));
  byId("code").addEventListener("change", (event) => change({ code: event.target.value }));
  byId("warning").addEventListener("change", (event) => change({ warning: event.target.value }));
  byId("clear").addEventListener("click", () => {
    byId("search").focus();
    change(emptyView());
  });
  byId("copy-shown").addEventListener("click", () => copyIds(shownJobs(), byId("shown-done")));
  byId("save-shown").addEventListener("click", () => saveRecords(shownJobs(), "records.jsonl", byId("shown-done")));

  sheet.addEventListener("click", (event) => {
    const cell = event.target.closest(".cell");
    if (cell) openJob(Number(cell.dataset.position), false);
  });
  sheet.addEventListener("keydown", moveInSheet);
  sheet.addEventListener("focusin", (event) => {
    current = Number(event.target.closest(".cell")?.dataset.position ?? current);
    chooseTabStop();
  });
  window.addEventListener("scroll", () => requestAnimationFrame(render), { passive: true });
  new ResizeObserver(refresh).observe(sheet.parentElement);
  window.addEventListener("resize", refresh);

  viewer.addEventListener("keydown", keyInViewer);
  viewer.addEventListener("close", viewerClosed);
  viewer.addEventListener("click", (event) => {
    if (event.target === viewer) viewer.close();
  });
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", () => viewer.close());
  byId("copy-id").addEventListener("click", () => copyIds([opened], byId("viewer-done")));
  byId("copy-record").addEventListener("click", async () => {
    await copy(`${await recordLine(opened)}\n`);
    byId("viewer-done").textContent = "Record copied";
  });

  for (const button of document.querySelectorAll(".group button"))
    button.addEventListener("click", () => doInGroup(button));
  for (const link of document.querySelectorAll("nav a, a.skip")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(document.querySelector(link.hash));
    });
  }
  document.addEventListener("pointerover", showTip);
  window.addEventListener("hashchange", readFragment);
}

async function start() {
  byId("reading").max = Math.max(1, settings.records);
  byId("reading").value = 0;
  fillFilters();
  view = viewOf(location.hash.slice(1));
  showControls();
  listen();
  if (isFiltered()) byId("images").scrollIntoView();
  try {
    await readEverything();
    completeFilters();
  } catch (error) {
    byId("trouble").textContent = `Not all records of this page can be read: ${error.message}`;
    byId("trouble").hidden = false;
  }
  byId("reading").classList.add("over");
  sheet.setAttribute("aria-busy", "false");
  tellRead();
  refresh();
}

start();
