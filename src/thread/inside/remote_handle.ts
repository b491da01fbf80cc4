/**
 * A handle inside a namespace thread.
 *
 * @module
 */

import { checkOptions, checkSignal, checkTimeout, wrongType } from "../../check.ts";
import { functionSource } from "../source.ts";
import type { HandleDescription } from "../protocol.ts";
import { withOwnPaths } from "./own_path.ts";
import { type AskHandle, netlinkObjects, remoteMethod, remoteNetlink } from "./remote_netlink.ts";
import type { RemoteCallOptions, RemoteHandles } from "./remote_handles.ts";

type AnyFunction = (...args: never[]) => unknown;

/** The methods of a handle that may be bound to options. */
class RemoteCalls {
  readonly description: HandleDescription;
  readonly #handles: RemoteHandles;
  readonly #options: RemoteCallOptions;

  constructor(
    handles: RemoteHandles,
    description: HandleDescription,
    options: RemoteCallOptions = {},
  ) {
    this.#handles = handles;
    this.description = description;
    this.#options = options;
  }

  async do(fn: AnyFunction, ...args: unknown[]): Promise<unknown> {
    const callee = { source: functionSource(fn) };
    return await this.#handles.call(this.description, callee, args, this.#options);
  }

  async import(url: string | URL): Promise<Record<string, (...args: unknown[]) => unknown>> {
    const { href } = new URL(url);
    const names = await this.#request("exports", [href]) as string[];
    return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => {
      const callee = { url: href, export: name };
      return this.#handles.call(this.description, callee, args, this.#options);
    }]));
  }

  exec(command: string, args?: readonly string[], options?: object): Promise<unknown> {
    return this.#request("exec", [command, args, options]);
  }

  #request(method: "exports" | "exec", args: unknown[]): Promise<unknown> {
    return this.#handles.request(this.description, method, args, this.#options);
  }
}

/** What `ctx.ns`, `ctx.host` and handles among the arguments are inside. */
export class RemoteHandle extends RemoteCalls {
  readonly #handles: RemoteHandles;
  readonly #ask: AskHandle = (method, args) => {
    return this.#handles.request(this.description, method, args);
  };

  constructor(handles: RemoteHandles, description: HandleDescription) {
    super(handles, description);
    this.#handles = handles;
    const ask = this.#ask;
    const own = (args: unknown[]) => withOwnPaths(args, handles.tid);
    for (const [name, members] of Object.entries(netlinkObjects)) {
      Object.defineProperty(this, name, { value: remoteNetlink(ask, own, [name], members) });
    }
    const sysctl = {
      get: (...args: unknown[]) => ask("getSysctl", args),
      set: (...args: unknown[]) => ask("setSysctl", args),
    };
    Object.defineProperty(this, "sysctl", { value: sysctl });
    Object.defineProperty(this, "monitor", { value: remoteMethod(ask, own, ["monitor"]) });
  }

  get name(): string | undefined {
    return this.description.name;
  }

  get path(): string | undefined {
    return this.description.path;
  }

  get id(): bigint | undefined {
    return this.description.id;
  }

  get dev(): number {
    return this.description.dev;
  }

  get inode(): number {
    return this.description.inode;
  }

  equals(other: { dev: number; inode: number }): boolean {
    return this.dev === other.dev && this.inode === other.inode;
  }

  with(options: RemoteCallOptions): RemoteCalls {
    if (options === undefined) throw wrongType("options", "an object", options);
    checkOptions("options", options, ["signal", "timeout"]);
    checkSignal("options.signal", options.signal);
    checkTimeout("options.timeout", options.timeout);
    return new RemoteCalls(this.#handles, this.description, options);
  }

  readProcNet(...args: unknown[]): Promise<unknown> {
    return this.#ask("readProcNet", args);
  }

  getNsid(): Promise<unknown> {
    return this.#ask("getNsid", []);
  }

  setNsid(nsid: unknown): Promise<unknown> {
    return this.#ask("setNsid", [nsid]);
  }

  pids(options?: object): Promise<unknown> {
    return this.#ask("pids", [options]);
  }

  close(options?: object): Promise<unknown> {
    return this.#ask("close", [options]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  override toString(): string {
    return `NetNS(${this.path ?? `net:[${this.inode}]`})`;
  }
}
