/**
 * The URL of a request, with the errors that Bun's fetch has for it.
 *
 * @module
 */

/** A `TypeError` with a code, as that of a wrong argument. */
export function argumentError(code: string, message: string): TypeError {
  const error = new TypeError(message);
  Object.defineProperty(error, "code", { value: code, configurable: true, writable: true });
  return error;
}

/** The URL of what fetch was given. */
export function readUrl(input: unknown): URL {
  let text = "";
  if (input instanceof Request) text = input.url;
  else if (input instanceof URL) text = input.href;
  else if (typeof input === "object" && input !== null && "url" in input) text = String(input.url);
  else if (input !== null && input !== undefined) text = String(input);
  if (text === "") {
    throw argumentError("ERR_INVALID_URL", "fetch() URL must not be a blank string.");
  }
  if (!URL.canParse(text)) throw argumentError("ERR_INVALID_URL", "fetch() URL is invalid");
  return new URL(text);
}
