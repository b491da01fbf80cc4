/**
 * Scripts that make shells complete the commands, options and names of `netns`.
 *
 * @module
 */

import type { Command } from "./command.ts";

/** Where names are looked up: a TAB must not wait for the start of a runtime. */
const DIRECTORY = "/run/netns";

/** Which words after a command are names of namespaces. */
function takesNames({ usage }: Command): "first" | "every" | undefined {
  if (/^\[?NAME\.\.\./.test(usage)) return "every";
  return /^\[?NAME/.test(usage) ? "first" : undefined;
}

/** Words that a command takes and that its usage lists. */
function choices({ usage }: Command): string[] {
  return /^[a-z|]+$/.test(usage) ? usage.split("|") : [];
}

function optionsOf({ options = {} }: Command): string[] {
  return [...Object.keys(options), "help"].map((name) => `--${name}`);
}

function wordsOf(command: Command): string {
  return [...choices(command), ...optionsOf(command)].join(" ");
}

function pattern({ name, aliases = [] }: Command): string {
  return [name, ...aliases].join("|");
}

/** For bash. Names are quoted, and never expanded: they may hold what a shell would run. */
export function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const names = takesNames(command) === undefined ? "" : ` names=${takesNames(command)}`;
    const program = command.name === "exec" ? " program=yes" : "";
    return `    ${pattern(command)}) words="${wordsOf(command)}"${names}${program} ;;`;
  });
  return `_netns() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words names program path
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "$names" = every ] || [ "$names" = first -a "$COMP_CWORD" -eq 2 ]; then
    for path in ${DIRECTORY}/*; do
      path="\${path##*/}"
      [[ "$path" != "*" && "$path" == "$word"* ]] && COMPREPLY+=("$(printf %q "$path")")
    done
  fi
  if [ "$program" ] && [ "$COMP_CWORD" -gt 2 ]; then
    COMPREPLY+=($(compgen -c -- "$word"))
  fi
}
complete -o default -F _netns netns`;
}

/** For zsh. */
export function zsh(commands: readonly Command[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`);
  const cases = commands.map((command) => {
    const names = takesNames(command) === undefined ? "" : ` ${DIRECTORY}/*(N:t)`;
    return `    ${pattern(command)}) compadd -- ${wordsOf(command)}${names} ;;`;
  });
  return `#compdef netns
_netns() {
  local -a commands
  commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "\${words[2]}" in
${cases.join("\n")}
  esac
  _files
}
compdef _netns netns`;
}

/** For fish. */
export function fish(commands: readonly Command[]): string {
  const lines = ["complete -c netns -f"];
  for (const command of commands) {
    const { name, summary, aliases = [], options = {} } = command;
    lines.push(`complete -c netns -n __fish_use_subcommand -a ${name} -d '${quote(summary)}'`);
    const used = `'__fish_seen_subcommand_from ${[name, ...aliases].join(" ")}'`;
    for (const [option, { help, short }] of Object.entries(options)) {
      const letter = short === undefined ? "" : ` -s ${short}`;
      lines.push(`complete -c netns -n ${used} -l ${option}${letter} -d '${quote(help)}'`);
    }
    const words = choices(command);
    if (words.length > 0) lines.push(`complete -c netns -n ${used} -a '${words.join(" ")}'`);
    if (takesNames(command) !== undefined) {
      const names = `(for path in ${DIRECTORY}/*; string replace -r ".*/" "" -- $path; end)`;
      lines.push(`complete -c netns -n ${used} -a '${names}'`);
    }
  }
  return lines.join("\n");
}

function quote(text: string): string {
  return text.replaceAll("'", "'\\''");
}
