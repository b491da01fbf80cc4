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

const known = new WeakMap<Response, ResponseFacts>();

/** A `Response` with all that a response of fetch tells. */
export function makeResponse(
  body: ReadableStream<Uint8Array> | Uint8Array | null | undefined,
  init: { statusText: string; headers: [string, string][] | Headers },
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

/** Properties of its own: node-fetch of Bun gives a response another prototype. */
function describe(response: Response, facts: ResponseFacts): Response {
  known.set(response, facts);
  if (response.status !== facts.status) Object.defineProperties(response, unusualStatus);
  return Object.defineProperties(response, members);
}

const members: PropertyDescriptorMap & ThisType<Response> = {
  url: fact("url"),
  redirected: fact("redirected"),
  type: fact("type"),
  // That of a body from a stream has no type.
  blob: {
    configurable: true,
    async value(): Promise<Blob> {
      const bytes = await this.arrayBuffer();
      const type = this.headers.get("content-type");
      return await new Response(bytes, type === null ? {} : { headers: { "content-type": type } })
        .blob();
    },
  },
  clone: {
    configurable: true,
    value(): Response {
      const copy = Response.prototype.clone.call(this);
      return describe(Object.setPrototypeOf(copy, Object.getPrototypeOf(this)), known.get(this)!);
    },
  },
};

/** Of a response with a status that the constructor refuses. */
const unusualStatus: PropertyDescriptorMap = {
  status: fact("status"),
  ok: { configurable: true, value: false },
};

function fact(name: keyof ResponseFacts): PropertyDescriptor {
  return {
    configurable: true,
    get(this: Response) {
      return known.get(this)![name];
    },
  };
}
