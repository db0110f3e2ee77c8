"""A second implementation of Cairn's trees and proofs, written from the specification and checked on the golden vectors.

    python3 tests/conformance/second_implementation fixtures/vectors

Python 3.8 or later, standard library only; it shares no code with the Rust crates. Prints what it checked; the first
vector that disagrees ends it with exit code 1 and a sentence.
"""

import json
import pathlib
import sys

from drop import check_drops
from proof import check_proofs
from signature import check_speccheck
from tree import check_refusal, check_tree
from verdict import Refused


def main(folder):
    def read(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    trees = sorted(path for path in folder.glob("tree-[0-9]*.json"))
    if not trees:
        raise AssertionError(f"no tree vectors in {folder}")
    for path in trees:
        try:
            count = check_tree(read(path))
        except (AssertionError, Refused) as error:
            raise AssertionError(f"{path.name}: {error}") from error
        print(f"{path.name}: root and {count} proofs")
    refusals = read(folder / "tree-refusals.json")
    for case in refusals:
        check_refusal(case)
    print(f"tree-refusals.json: {len(refusals)} refusals")
    counts = check_drops(read(folder / "drops.json"))
    print("drops.json: root, {} proofs and {} refusals of drops".format(*counts))
    counts = check_proofs(read(folder / "proofs.json"))
    print("proofs.json: {} proofs, {} signatures, {} refusals".format(*counts))
    edge_cases = read(folder / "external" / "ed25519-speccheck.json")["cases"]
    check_speccheck(edge_cases)
    print(f"ed25519-speccheck.json: {len(edge_cases)} edge cases")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 second_implementation VECTORS")
    try:
        main(pathlib.Path(sys.argv[1]))
    except (AssertionError, OSError, ValueError) as error:
        sys.exit(f"second implementation: {error}")
