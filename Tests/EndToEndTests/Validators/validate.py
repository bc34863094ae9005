"""Judges JSON by the schemas that a program prints: validate.py PROGRAM

Reads lines of a schema's name, a space and one JSON text, and answers each with "ok" or with what is wrong.
"""

import datetime
import json
import subprocess
import sys

import jsonschema

PROGRAM = sys.argv[1]
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value):
    return not isinstance(value, str) or datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ")


def refuse(text):
    raise ValueError(f"{text} is no JSON")


def members(pairs):
    """An object, of which no name may be there twice: the last one would hide the others."""
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a name is there twice: {names}")
    return dict(pairs)


def validator(name):
    schema = json.loads(subprocess.run([PROGRAM, "schema", name], check=True, stdout=subprocess.PIPE).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=FORMATS)


def judge(validators, name, text):
    if name not in validators:
        validators[name] = validator(name)
    # What the user wrote is passed on as it came, and may name something twice.
    value = json.loads(text, parse_constant=refuse, object_pairs_hook=members if b'"input":' not in text else None)
    return "; ".join(
        f"{error.json_path}: {error.message}" for error in validators[name].iter_errors(value)
    )


def main():
    # Numbers may be of any length, and lines nest as deep as the program allows.
    sys.set_int_max_str_digits(0)
    validators = {}
    for line in sys.stdin.buffer:
        name, _, text = line.partition(b" ")
        try:
            answer = judge(validators, name.decode(), text) or "ok"
        except (ValueError, RecursionError, jsonschema.SchemaError, subprocess.CalledProcessError) as error:
            answer = f"{type(error).__name__}: {error}"
        print(answer.replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
