"""What scripts/sum_tests.py makes of JUnit reports."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/sum_tests.py"
PASSED = '<testcase name="a" classname="a" status="run"/>'


@pytest.mark.parametrize("cases, last_line, code", [
    ([PASSED], "1 passed, 0 failed", 0),
    ([PASSED, '<testcase name="b" classname="b" status="fail"><failure message=""/></testcase>'], "1 passed, 1 failed", 1),
    ([PASSED, '<testcase name="b" classname="b" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/></testcase>'],
     "1 passed, 0 failed, 1 skipped", 0),
    ([PASSED, '<testcase name="b" classname="b" status="notrun"><skipped message="Unable to find executable"/></testcase>'],
     "1 passed, 1 failed", 1),
    ([], "0 passed, 0 failed", 1),
])
def test_a_test_that_could_not_run_has_failed(tmp_path, cases, last_line, code):
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuite>{''.join(cases)}</testsuite>")
    result = subprocess.run([sys.executable, str(SCRIPT), str(report)], capture_output=True, text=True)
    assert (result.stdout.splitlines()[-1], result.returncode) == (last_line, code)
