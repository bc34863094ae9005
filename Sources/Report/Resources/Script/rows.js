// The contact sheet: rows of equal height, and only those in view are in the document

const GAP = 12;
/** Beyond these a picture is shown with room beside it, so that one panorama does not fill the page. */
const NARROWEST = 0.5;
const WIDEST = 2.4;
/** The shape of a card without a picture, and its height in a row where no job has one, in pixels. */
const PLAIN = 1.2;
const PLAIN_HEIGHT = 120;
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
