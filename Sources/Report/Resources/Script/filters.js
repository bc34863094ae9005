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
    // Of a page that holds a part of the records, it is known when they are read.
    button.append(icon(status), `${status} `, make("span", "count", settings.leftOut > 0 ? "" : count));
    button.addEventListener("click", () => toggleStatus(status));
    byId("status-filter").append(button);
  }
  document.querySelector(".status-filter").hidden = counts.size === 0;
  for (const group of settings.groups) if (group.code) addOption(byId("code"), group.code);
}

function addOption(select, value) {
  if ([...select.options].some((option) => option.value === value)) return;
  const option = make("option", "", visible(value));
  option.value = value;
  select.append(option);
}

/** Codes and warnings with how often they occur, when all are known. */
function completeFilters() {
  completeSelect(byId("code"), (job) => (job.code ? [job.code] : []));
  completeSelect(byId("warning"), (job) => job.warnings);
  for (const button of byId("status-filter").children) {
    const count = jobs.filter((job) => job.status === button.dataset.status).length;
    button.querySelector(".count").textContent = numbers.format(count);
  }
}

function completeSelect(select, valuesOf) {
  const counts = new Map();
  for (const job of jobs) {
    for (const value of valuesOf(job)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  for (const [value, count] of [...counts].sort(([, one], [, other]) => other - one)) {
    addOption(select, value);
    const option = [...select.options].find((each) => each.value === value);
    option.textContent = `${visible(value)} (${numbers.format(count)})`;
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
