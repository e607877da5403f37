// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import java.util.ArrayList;
import java.util.List;

/** What a configuration file holds: sections, in the order of the file (spec/procd.md section 6). */
public final class ConfigPackage {
    private final String name;
    private final List<Section> sections = new ArrayList<>();

    public ConfigPackage(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    public List<Section> sections() {
        return sections;
    }

    /**
     * @param wanted a name, or {@code @type[index]}; a negative index counts from the end
     * @return null if there is none
     */
    public Section section(String wanted) {
        if (!wanted.startsWith("@")) {
            for (Section section : sections) {
                if (section.name().equals(wanted)) return section;
            }
            return null;
        }
        int bracket = wanted.indexOf('[');
        if (bracket < 0 || !wanted.endsWith("]")) return null;
        String type = wanted.substring(1, bracket);
        String number = wanted.substring(bracket + 1, wanted.length() - 1);
        boolean fromEnd = number.startsWith("-");
        int index = index(fromEnd ? number.substring(1) : number);
        if (index < 0) return null;
        List<Section> such = new ArrayList<>();
        for (Section section : sections) {
            if (type.isEmpty() || section.type().equals(type)) such.add(section);
        }
        if (fromEnd) index = such.size() - index;
        return index < 0 || index >= such.size() ? null : such.get(index);
    }

    private static int index(String digits) {
        if (digits.isEmpty() || digits.length() > 8) return -1;
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) return -1;
            number = 10 * number + digit;
        }
        return number;
    }

    /** How a section is called where it has no name of its own: {@code @type[index]}. */
    public String shownName(Section section) {
        if (!section.isAnonymous()) return section.name();
        int index = 0;
        for (Section other : sections) {
            if (other == section) break;
            if (other.type().equals(section.type())) index++;
        }
        return "@" + section.type() + "[" + index + "]";
    }

    /** @param wanted null or empty for one without a name */
    Section make(String type, String wanted) {
        boolean anonymous = wanted == null || wanted.isEmpty();
        Section section = anonymous ? null : section(wanted);
        if (section != null) {
            section.setType(type);
            return section;
        }
        section = new Section(type, anonymous ? freeName(type) : wanted, anonymous);
        sections.add(section);
        return section;
    }

    /** The same at each reading of the same file, so that changes that wait can name it. */
    public String freeName(String type) {
        int hash = 5381;
        for (int i = 0; i < type.length(); i++) hash = hash * 33 + type.charAt(i);
        for (int ordinal = sections.size() + 1; ; ordinal++) {
            String free = "cfg" + Integer.toHexString(0x100 + (ordinal & 0xff)).substring(1)
                    + Integer.toHexString(0x10000 + (hash + (ordinal >> 8) & 0xffff)).substring(1);
            if (section(free) == null) return free;
        }
    }

    /** Whether it can be the type of a section: signs that are seen. */
    public static boolean isType(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') return false;
        }
        return !text.isEmpty();
    }

    /** Whether it can be a value: of the control characters only those of blanks and ends of lines. */
    public static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' && "\t\n\r".indexOf(text.charAt(i)) < 0) return false;
        }
        return true;
    }

    /**
     * As a file: a blank line before each section and one at the end, tabs, single quotes.
     *
     * @param named whether a section without a name is to be given the one that is made up
     */
    public String text(boolean named) {
        StringBuilder text = new StringBuilder();
        for (Section section : sections) {
            text.append("\nconfig ").append(isPlain(section.type()) ? section.type() : Quoting.quoted(section.type()));
            if (named || !section.isAnonymous()) text.append(' ').append(Quoting.quoted(section.name()));
            text.append('\n');
            for (Option option : section.options()) {
                for (String value : option.values()) {
                    text.append(option.isList() ? "\tlist " : "\toption ").append(option.name()).append(' ')
                            .append(Quoting.quoted(value)).append('\n');
                }
            }
        }
        return text.append('\n').toString();
    }

    private static boolean isPlain(String type) {
        for (int i = 0; i < type.length(); i++) {
            if (!ConfigReader.isNameChar(type.charAt(i)) && type.charAt(i) != '-') return false;
        }
        return !type.isEmpty();
    }
}
