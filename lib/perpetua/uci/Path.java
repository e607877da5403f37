// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

/**
 * What a command names: {@code package}, {@code package.section} or {@code package.section.option}.
 *
 * @param section null if there is none, as {@code option}
 */
public record Path(String config, String section, String option) {

    /** @return null if it can't be one */
    public static Path of(String text) {
        int first = text.indexOf('.');
        if (first < 0) return ConfigStore.isPackageName(text) ? new Path(text, null, null) : null;
        String config = text.substring(0, first);
        if (!ConfigStore.isPackageName(config)) return null;
        // A type may hold points: those between @ and ] are not ours.
        int from = first + 1;
        if (text.startsWith("@", from)) from = Math.max(from, text.indexOf(']', from));
        int second = text.indexOf('.', from);
        String section = second < 0 ? text.substring(first + 1) : text.substring(first + 1, second);
        String option = second < 0 ? null : text.substring(second + 1);
        if (!section.startsWith("@") && !ConfigReader.isName(section)) return null;
        if (option != null && !ConfigReader.isName(option)) return null;
        return new Path(config, section, option);
    }
}
