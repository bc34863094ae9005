// What the report's page does beyond its text: contact sheet, search, filters, large view, copy and save.
//
// The records lie in the page as blocks: gzip of JSON Lines, in base64. They are unpacked once, in slices, for what the
// sheet and the search need of each. A record's own bytes are unpacked again when somebody opens or saves it.
// Whatever stands in a record reaches the document as text only.
//
// The files beside this one are one module with it, so none imports another. Nothing runs before start.js, the last.

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

/** Text with escapes for what turns the direction of the text around it, and for control characters. */
function visible(text) {
  return text.replace(/(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]/gu, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
}

/** Text that somebody else wrote: its direction of writing is its own. */
function foreign(tag, className, text) {
  const element = make(tag, className, visible(text));
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
