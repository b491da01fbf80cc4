/**
 * Scripts that make shells complete the commands, options and names of `netns`.
 *
 * @module
 */

import type { Command } from "./command.ts";

/** Those whose first word is the name of a namespace. */
function takesName({ usage }: Command): boolean {
  return /^\[?NAME/.test(usage);
}

function shown(commands: readonly Command[]): Command[] {
  return commands.filter(({ hidden }) => !hidden);
}

function optionsOf({ options = {} }: Command): string[] {
  return [...Object.keys(options), "help"].map((name) => `--${name}`);
}

/** For bash. */
export function bash(commands: readonly Command[]): string {
  const cases = shown(commands).map((command) => {
    const names = takesName(command) ? " $(netns list 2>/dev/null | cut -d' ' -f1)" : "";
    return `    ${[command.name, ...command.aliases ?? []].join("|")}) words="${
      optionsOf(command).join(" ")
    }${names}" ;;`;
  });
  return `_netns() {
  local words
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${shown(commands).map(({ name }) => name).join(" ")} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _netns netns`;
}

/** For zsh. */
export function zsh(commands: readonly Command[]): string {
  const list = shown(commands).map(({ name, summary }) => `    '${name}:${quote(summary)}'`);
  const cases = shown(commands).map((command) => {
    const names = takesName(command) ? " ${(f)\"$(netns list 2>/dev/null | cut -d' ' -f1)\"}" : "";
    return `    ${[command.name, ...command.aliases ?? []].join("|")}) compadd -- ${
      optionsOf(command).join(" ")
    }${names} ;;`;
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
  for (const command of shown(commands)) {
    const { name, summary, aliases = [], options = {} } = command;
    lines.push(`complete -c netns -n __fish_use_subcommand -a ${name} -d '${quote(summary)}'`);
    const used = `'__fish_seen_subcommand_from ${[name, ...aliases].join(" ")}'`;
    for (const [option, { help, short }] of Object.entries(options)) {
      const letter = short === undefined ? "" : ` -s ${short}`;
      lines.push(`complete -c netns -n ${used} -l ${option}${letter} -d '${quote(help)}'`);
    }
    if (takesName(command)) {
      lines.push(
        `complete -c netns -n ${used} -a "(netns list 2>/dev/null | string split -f1 ' ')"`,
      );
    }
  }
  return lines.join("\n");
}

function quote(text: string): string {
  return text.replaceAll("'", "'\\''");
}
