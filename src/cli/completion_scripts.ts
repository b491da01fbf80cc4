/**
 * Scripts that make shells complete the commands, options and names of `netns`.
 *
 * @module
 */

import type { Command, Option } from "./command.ts";

/** Where names are looked up: a TAB must not wait for the start of a runtime. */
const DIRECTORY = "/run/netns";

/** Which words after a command are names of namespaces that are there. */
function takesNames({ name, usage }: Command): "first" | "every" | undefined {
  if (name === "add" || name === "attach") return undefined;
  if (/^\[?NAME\.\.\./.test(usage)) return "every";
  return /^\[?NAME/.test(usage) ? "first" : undefined;
}

/** Words that a command takes and that its usage lists. */
function wordsListed({ usage }: Command): string[] {
  return /^[a-z|]+$/.test(usage) ? usage.split("|") : [];
}

const help: Option = { type: "boolean", short: "h", help: "print help" };

function optionsOf({ options = {} }: Command): [name: string, option: Option][] {
  return Object.entries({ ...options, help });
}

/** Options whose value is one of some words, or no file. */
function valuesOf(command: Command): [option: string, values: readonly string[]][] {
  return optionsOf(command)
    .filter(([, { type, value }]) => type === "string" && value !== "PATH")
    .map(([name, { choices = [] }]) => [`--${name}`, choices]);
}

function wordsOf(command: Command): string {
  return [...wordsListed(command), ...optionsOf(command).map(([name]) => `--${name}`)].join(" ");
}

function pattern({ name, aliases = [] }: Command): string {
  return [name, ...aliases].join("|");
}

/**
 * How many words stand before the program that a command runs, without `--`; a JavaScript file is a
 * file to shells.
 */
function wordsBeforeProgram({ name, program }: Command): number | undefined {
  return program === undefined || name === "run" ? undefined : 2 + program.positionalsBefore;
}

/** Options with a value that stand in the place of a name before a program. */
function namingOptions(commands: readonly Command[]): string[] {
  return commands.flatMap(({ options = {}, program }) =>
    (program?.optionsInstead ?? []).filter((name) => options[name]?.type === "string")
      .map((name) => `--${name}`)
  );
}

/** For bash. Names are quoted, and never expanded: they may hold what a shell would run. */
export function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const names = takesNames(command) === undefined ? "" : ` names=${takesNames(command)}`;
    const before = wordsBeforeProgram(command);
    const program = before === undefined ? "" : ` program=${before}`;
    return `    ${pattern(command)}) words="${wordsOf(command)}"${names}${program} ;;`;
  });
  const values = commands.flatMap((command) =>
    valuesOf(command).map(([option, values]) =>
      `  ${command.name}${option}) COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$word"));` +
      " return ;;"
    )
  );
  return `_netns() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words names program path
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    esac
  fi
  if [ "$program" ]; then
    case "\${COMP_WORDS[2]}" in
    ${namingOptions(commands).join(" | ")}) program=$((program + 1)) ;;
    esac
    [ "\${COMP_WORDS[program]}" = -- ] && program=$((program + 1))
    if [ "$COMP_CWORD" -gt "$program" ]; then
      declare -F _command_offset >/dev/null && _command_offset "$program"
      return
    fi
  fi
  case "\${COMP_WORDS[1]}\${COMP_WORDS[COMP_CWORD-1]}" in
${values.join("\n")}
  *--dir | *--path) return ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [ "$names" = every ] || [ "$names" = first -a "$COMP_CWORD" -eq 2 ]; then
    for path in ${DIRECTORY}/*; do
      path="\${path##*/}"
      [[ "$path" != "*" && "$path" == "$word"* ]] && COMPREPLY+=("$(printf %q "$path")")
    done
  fi
  if [ "$program" ] && [ "$COMP_CWORD" -eq "$program" ]; then
    COMPREPLY+=($(compgen -c -- "$word"))
  fi
}
complete -o default -F _netns netns`;
}

