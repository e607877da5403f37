// SPDX-License-Identifier: Apache-2.0
// Run by the build as: java -cp CLASSES ship/Completions.java INTO

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import perpetua.cli.Usage;
import tools.Index;

/**
 * The completions for bash, zsh and fish, made from the usage lines: which letters there are, which take an argument and of
 * what kind, and where in the line the next program of a chain begins, whose own completion takes over from there.
 */
public final class Completions {
    /** What may stand in a place, judged by the name it has in the usage line. */
    private enum Kind {
        NOTHING("", "", ""),
        FILE("file", ":_files", "-F"),
        DIRECTORY("directory", ":_files -/", "-a '(__fish_complete_directories)'"),
        USER("user", ":_users", "-a '(__fish_complete_users)'"),
        GROUP("group", ":_groups", "-a '(__fish_complete_groups)'"),
        SERVICE("service", ":_perpetua_services", "-a '(__perpetua_services)'"),
        PROGRAM("program", "", "");

        final String bash;
        final String zsh;
        final String fish;

        Kind(String bash, String zsh, String fish) {
            this.bash = bash;
            this.zsh = zsh;
            this.fish = fish;
        }

        static Kind of(String name) {
            return switch (name) {
                case "program", "child", "tool", "command" -> PROGRAM;
                case "sv" -> SERVICE;
                case "user", "account" -> USER;
                case "grp", "group" -> GROUP;
                case "dir", "basedir", "directory", "chdir", "chroot" -> DIRECTORY;
                case "trapper", "realprog", "config", "path" -> FILE;
                default -> name.endsWith("file") || name.endsWith("lock") || name.endsWith("env") ? FILE : NOTHING;
            };
        }
    }

    /** One tool as its usage line shows it. */
    private static final class Grammar {
        final String name;
        final String flags;
        final Map<Character, String> arguments = new LinkedHashMap<>();
        /** Up to the program, or up to what may be repeated. */
        final List<String> operands = new ArrayList<>();
        final boolean repeats;

        Grammar(Usage usage) {
            name = usage.name();
            String line = usage.line();
            StringBuilder alone = new StringBuilder();
            String letters = usage.isVerbatim() ? "" : usage.letters() + "hV";
            for (int i = 0; i < letters.length(); i++) {
                char letter = letters.charAt(i);
                if (letter == ':' || alone.indexOf("" + letter) >= 0 || arguments.containsKey(letter)) continue;
                if (i + 1 < letters.length() && letters.charAt(i + 1) == ':') {
                    Matcher argument = Pattern.compile("-" + letter + "(?: \\| -\\w)?>? (?:\\[[^\\]]*\\])?([A-Za-z]\\w*)").matcher(line);
                    arguments.put(letter, argument.find() ? argument.group(1) : "argument");
                } else {
                    alone.append(letter);
                }
            }
            flags = alone.toString();

            // perpctl's commands are letters in brackets, and not optional.
            line = line.replaceAll("\\[[A-Za-z0-9]{8,}\\]", "letters");
            // What is left when all that is in closed brackets is gone, up to the program: the last of its alternatives.
            Matcher program = Pattern.compile("(?<![\\w-])(program|child|tool|command)\\b").matcher(line);
            String before = line.substring(0, program.find() ? program.end() : line.length());
            if (before.length() == line.length()) before = before.replaceAll("\\[(\\w+) \\.\\.\\.\\]", "$1");
            for (String shorter; !(shorter = before.replaceAll("\\[[^\\[\\]]*\\]", " ")).equals(before); ) before = shorter;
            before = before.substring(1 + Math.max(before.lastIndexOf('|'), before.lastIndexOf('[')));
            String last = "";
            for (String word : before.trim().split("\\s+")) {
                if (word.matches("[A-Za-z]\\w*") && !word.equals(last)) operands.add(last = word);
            }
            if (operands.isEmpty()) {
                Matcher optional = Pattern.compile("\\[ ?([a-z]\\w*)\\b").matcher(line);
                while (optional.find()) operands.add(optional.group(1));
            }
            repeats = line.contains("...");
        }

        String kinds() {
            StringBuilder kinds = new StringBuilder();
            for (String operand : operands) kinds.append(' ').append(word(Kind.of(operand).bash));
            return kinds.toString().trim();
        }

        private static String word(String kind) {
            return kind.isEmpty() ? "nothing" : kind;
        }
    }

