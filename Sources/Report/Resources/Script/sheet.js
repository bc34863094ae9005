// The cards in view, and the arrow keys that lead from one to another

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
  for (let number = first; number < rows.length && !printed; number += 1) {
    if (rows[number].top > top + window.innerHeight + margin) break;
    for (const cell of cellsOf(rows[number])) wanted.set(shown[cell.position], { row: rows[number], cell });
  }
  if (printed) wantPrinted(wanted);
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
