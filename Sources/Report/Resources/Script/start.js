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
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);

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

  for (const button of document.querySelectorAll("[data-do]"))
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