/** For zsh, which quotes names by itself, and has parameters `commands` and `options` of its own. */
export function zsh(commands: readonly Command[]): string {
  const list = commands.map(({ name, summary }) => `    '${name}:${quote(summary)}'`);
  const cases = commands.map((command) => {
    const options = optionsOf(command).map(([name, { help }]) => `'--${name}:${quote(help)}'`);
    const which = takesNames(command);
    const set = [
      `offered=(${wordsListed(command).join(" ")})`,
      `netns_options=(${options.join(" ")})`,
      ...which === undefined ? [] : [`names=${which}`],
      ...command.name === "run" ? ["files=yes"] : [],
    ];
    const before = wordsBeforeProgram(command);
    if (before !== undefined) set.push(`program=${before + 1}`);
    return `    ${pattern(command)}) ${set.join("; ")} ;;`;
  });
  const values = commands.flatMap((command) =>
    valuesOf(command).map(([option, values]) =>
      `    ${command.name}${option}) compadd -- ${values.join(" ")}; return ;;`
    )
  );
  return `#compdef netns
_netns() {
  local -a netns_commands netns_options offered
  local names program files
  netns_commands=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command netns_commands
    return
  fi
  case "\${words[2]}" in
${cases.join("\n")}
  esac
  if [[ -n $program ]]; then
    case "\${words[3]}" in
      ${namingOptions(commands).join(" | ")}) (( program++ )) ;;
    esac
    [[ "\${words[program]}" == -- && CURRENT -gt program ]] && (( program++ ))
    if (( CURRENT >= program )) && [[ "\${words[CURRENT]}" != -* || CURRENT -gt program ]]; then
      shift $((program - 1)) words
      (( CURRENT -= program - 1 ))
      _normal
      return
    fi
  fi
  case "\${words[2]}\${words[CURRENT-1]}" in
${values.join("\n")}
    *--dir) _files -/; return ;;
    *--path) _files; return ;;
  esac
  compadd -a -- offered
  if [[ $names == every || ($names == first && CURRENT -eq 3) ]]; then
    compadd -- ${DIRECTORY}/*(N:t)
  fi
  [[ -n $files ]] && _files
  [[ "\${words[CURRENT]}" == -* ]] && _describe option netns_options
  return 0
}
if [[ "\${funcstack[1]}" == _netns ]]; then
  _netns "$@"
else
  compdef _netns netns
fi`;
}

/** For fish, which quotes names by itself. */
export function fish(commands: readonly Command[]): string {
  const lines = [
    "function __netns_is",
    "  set -l words (commandline -opc)",
    '  contains -- "$words[2]" $argv',
    "end",
    "function __netns_first",
    "  test (count (commandline -opc)) -eq 2",
    "end",
    "function __netns_names",
    `  for path in ${DIRECTORY}/*; string replace -r '.*/' '' -- $path; end`,
    "end",
    "function __netns_program",
    "  set -l words (commandline -opc)",
    "  set -l program (math $argv[1] + 1)",
    `  contains -- "$words[3]" ${namingOptions(commands).join(" ")}`,
    "  and set program (math $program + 1)",
    "  test (count $words) -ge (math $program - 1); or return",
    "  set -q words[$program]; and test $words[$program] = --; and set program (math $program + 1)",
    "  set -l line (string escape -- $words[$program..]) (commandline -ct)",
    '  complete --do-complete="$line"',
    "end",
    "complete -c netns -f",
    "complete -c netns -n __fish_is_first_arg -l version -d 'print the version'",
  ];
  for (const command of commands) {
    const { name, summary, aliases = [] } = command;
    lines.push(`complete -c netns -n __fish_is_first_arg -a ${name} -d '${quote(summary)}'`);
    const is = `__netns_is ${[name, ...aliases].join(" ")}`;
    const add = (what: string, also = "") =>
      lines.push(`complete -c netns -n '${is}${also}' ${what}`);
    for (const [option, { help, short, type, value, choices = [] }] of optionsOf(command)) {
      const letter = short === undefined ? "" : ` -s ${short}`;
      const takes = type === "boolean"
        ? ""
        : value === "PATH"
        ? " -rF"
        : ` -x -a '${choices.join(" ")}'`;
      add(`-l ${option}${letter}${takes} -d '${quote(help)}'`);
    }
    const words = wordsListed(command);
    if (words.length > 0) add(`-a '${words.join(" ")}'`);
    const names = takesNames(command);
    if (names !== undefined) {
      add("-a '(__netns_names)'", names === "first" ? "; and __netns_first" : "");
    }
    if (name === "run") add("-F");
    const before = wordsBeforeProgram(command);
    if (before !== undefined) add(`-a '(__netns_program ${before})'`);
  }
  return lines.join("\n");
}

function quote(text: string): string {
  return text.replaceAll("'", "'\\''");
}
