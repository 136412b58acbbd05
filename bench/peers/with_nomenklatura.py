"""Names and questions in as JSON on standard input, the first answer to each question out.

In  {"names": [...], "questions": [...], "candidates": [[index of a name, ...], ...]}
Out {"version": "…", "seconds": n, "answers": [[index of the name or -1, score], ...], "scored": likewise}

`answers`: candidates by nomenklatura's own blocker, scored by its logic-v2. `scored`: the given candidates, scored by
its logic-v2, as yente does with those that a search engine finds.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import nomenklatura
from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker.index import Index
from nomenklatura.matching import get_algorithm

CANDIDATES = 10

logging.disable(logging.CRITICAL)
given = json.load(sys.stdin)
dataset = Dataset.make({"name": "names", "title": "names"})
algorithm = get_algorithm("logic-v2")
config = algorithm.default_config()


def company(identifier, name):
    return StatementEntity.from_data(
        dataset, {"id": identifier, "schema": "Company", "properties": {"name": [name]}}
    )


class Names:
    def __init__(self, entities):
        self.held = entities

    def entities(self, *_args, **_kwargs):
        return iter(self.held.values())


held = {f"n{i}": company(f"n{i}", name) for i, name in enumerate(given["names"])}
asked = {f"q{i}": company(f"q{i}", text) for i, text in enumerate(given["questions"])}


def best(question, identifiers):
    answer = [-1, 0.0]
    for identifier in identifiers:
        score = algorithm.compare(question, held[identifier], config).score
        if score > answer[1]:
            answer = [int(identifier[1:]), score]
    return answer


with tempfile.TemporaryDirectory() as folder:
    index = Index(Names(held), Path(folder), {"max_candidates": CANDIDATES})
    index.build()
    begin = perf_counter()
    answers = [[-1, 0.0] for _ in asked]
    for identifier, matches in index.match_entities(asked.values()):
        found = best(asked[identifier.id], [match.id for match, _weight in matches])
        answers[int(identifier.id[1:])] = found
    seconds = perf_counter() - begin
    index.close()
scored = [
    best(asked[f"q{i}"], [f"n{candidate}" for candidate in candidates])
    for i, candidates in enumerate(given["candidates"])
]

json.dump(
    {
        "version": nomenklatura.__version__,
        "seconds": seconds,
        "answers": answers,
        "scored": scored,
    },
    sys.stdout,
)
