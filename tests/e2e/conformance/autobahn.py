"""The gateway's framing against the cases of the Autobahn testsuite, as `kosoku` from PyPI runs them.

The suite talks to `/conformance`, an echo that only `bongsu serve --conformance` opens; accept loop, reader, framing and
farewell are those of every phone. Every case must come to OK, NON-STRICT or INFORMATIONAL, by its messages and by its
close. Compression (12 and 13) is never agreed on, so those cases must say UNIMPLEMENTED and nothing else.
"""

import asyncio
import collections
import os
import subprocess

import kosoku

GOOD = {"OK", "NON-STRICT", "INFORMATIONAL"}
COMPRESSION = ["12.*", "13.*"]
CASES_MIN = 240
SECONDS_MAX = 300


async def ask(url, **which):
    """The results of the cases; of those that did not pass only, if there are any."""
    try:
        return await asyncio.wait_for(kosoku.run_fuzzingclient(url, concurrency=2, **which), SECONDS_MAX)
    except kosoku.FailureError as failed:
        return failed.results


def describe(result):
    return (f"{result.case_id}: {result.behavior.value}, close {result.behavior_close.value}\n"
            f"  {result.description}\n  {result.expectation}\n  {result.result}\n  {result.result_close}")


def good(result):
    return result.passed and {result.behavior.value, result.behavior_close.value} <= GOOD


def count(values):
    return ", ".join(f"{number} {value}" for value, number in collections.Counter(values).most_common())


async def judge(url):
    results = await ask(url, exclude_cases=COMPRESSION)
    print(f"messages: {count(result.behavior.value for result in results)}")
    print(f"closes: {count(result.behavior_close.value for result in results)}")
    failed = [result for result in results if not good(result)]
    print("".join(describe(result) + "\n" for result in failed), end="")
    assert not failed, f"{len(failed)} cases failed"
    assert len(results) >= CASES_MIN, f"{len(results)} cases only"

    offered = await ask(url, cases=COMPRESSION)
    taken = [result for result in offered if result.behavior.value != "UNIMPLEMENTED"]
    print(f"compression, never agreed on: {count(result.behavior.value for result in offered)}")
    assert offered and not taken, "".join(describe(result) + "\n" for result in taken)
    print(f"{len(results)} passed, {len(failed)} failed")


def main():
    server = subprocess.Popen([os.environ["BONGSU"], "serve", "--conformance", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        ready = server.stdout.readline()
        assert ready.startswith("listening on http://127.0.0.1:"), ready
        asyncio.run(judge(ready.split()[-1].replace("http", "ws") + "/conformance"))
    finally:
        server.terminate()
        code = server.wait(timeout=30)
    assert code == 0, f"the server ended with {code}"


main()
