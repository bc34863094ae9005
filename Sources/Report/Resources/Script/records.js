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

/** A value of a record as text: other programs may have written any kind. */
function asText(value) {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/** A code or the like as the rest of the page has it, which knows text alone. */
function onlyText(value) {
  return typeof value === "string" ? value : "";
}

function onlyNumber(value) {
  return typeof value === "number" ? value : 0;
}

/** What the sheet and the search need of a record. */
function readJob(line, block, row) {
  const record = JSON.parse(line);
  return {
    block,
    row,
    key: keyOf(record),
    id: asText(record.job_id),
    status: record.status,
    code: onlyText(record.error?.code),
    action: onlyText(record.retry?.action),
    reason: onlyText(record.retry?.reason),
    message: asText(record.error?.message),
    warnings: warningsOf(record),
    path: onlyText(record.image?.path),
    width: onlyNumber(record.image?.width),
    height: onlyNumber(record.image?.height),
    prompt: promptOf(record),
    text: searchText(line, record),
  };
}

/** What the fragment calls a record: the job's id, or, where a line is not a job of its own, its place. */
function keyOf(record) {
  const isLine = record.job_id == null || record.status === "duplicate" || record.status === "invalid";
  return isLine ? `${asText(record.manifest)}:${asText(record.line)}` : asText(record.job_id);
}

/** The warnings of a record, which other programs may have written. */
function warningsOf(record) {
  return Array.isArray(record.warnings) ? record.warnings.map(asText) : [];
}

function promptOf(record) {
  return onlyText(record.input?.prompt);
}

/** The tokens of a JSON text: a string, perhaps a name with its colon, or a number, true, false or null. */
const TOKENS = /"((?:[^"\\]|\\.)*)"(\s*:)?|[^\s"{}[\]:,]+/g;

/** What the search looks through: the id and every value of `input`, numbers as they are spelled. */
function searchText(line, record) {
  const values = [asText(record.job_id)];
  for (const [token, string, colon] of inputSource(line, record).matchAll(TOKENS)) {
    if (colon !== undefined) continue;
    values.push(string === undefined ? token : decodedString(token, string));
  }
  return folded(values.join("\n"));
}

function decodedString(token, string) {
  return string.includes("\\") ? JSON.parse(token) : string;
}

/** The text of the record's input, as it is spelled: a number may have more digits than JavaScript keeps. */
function inputSource(line, record) {
  if (record.input === undefined) return "";
  const name = ',"input":';
  const start = line.indexOf(name);
  const isLast = Object.keys(record).at(-1) === "input";
  return isLast && start >= 0 ? line.slice(start + name.length, -1) : memberSource(line, "input");
}

/** The text of a member of a JSON object, wherever it stands; of several the last, as everywhere. */
function memberSource(line, wanted) {
  let depth = 0;
  let name = "";
  let start = -1;
  let source = "";
  for (const { 0: token, index } of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const isEnd = depth === 1 && (token === "," || token === "}");
    if (isEnd && start >= 0) source = line.slice(start, index);
    if (isEnd) start = -1;
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && token === ":" && start < 0 && name === wanted) start = index + 1;
    else if (depth === 1 && token.startsWith('"')) name = JSON.parse(token);
  }
  return source;
}

/** Text without the differences that a search does not see. */
function folded(text) {
  return text.normalize("NFC").toLowerCase();
}
