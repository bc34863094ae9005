// What leaves the page: ids, records and commands, of what is shown or of a group under "To do"

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

async function copyCommand(button) {
  await copy(button.parentElement.querySelector("pre").textContent);
  button.closest(".rerun, .group").querySelector(".done").textContent = "Command copied";
}

async function doInGroup(button) {
  if (button.dataset.do === "copy-command") {
    await copyCommand(button);
    return;
  }
  const group = button.closest(".group");
  const wanted = settings.groups[group.dataset.group];
  const done = group.querySelector(".done");
  if (button.dataset.do === "show") {
    showGroup(wanted.status, wanted.code);
    return;
  }
  done.textContent = "Reading the records …";
  await everythingRead;
  const list = jobs.filter((job) => Object.entries(wanted).every(([name, value]) => job[name] === value));
  if (button.dataset.do === "copy-ids") await copyIds(list, done);
  else await saveRecords(list, `${group.querySelector("h3").id}.jsonl`, done);
  const absent = Number(group.dataset.count) - list.length;
  if (absent > 0)
    done.textContent += `; ${counted(absent, "further record")} ${absent === 1 ? "is" : "are"} not in this page`;
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
