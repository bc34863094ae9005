// On paper: some cards from the first one in view on, and a sentence that says which

/** More would be a book. Who wants others on paper searches for them or filters. */
const PRINTED = 60;

/** From where to where the cards of `shown` are printed; null while nothing is. */
let printed = null;

function beforePrint() {
  // What is to be done before the next frame has to be done now.
  keepInView(layOut);
  tellCount();
  // Near the end, and where there are few, those before are printed too.
  const first = Math.max(0, Math.min(firstInView ?? 0, laidOut() - PRINTED));
  printed = { first, end: Math.min(first + PRINTED, laidOut()) };
  render();
  for (const image of sheet.querySelectorAll("img[data-source]:not([src])")) image.src = image.dataset.source;
  byId("printed").textContent = printedText();
}

function afterPrint() {
  printed = null;
  render();
}

function printedText() {
  const count = printed.end - printed.first;
  if (count >= shown.length) return byId("count").textContent;
  const from = `${numbers.format(printed.first + 1)} to ${numbers.format(printed.end)}`;
  return `Printed are ${from} of ${counted(shown.length, "job")}. Search or filter to print others.`;
}

/** The cards that are printed, whatever is in view. */
function wantPrinted(wanted) {
  for (let number = rowOf(printed.first); number < rows.length && rows[number].first < printed.end; number += 1) {
    for (const cell of cellsOf(rows[number])) {
      if (cell.position >= printed.first && cell.position < printed.end)
        wanted.set(shown[cell.position], { row: rows[number], cell });
    }
  }
}
