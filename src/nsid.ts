/**
 * The ids by which one network namespace knows others: `ip netns set`, `RTM_NEWNSID`.
 *
 * @module
 */

import { checkInteger } from "./check.ts";
import { errnoName, syscallError } from "./errors.ts";
import type { Namespace } from "./namespace.ts";
import { Channel } from "./netlink/channel.ts";
import type { MessageReader } from "./netlink/codec/message_reader.ts";
import { MessageWriter } from "./netlink/codec/message_writer.ts";
import { visitAttributes } from "./netlink/codec/visit_attributes.ts";
import {
  NETNSA,
  NETNSA_NSID_NOT_ASSIGNED,
  RTGENMSG_LENGTH,
} from "./netlink/constants/net_namespace.ts";
import { NLM_F_ACK, NLMSG_ERROR } from "./netlink/constants/netlink.ts";
import { RTM_GETNSID, RTM_NEWNSID } from "./netlink/constants/rtnetlink.ts";
import { resultOf, unanswered } from "./netlink/frames.ts";
import { openNetlinkSocket } from "./netlink/socket.ts";
import { here } from "./position.ts";

/** The id by which the calling thread's namespace knows `target`; undefined when it has none. */
export function getNsid(target: Namespace): number | undefined {
  const action = `Cannot look up the nsid of ${target.label}`;
  const { result, nsid } = ask(RTM_GETNSID, target);
  if (result < 0) throw syscallError({ action, syscall: "RTM_GETNSID", result });
  return nsid;
}

/** Gives `target` an id in the calling thread's namespace, once; returns it. */
export function setNsid(target: Namespace, nsid: number | "auto"): number {
  if (nsid !== "auto") checkInteger("nsid", nsid, 0);
  const action = `Cannot set the nsid of ${target.label}`;
  const { result } = ask(RTM_NEWNSID, target, nsid);
  if (result < 0) {
    throw syscallError({
      action,
      syscall: "RTM_NEWNSID",
      result,
      hint: hint(result, target, nsid),
    });
  }
  return nsid === "auto" ? getNsid(target)! : nsid;
}

function hint(result: number, target: Namespace, nsid: number | "auto"): string | undefined {
  const code = errnoName(result);
  if (code === "EPERM") return "CAP_NET_ADMIN is needed in the namespace that the caller is in";
  if (code !== "EEXIST") return undefined;
  const assigned = getNsid(target);
  return assigned === undefined
    ? `another namespace has the id ${nsid}: choose a free one, or "auto"`
    : `the namespace has the id ${assigned} already; an id is given once and stays`;
}

/** The result of a request (0 or `-errno`), and the id that it was answered with. */
interface Answer {
  result: number;
  nsid: number | undefined;
}

/** Asks the kernel, which has answered when the request is sent, in the caller's namespace. */
function ask(type: number, target: Namespace, nsid?: number | "auto"): Answer {
  const message = new MessageWriter(type, 0).u32(0);
  writeAttribute(message, NETNSA.NETNSA_FD, target.fd);
  if (nsid !== undefined) {
    writeAttribute(message, NETNSA.NETNSA_NSID, nsid === "auto" ? NETNSA_NSID_NOT_ASSIGNED : nsid);
  }
  const channel = new Channel(openNetlinkSocket(here()));
  try {
    const number = channel.number(1);
    channel.append(message.finish(), NLM_F_ACK, number);
    channel.send();
    const answer: Answer = { result: 0, nsid: undefined };
    for (let answered = false; !answered;) {
      const received = channel.receive((type, _flags, sequence, start, end) => {
        if (sequence !== number) return;
        if (type === RTM_NEWNSID) answer.nsid = readNsid(channel.reader, start, end);
        if (type !== NLMSG_ERROR) return;
        answer.result = resultOf(channel.reader, start, end);
        answered = true;
      });
      if (!received && !answered) throw unanswered();
    }
    return answer;
  } finally {
    channel.socket.close();
  }
}

function writeAttribute(message: MessageWriter, type: number, value: number): void {
  const start = message.begin(type);
  message.u32(value).end(start);
}

function readNsid(reader: MessageReader, start: number, end: number): number | undefined {
  let nsid: number | undefined;
  visitAttributes(reader, start + RTGENMSG_LENGTH, end, (type, from, to) => {
    if (type === NETNSA.NETNSA_NSID && to - from === 4) nsid = reader.i32(from);
  });
  return nsid === NETNSA_NSID_NOT_ASSIGNED ? undefined : nsid;
}
