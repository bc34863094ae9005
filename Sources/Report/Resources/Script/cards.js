// One card of the sheet

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
  if (code) card.append(foreign("code", "", code));
  card.append(foreign("span", "why", why));
  return card;
}

function captionOf(job) {
  const caption = make("span", "caption");
  const size = job.width > 0 ? `${job.width} × ${job.height}` : "";
  const below = make("span", "below");
  const short = job.id ? job.id.slice(0, 8) : visible(job.key);
  below.append(
    icon(job.status),
    make("span", "visually-hidden", `${job.status}, `),
    ` ${[short, size].filter(Boolean).join(" · ")}`,
  );
  if (job.warnings.length > 0)
    below.append(" ", icon("warning"), foreign("span", "visually-hidden", job.warnings.join(", ")));
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
