# Turns what `pictory-fetch --experimental-dump-help` says of one command into the lists of its options, in mdoc.
# usage: jq -r --arg command NAME -f options.jq

# A word of a macro's line; a dash that stays a dash when it is copied from a terminal.
def word: gsub("\\\\"; "\\e") | gsub("-"; "\\-");

# Running text: each sentence on a line of its own, no line taken for a macro.
def text:
    gsub("\\\\"; "\\e")
    | gsub("(?<flag>--[a-z][a-z-]*)"; .flag | gsub("-"; "\\-"))
    | gsub("(?<end>[.)]) (?<next>[A-Z])"; "\(.end)\n\(.next)")
    | split("\n") | map(if test("^[.']") then "\\&" + . else . end) | join("\n");

def flag: if .kind == "long" then "Fl \\-\(.name | word)" else "Fl \(.name | word)" end;

# An option, and beside it the flag that takes it back.
def item($all):
    "no-\(.preferredName.name)" as $opposite
    | [$all[] | select(.preferredName.name == $opposite)] as $opposites
    | ".It " + ([(., $opposites[]) | .names[] | flag] | join(" , ")) + (if .kind == "option" then " Ar \(.valueName | word)" else "" end),
    (.abstract // "" | text),
    (if .allValues then "One of " + (.allValues | map(word) | join(", ")) + "." else empty end),
    (if .defaultValue then "(default: \(.defaultValue | word))" else empty end);

[.command.subcommands[] | select(.commandName == $command)][0]
| if . == null then error("there is no command \($command)") else . end
| [.arguments[] | select(.shouldDisplay and .kind != "positional")] as $options
| [$options[] | .preferredName.name] as $names
| [$options[] | select((.preferredName.name | ltrimstr("no-")) as $base | .preferredName.name == $base or all($names[]; . != $base))]
    as $items
| ($items | map(.sectionTitle) | unique_by([.]) | length) as $sections
# The groups in the order in which they come, those without a title last.
| reduce $items[] as $one ([]; if any(.[]; . == $one.sectionTitle) then . else . + [$one.sectionTitle] end)
| (map(select(.)) + map(select(. == null)))[] as $title
| (if $sections > 1 then ".Ss \($title // "Other")" else empty end),
    ".Bl -tag -width Ds",
    ($items[] | select(.sectionTitle == $title) | item($options)),
    ".El"
