/**
 * A native `Response` that tells all that a response of fetch tells.
 *
 * @module
 */

/** What a `Response` tells that its constructor does not take. */
export interface ResponseFacts {
  status: number;
  url: string;
  redirected: boolean;
  type: string;
}

/** A `Response` with all that a response of fetch tells. */
export function makeResponse(
  body: ReadableStream<Uint8Array> | Uint8Array | null | undefined,
  init: { statusText: string; headers: Headers },
  facts: ResponseFacts,
): Response {
  const { status } = facts;
  const isConstructible = status === 101 || (status >= 200 && status <= 599);
  const response = new Response(body as Uint8Array<ArrayBuffer> | null | undefined, {
    ...init,
    status: isConstructible ? status : 200,
  });
  return describe(response, facts);
}

function describe(response: Response, facts: ResponseFacts): Response {
  const { status, url, redirected, type } = facts;
  const clone = response.clone;
  const values = {
    url,
    redirected,
    type,
    ...(response.status === status ? {} : { status, ok: false }),
    // That of a body from a stream has no type.
    async blob(this: Response): Promise<Blob> {
      const bytes = await this.arrayBuffer();
      const type = this.headers.get("content-type");
      return await new Response(bytes, type === null ? {} : { headers: { "content-type": type } })
        .blob();
    },
    clone(this: Response): Response {
      const copy = clone.call(this);
      return describe(Object.setPrototypeOf(copy, Object.getPrototypeOf(this)), facts);
    },
  };
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(response, name, { value, configurable: true });
  }
  return response;
}
