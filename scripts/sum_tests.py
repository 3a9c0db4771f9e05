#!/usr/bin/env python3
"""Adds up JUnit reports: lists what failed or was skipped and why, then one closing line. Exits with 1 where a test failed or none ran.

usage: sum_tests.py REPORT.xml...
"""

import re
import sys
from xml.etree import ElementTree


def outcome(case: ElementTree.Element) -> str:
    if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail" or could_not_run(case):
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def could_not_run(case: ElementTree.Element) -> bool:
    """ctest calls both a test that skips itself and one whose program is missing "notrun"."""
    skipped = case.find("skipped")
    message = "" if skipped is None else skipped.get("message") or ""
    return case.get("status") == "notrun" and not message.startswith("SKIP_")


def reason(case: ElementTree.Element) -> str:
    """Why a test was skipped: what GoogleTest printed where ctest ran it, else pytest's message."""
    printed = re.search(r"Skipped\s*\n(.*?)\n\s*\n?\[", case.findtext("system-out") or "", re.DOTALL)
    skipped = case.find("skipped")
    return printed.group(1).strip() if printed else (skipped.get("message") or "") if skipped is not None else ""


def main() -> None:
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for report in sys.argv[1:]:
        for case in ElementTree.parse(report).iter("testcase"):
            result = outcome(case)
            counts[result] += 1
            name = case.get("name") if case.get("classname") == case.get("name") else f'{case.get("classname")}.{case.get("name")}'
            if result == "failed":
                print(f"FAILED {name}")
            elif result == "skipped":
                print(f"SKIPPED {name}: {reason(case)}")
    skipped = f", {counts['skipped']} skipped" if counts["skipped"] else ""
    print(f"{counts['passed']} passed, {counts['failed']} failed{skipped}")
    sys.exit(1 if counts["failed"] or not counts["passed"] else 0)


if __name__ == "__main__":
    main()
