// What the large view says of a record

/** What a person wants to know of a record, in words. */
function factsOf(record) {
  const { error, retry, image } = record;
  const facts = [
    ["Prompt", promptOf(record)],
    ["Status", joined(", ", record.status, error?.code)],
    ["Message", error?.message],
    ["Action", joined(": ", retry?.action, retry?.reason)],
    ["The API said", joined(": ", error?.api_code, error?.api_message)],
    ["Warnings", warningsOf(record).join(", ")],
    ["Job id", record.job_id],
    ["Manifest", `${asText(record.manifest)}, line ${asText(record.line)}`],
    ["Same as line", record.duplicate_of_line],
    ["Picture", image && pictureText(image)],
    ["File", image?.path],
    ["Credits", record.ai_credits_used],
    ["API took", durationText(record.waited_ms ?? record.elapsed_ms)],
    ["Requests", requestsText(record)],
    ["Finished", record.finished_at],
  ];
  return facts.map(([name, value]) => [name, asText(value)]).filter(([, value]) => value !== "");
}

function joined(separator, ...values) {
  return values.map(asText).filter(Boolean).join(separator);
}

function pictureText({ width, height, bytes }) {
  return joined(", ", `${asText(width)} × ${asText(height)}`, sizeText(bytes));
}

function requestsText({ polls, downloads }) {
  if (polls === undefined) return "";
  return `${counted(onlyNumber(polls), "poll")}, ${counted(onlyNumber(downloads), "download")}`;
}

/** So many characters stand there as they are; a longer text scrolls in a place of its own. */
const LONG = 400;

function factElements(name, value) {
  const description = foreign("dd", "", value);
  if (value.length > LONG) {
    const text = make("div", "long", description.textContent);
    text.tabIndex = 0;
    text.role = "region";
    text.ariaLabel = name;
    description.replaceChildren(text);
  }
  return [make("dt", "", name), description];
}

function sizeText(bytes) {
  if (typeof bytes !== "number" || bytes < 0) return "";
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** power).toLocaleString("en", { maximumSignificantDigits: 3 })} ${units[power]}`;
}

/** A length of time as the rest of the page has it: `20 ms`, `12.3 s`, `2 min 05 s`, `1 h 03 min`. */
function durationText(milliseconds) {
  if (typeof milliseconds !== "number" || milliseconds < 0) return "";
  const seconds = milliseconds / 1000;
  if (seconds > 0 && seconds < 0.0995) return `${Math.ceil(milliseconds)} ms`;
  if (seconds < 59.95) return `${seconds.toLocaleString("en", { maximumFractionDigits: 1 })} s`;
  const whole = Math.round(seconds);
  const twoDigits = (number) => String(number).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  return `${numbers.format(Math.floor(whole / 3600))} h ${twoDigits(Math.floor(whole / 60) % 60)} min`;
}

/** A JSON text on lines of its own, and otherwise as it was written: no number is read and written again. What would
 * turn the direction of the text around it is escaped in JSON's own way. */
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
    return token.trim() === "" ? "" : token.replace(/[\p{Cc}\p{Bidi_Control}]/gu, escapedInJSON);
  });
}

function escapedInJSON(sign) {
  return `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}`;
}
