"""Prints each sample of a metrics file as a line of JSON: its name, labels, value and type."""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    for family in text_string_to_metric_families(file.read()):
        if not family.documentation:
            sys.exit(f"{family.name} has no help")
        for sample in family.samples:
            print(json.dumps([sample.name, sample.labels, sample.value, family.type]))
