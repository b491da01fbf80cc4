import assert from "node:assert/strict";
import test from "node:test";
import { readReport } from "../runner/junit.ts";

test("a report of node:test gives its tests, not their parents", () => {
  const xml = `<?xml version="1.0" encoding="utf-8"?>
<testsuites>
	<testsuite name="outer" time="0.002" tests="2" failures="0" skipped="1" hostname="vm">
		<testcase name="inner > one" time="0.0008" classname="test"/>
		<testcase name="inner two" time="0.0001" classname="test">
			<skipped type="skipped" message="because &lt;a&amp;b>"/>
		</testcase>
	</testsuite>
	<testcase name="alone" time="0.005" classname="test" failure="1 !== 2">
			<failure type="testCodeFailure" message="1 !== 2">
Error [ERR_TEST_FAILURE]: 1 !== 2 &lt;testcase name="quoted"/>
			</failure>
	</testcase>
	<testcase name="skipped without a reason" time="0" classname="test">
			<skipped type="skipped" message="true"/>
	</testcase>
</testsuites>`;
  assert.deepEqual(readReport(xml), [
    { name: "inner > one", state: "passed" },
    { name: "inner two", state: "skipped", reason: "because <a&b>" },
    { name: "alone", state: "failed" },
    { name: "skipped without a reason", state: "skipped" },
  ]);
});

test("a report of deno test gives its steps, not the tests that they are of", () => {
  const xml = `<testsuites name="deno test" tests="3" failures="2" errors="0" time="0.017">
    <testsuite name="./tests/a.test.ts" tests="3" disabled="0" errors="0" failures="2">
        <testcase name="suite" classname="./tests/a.test.ts" time="0.006" line="4" col="1">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
        <testcase name="suite &gt; fails" classname="ext" time="0.003" line="1" col="23">
            <failure message="Uncaught AssertionError: 1 !== 2">1 !== 2</failure>
        </testcase>
        <testcase name="suite &gt; skips" classname="ext" time="0.000" line="1" col="21">
            <skipped/>
        </testcase>
    </testsuite>
</testsuites>`;
  assert.deepEqual(readReport(xml), [
    { name: "suite > fails", state: "failed" },
    { name: "suite > skips", state: "skipped" },
  ]);
});

test("a report of bun test gives its tests", () => {
  const xml = `<testsuites name="bun test" tests="2" assertions="0" failures="1" time="0.04">
  <testsuite name="tests/a.test.ts" file="tests/a.test.ts" tests="2" failures="1" hostname="vm">
    <testcase name="&quot;quoted&quot;" classname="" time="0.002" line="3" assertions="0" />
    <testcase name="fails" classname="" time="0.0002" line="6" assertions="0">
      <failure type="Error" message="own">Error: own&#10;      at a.test.ts:6:83&#10;</failure>
    </testcase>
  </testsuite>
</testsuites>`;
  assert.deepEqual(readReport(xml), [
    { name: '"quoted"', state: "passed" },
    { name: "fails", state: "failed" },
  ]);
});

test("a report that is missing or empty has no test", () => {
  assert.deepEqual(readReport(""), []);
  assert.deepEqual(readReport("<testsuites>\n</testsuites>"), []);
});
