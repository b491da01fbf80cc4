/**
 * The errors of Bun's own fetch.
 *
 * @module
 */

import { NetNSError } from "../../../errors.ts";

const verbose = "For more information, pass `verbose: true` in the second argument to fetch()";
const typo = "Was there a typo in the url or port?";

const explanations: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Unable to connect. Is the computer able to access the url?",
  ECONNRESET: `The socket connection was closed unexpectedly. ${verbose}`,
  EHOSTUNREACH: typo,
  ENETUNREACH: typo,
  ENOENT: typo,
  EPROTO: "The TLS handshake failed. Does the server speak TLS on this port?",
  TooManyRedirects: `The response redirected too many times. ${verbose}`,
};

/** The error of a request that failed. */
export function requestError(code: string, url: string, options: ErrorOptions = {}): TypeError {
  const explanation = explanations[code];
  const message = explanation === undefined
    ? `${code} fetching "${url}". ${verbose}`
    : `${code}: ${explanation}`;
  return Object.assign(new TypeError(message, options), { code, path: url, errno: 0 });
}

/** The error of fetch for an error of a socket or of the parser. */
export function socketError(cause: unknown, url: string): unknown {
  const { code, message, errno, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== "string") return cause;
  if (code.startsWith("HPE_")) return requestError("Malformed_HTTP_Response", url, { cause });
  if (code === "EPIPE" || code === "ERR_SOCKET_CLOSED") {
    return requestError("ECONNRESET", url, { cause });
  }
  if (/^(ERR_SSL|EPROTO)/.test(code)) return requestError("EPROTO", url, { cause });
  if (code in explanations || code.startsWith("ERR_TLS_CERT")) {
    return requestError(code, url, { cause });
  }
  const error = new TypeError(message, { cause });
  return Object.assign(error, { code, path: url, errno: syscall === undefined ? 0 : errno ?? 0 });
}

/** The error of what would go over a thread of the runtime that is not in the namespace. */
export function notContained(what: string, hint: string): NetNSError {
  return new NetNSError(
    `Cannot use ${what} inside a network namespace: Bun carries it out on a thread of its own`,
    { code: "ERR_NETNS_NOT_CONTAINED", hint },
  );
}

/** The error of an operation that took too long. */
export function timeoutError(): DOMException {
  return new DOMException("The operation timed out.", "TimeoutError");
}