    public static void main(String[] args) throws IOException {
        Path share = Path.of(args[0], "share");
        List<Grammar> grammars = new ArrayList<>();
        Index index = new Index();
        for (String tool : index.names()) grammars.add(new Grammar(index.find(tool).usage()));
        bash(share.resolve("bash-completion/completions"), grammars);
        zsh(share.resolve("zsh/site-functions"), grammars);
        fish(share.resolve("fish/vendor_completions.d"), grammars);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** The loader of bash-completion looks for a file of the command's name: links to one. */
    private static void bash(Path folder, List<Grammar> grammars) throws IOException {
        StringBuilder out = new StringBuilder("""
                # Completion of Perpetua's tools, made from their usage lines.
                # SPDX-License-Identifier: Apache-2.0

                # What a tool takes: letters alone, letters with an argument and its kind, kinds of the operands.
                _perpetua_grammar() {
                  flags= arguments= operands=
                  case $1 in
                """);
        for (Grammar tool : grammars) {
            StringBuilder arguments = new StringBuilder();
            tool.arguments.forEach((letter, name) ->
                    arguments.append(' ').append(letter).append('=').append(Grammar.word(Kind.of(name).bash)));
            out.append("    ").append(tool.name).append(") flags='").append(tool.flags).append("' arguments='")
                    .append(arguments.toString().trim()).append("' operands='").append(tool.kinds())
                    .append(tool.repeats ? " ..." : "").append("' ;;\n");
        }
        out.append("""
                    *) return 1 ;;
                  esac
                }

                _perpetua_kind() {
                  local IFS=$' \\t\\n'
                  case $1 in
                    file) mapfile -t COMPREPLY < <(compgen -f -- "$2"); compopt -o filenames 2> /dev/null ;;
                    directory) mapfile -t COMPREPLY < <(compgen -d -- "$2"); compopt -o filenames 2> /dev/null ;;
                    user) mapfile -t COMPREPLY < <(compgen -u -- "$2") ;;
                    group) mapfile -t COMPREPLY < <(compgen -g -- "$2") ;;
                    program) mapfile -t COMPREPLY < <(compgen -c -- "$2") ;;
                    service) mapfile -t COMPREPLY < <(compgen -W "$(cd "${base:-/etc/perp}" 2> /dev/null && printf '%s\\n' */ | tr -d /)" -- "$2") ;;
                  esac
                }

                # The word being typed, for the tool that stands at the place $1 of the line.
                _perpetua_at() {
                  local flags arguments operands at=$1 done=$1 word letter rest argument base=${PERP_BASE:-}
                  local current=${COMP_WORDS[COMP_CWORD]}
                  if ! _perpetua_grammar "${COMP_WORDS[at]##*/}"; then
                    if [ "$(type -t _command_offset)" = function ]; then _command_offset "$at"; else _perpetua_kind file "$current"; fi
                    return
                  fi
                  local kinds=($operands) n=0 options=yes
                  while [ $((++at)) -lt "$COMP_CWORD" ]; do
                    word=${COMP_WORDS[at]}
                    case $options:$word in
                      yes:--) options= ;;
                      yes:-?*)
                        rest=${word#-}
                        while [ -n "$rest" ]; do
                          letter=${rest:0:1} rest=${rest:1}
                          case " $arguments" in *" $letter="*) ;; *) continue ;; esac
                          argument=${arguments##*"$letter="} argument=${argument%% *}
                          [ -n "$rest" ] && break
                          if [ $((++at)) = "$COMP_CWORD" ]; then _perpetua_kind "$argument" "$current"; return; fi
                          [ "$letter" != b ] || base=${COMP_WORDS[at]}
                          break
                        done ;;
                      *)
                        options=
                        if [ "${kinds[n]}" = program ]; then _perpetua_at "$at"; return; fi
                        [ "${kinds[n + 1]}" = ... ] || n=$((n + 1)) ;;
                    esac
                  done
                  if [ -n "$options" ] && [ "${current:0:1}" = - ]; then
                    local all=$flags each
                    for each in $arguments; do all=$all${each%%=*}; done
                    COMPREPLY=($(compgen -W "$(printf '%s' "$all" | sed 's/./-& /g')" -- "$current"))
                    return
                  fi
                  _perpetua_kind "${kinds[n]}" "$current"
                }

                _perpetua() {
                  COMPREPLY=()
                  _perpetua_at 0
                  return 0
                }

                complete -F _perpetua""");
        for (Grammar tool : grammars) out.append(' ').append(tool.name);
        write(folder.resolve("perpetua"), out.append('\n').toString());
        for (Grammar tool : grammars) {
            if (!tool.name.equals("perpetua")) Files.createSymbolicLink(folder.resolve(tool.name), Path.of("perpetua"));
        }
    }

    private static void zsh(Path folder, List<Grammar> grammars) throws IOException {
        StringBuilder out = new StringBuilder("#compdef");
        for (Grammar tool : grammars) out.append(' ').append(tool.name);
        out.append("""

                # Completion of Perpetua's tools, made from their usage lines.
                # SPDX-License-Identifier: Apache-2.0

                _perpetua_services() {
                  local base=${opt_args[-b]:-${PERP_BASE:-/etc/perp}}
                  local -a services=($base/*(N/:t))
                  compadd -a services
                }

                case $service in
                """);
        for (Grammar tool : grammars) {
            out.append("  ").append(tool.name).append(") _arguments -s -S -A '-*'");
            for (char letter : tool.flags.toCharArray()) out.append(" '-").append(letter).append('\'');
            tool.arguments.forEach((letter, name) ->
                    out.append(" '-").append(letter).append("+:").append(name).append(tail(Kind.of(name).zsh)).append('\''));
            for (int i = 0; i < tool.operands.size(); i++) {
                String operand = tool.operands.get(i);
                Kind kind = Kind.of(operand);
                if (kind == Kind.PROGRAM) {
                    // Three colons: the words from the program on are a command line of their own.
                    out.append(" '*:::").append(operand).append(":_normal'");
                    break;
                }
                boolean last = i == tool.operands.size() - 1 && tool.repeats;
                out.append(" '").append(last ? "*" : "" + (i + 1)).append(':').append(operand).append(tail(kind.zsh)).append('\'');
            }
            out.append(" ;;\n");
        }
        write(folder.resolve("_perpetua"), out.append("esac\n").toString());
    }

    private static String tail(String action) {
        return action.isEmpty() ? ": " : action;
    }

    private static void fish(Path folder, List<Grammar> grammars) throws IOException {
        for (Grammar tool : grammars) {
            StringBuilder out = new StringBuilder("# Completion of " + tool.name + ", made from its usage line.\n"
                    + "# SPDX-License-Identifier: Apache-2.0\n");
            String complete = "complete -c " + tool.name;
            if (tool.operands.contains("sv")) {
                out.append("""
                        function __perpetua_services
                            set -l base /etc/perp
                            set -q PERP_BASE; and set base $PERP_BASE
                            path filter -d $base/* 2>/dev/null | path basename
                        end
                        """);
            }
            out.append(complete).append(" -f\n");
            for (char letter : tool.flags.toCharArray()) out.append(complete).append(" -s ").append(letter).append('\n');
            StringBuilder taking = new StringBuilder();
            tool.arguments.forEach((letter, name) -> {
                Kind kind = Kind.of(name);
                out.append(complete).append(" -s ").append(letter).append(" -r ").append(kind.fish)
                        .append(" -d '").append(name).append("'\n");
                taking.append(" -").append(letter);
            });
            for (int i = 0; i < tool.operands.size(); i++) {
                Kind kind = Kind.of(tool.operands.get(i));
                String at = "'test (__perpetua_operands" + taking + ") ";
                if (kind == Kind.PROGRAM) {
                    out.append(complete).append(" -n ").append(at).append("-ge ").append(i).append("' -x -a '(__fish_complete_subcommand --fcs-skip=")
                            .append(i + 1).append(taking).append(")'\n");
                    break;
                }
                boolean last = i == tool.operands.size() - 1 && tool.repeats;
                if (kind != Kind.NOTHING) {
                    out.append(complete).append(" -n ").append(at).append(last ? "-ge " : "-eq ").append(i).append("' ").append(kind.fish).append('\n');
                }
            }
            out.append("""
                    # How many operands stand before the word that is typed. The arguments are the options that take one.
                    function __perpetua_operands
                        set -l words (commandline -opc)
                        set -e words[1]
                        set -l n 0
                        while set -q words[1]
                            switch $words[1]
                                case '-*'
                                    if test $n -eq 0; and contains -- $words[1] $argv
                                        set -e words[1]
                                    else if test $n -gt 0
                                        set n (math $n + 1)
                                    end
                                case '*'
                                    set n (math $n + 1)
                            end
                            set -e words[1]
                        end
                        echo $n
                    end
                    """);
            write(folder.resolve(tool.name + ".fish"), out.toString());
        }
    }
}
