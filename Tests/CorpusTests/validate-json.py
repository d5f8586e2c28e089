"""validate-json.py SCHEMAS conversation|document|anomalies|export < output: each error on a line; a document a line of input, or one."""
import json
import pathlib
import sys
import warnings

import jsonschema

warnings.simplefilter("ignore", DeprecationWarning)  # RefResolver: the later way is not in Debian 12
schemas, kind = pathlib.Path(sys.argv[1]), sys.argv[2]
store = {path.name: json.loads(path.read_text()) for path in schemas.glob("*.schema.json")}
schema = store[kind + ".schema.json"]
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver("", schema, store))

text = sys.stdin.read()
count = 0
for instance in map(json.loads, text.splitlines()) if kind in ("conversation", "export") else [json.loads(text)]:
    count += 1
    for error in validator.iter_errors(instance):
        place = "/".join(map(str, error.absolute_path))
        print(f"{count}: {place}: {error.message[:300]}")
sys.exit(0 if count else "nothing to validate")
