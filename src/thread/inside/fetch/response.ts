/**
 * A native `Response` made of what came over a socket of this thread.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";
import { makeResponse } from "../../../fetch/make_response.ts";
import { requestError } from "./errors.ts";
import type { FetchRequest } from "./request.ts";
import { responseBody } from "./response_body.ts";

/** The response of a request. */
export function createResponse(
  message: IncomingMessage,
  { url: { href: url }, method, signal, decompress }: FetchRequest,
  redirected: boolean,
): Response {
  const headers = responseHeaders(message, url);
  const body = hasBody(message, method) ? responseBody(message, { url, signal, decompress }) : null;
  return makeResponse(body, { statusText: message.statusMessage ?? "", headers }, {
    status: message.statusCode!,
    url,
    redirected,
    type: responseType(),
  });
}

/** The headers of a response. */
export function responseHeaders(message: IncomingMessage, url: string): Headers {
  const headers = new Headers();
  const { rawHeaders } = message;
  try {
    for (let index = 0; index < rawHeaders.length; index += 2) {
      headers.append(rawHeaders[index]!, rawHeaders[index + 1]!);
    }
  } catch (cause) {
    message.destroy();
    throw requestError("Malformed_HTTP_Response", url, { cause });
  }
  return headers;
}

/** Whether a response has a body; one that has none is done with. */
export function hasBody(message: IncomingMessage, method: string): boolean {
  const status = message.statusCode!;
  const isEmpty = method === "HEAD" || status < 200 || [204, 205, 304].includes(status);
  if (isEmpty) message.on("error", () => {}).resume();
  return !isEmpty;
}

/** The `type` that responses have in this runtime. */
export function responseType(): string {
  return "Deno" in globalThis ? "basic" : "default";
}
