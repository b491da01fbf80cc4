import assert from "node:assert/strict";
import test from "node:test";
import { checkExistingName, checkName } from "../../src/name.ts";

const message = (shown: string, reason: string) =>
  `Cannot use ${shown} as the name of a network namespace: ${reason}`;

test("names that ip netns refuses are refused, and the error shows them", () => {
  for (
    const [name, text] of [
      ["", message('""', "it is empty")],
      [".", message('"."', "it means a directory")],
      ["..", message('".."', "it means a directory")],
      ["a/b", message('"a/b"', 'it contains "/"')],
      ["/", message('"/"', 'it contains "/"')],
      ["x".repeat(256), message(`"${"x".repeat(256)}"`, "it is longer than 255 bytes")],
      ["\u00e9".repeat(128), message(`"${"\u00e9".repeat(128)}"`, "it is longer than 255 bytes")],
    ] as const
  ) {
    const expected = { name: "NetNSError", code: "ERR_NETNS_NAME_INVALID", message: text };
    assert.throws(() => checkName(name), expected);
    assert.throws(() => checkExistingName(name), expected);
  }
});

test("names that C or Unicode cannot hold are refused", () => {
  for (const name of ["a\0", "\0", "\ud800", "a\udc00b"]) {
    assert.throws(() => checkName(name), { code: "ERR_NETNS_NAME_INVALID" });
    assert.throws(() => checkExistingName(name), { code: "ERR_NETNS_NAME_INVALID" });
  }
});

test("names that tools mistake are refused for new namespaces only", () => {
  for (const name of ["-x", "--", "a\nb", "\n"]) {
    assert.throws(() => checkName(name), { code: "ERR_NETNS_NAME_INVALID" });
    assert.equal(checkExistingName(name), name);
  }
});

test("other names are accepted", () => {
  const names = [
    "a",
    "...",
    ".a",
    "a-",
    "a b",
    " ",
    "\t",
    "\u00e9".repeat(127),
    "\u{1f310}",
    "$(x)",
  ];
  for (const name of [...names, "x".repeat(255)]) assert.equal(checkName(name), name);
});

test("a name that is not a string is a TypeError", () => {
  for (const name of [undefined, null, 1, {}, ["a"]]) {
    assert.throws(() => checkName(name), TypeError);
    assert.throws(() => checkExistingName(name), TypeError);
  }
});
