// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

/** The forms that texts have: addresses, names, keys. */
final class Forms {
    /** Of a name's labels; the last one may have more, as OpenWrt takes it. */
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_LAST_LABEL = 255;

    private Forms() {
    }

    /** Whether the value has the form of that name; false for a form that there is not. */
    static boolean has(String form, String value) {
        return switch (form) {
            case "ip4addr" -> isAddress4(value);
            case "ip6addr" -> isAddress6(value);
            case "ipaddr" -> isAddress4(value) || isAddress6(value);
            case "cidr4" -> isNetwork(value, 32, false);
            case "cidr6" -> isNetwork(value, 128, false);
            case "cidr" -> isNetwork(value, 32, false) || isNetwork(value, 128, false);
            case "ipmask4" -> isNetwork(value, 32, true);
            case "ipmask6" -> isNetwork(value, 128, true);
            case "ipmask" -> isNetwork(value, 32, true) || isNetwork(value, 128, true);
            case "netmask4" -> isMask(value, 32);
            case "netmask6" -> isMask(value, 128);
            case "macaddr" -> isMacAddress(value);
            case "hostname" -> isHostName(value);
            case "host" -> isHostName(value) || isAddress4(value) || isAddress6(value);
            case "network" -> ConfigReader.isName(value) || isHostName(value) || isAddress4(value) || isAddress6(value);
            case "uciname" -> ConfigReader.isName(value);
            case "hexstring" -> value.length() % 2 == 0 && isHex(value);
            case "phonedigit" -> isOf(value, "0123456789*#!.");
            case "wpakey" -> value.length() == 64 ? isHex(value) : value.length() >= 8 && value.length() <= 63;
            case "wepkey" -> isWepKey(value);
            default -> false;
        };
    }

    private static boolean isOf(String value, String signs) {
        for (int i = 0; i < value.length(); i++) {
            if (signs.indexOf(value.charAt(i)) < 0) return false;
        }
        return !value.isEmpty();
    }

    private static boolean isHex(String value) {
        return isOf(value, "0123456789abcdefABCDEF");
    }

    private static boolean isWepKey(String value) {
        String key = value.startsWith("s:") ? value.substring(2) : value;
        return key.length() == 5 || key.length() == 13 || (key.length() == 10 || key.length() == 26) && isHex(key);
    }

    private static boolean isAddress4(String value) {
        return bytes4(value) != null;
    }

    private static boolean isAddress6(String value) {
        return bytes6(value) != null;
    }

    private static int[] bytes4(String value) {
        int[] bytes = new int[4];
        int from = 0;
        for (int i = 0; i < 4; i++) {
            int to = value.indexOf('.', from);
            if (i == 3) {
                if (to >= 0) return null;
                to = value.length();
            }
            if (to < 0 || to == from || to > from + 3 || to > from + 1 && value.charAt(from) == '0') return null;
            for (; from < to; from++) {
                int digit = value.charAt(from) - '0';
                if (digit < 0 || digit > 9) return null;
                bytes[i] = 10 * bytes[i] + digit;
            }
            if (bytes[i] > 255) return null;
            from = to + 1;
        }
        return bytes;
    }

    private static int[] bytes6(String value) {
        int[] bytes = new int[16];
        int filled = 0;
        int gap = -1;
        int at = 0;
        if (value.startsWith("::")) {
            gap = 0;
            at = 2;
        } else if (value.startsWith(":")) {
            return null;
        }
        while (at < value.length()) {
            int to = at;
            while (to < value.length() && Figures.digit(value.charAt(to)) >= 0 && Figures.digit(value.charAt(to)) < 16) to++;
            if (to < value.length() && value.charAt(to) == '.') {
                int[] last = bytes4(value.substring(at));
                if (last == null || filled > 12) return null;
                for (int each : last) bytes[filled++] = each;
                break;
            }
            if (to == at || to > at + 4 || filled > 14) return null;
            int group = 0;
            for (; at < to; at++) group = group << 4 | Figures.digit(value.charAt(at));
            bytes[filled++] = group >> 8;
            bytes[filled++] = group & 0xff;
            if (at == value.length()) break;
            if (value.charAt(at) != ':') return null;
            at++;
            if (value.startsWith(":", at)) {
                if (gap >= 0) return null;
                gap = filled;
                at++;
            } else if (at == value.length()) {
                return null;
            }
        }
        if (gap < 0) return filled == 16 ? bytes : null;
        if (filled == 16) return null;
        int[] whole = new int[16];
        System.arraycopy(bytes, 0, whole, 0, gap);
        System.arraycopy(bytes, gap, whole, 16 - (filled - gap), filled - gap);
        return whole;
    }

    /** An address, and behind a slash how many bits are the network's, or else a mask; without it too. */
    private static boolean isNetwork(String value, int bits, boolean masks) {
        int slash = value.indexOf('/');
        String address = slash < 0 ? value : value.substring(0, slash);
        if (bits == 32 ? !isAddress4(address) : !isAddress6(address)) return false;
        if (slash < 0) return true;
        String rest = value.substring(slash + 1);
        if (masks) return isMask(rest, bits);
        Long count = isOf(rest, "0123456789") ? Figures.whole(rest, 10) : null;
        return count != null && count <= bits;
    }

    /** An address whose ones stand before its zeroes. */
    private static boolean isMask(String value, int bits) {
        int[] bytes = bits == 32 ? bytes4(value) : bytes6(value);
        if (bytes == null) return false;
        boolean ended = false;
        for (int each : bytes) {
            for (int bit = 128; bit > 0; bit >>= 1) {
                boolean one = (each & bit) != 0;
                if (one && ended) return false;
                ended |= !one;
            }
        }
        return true;
    }

    private static boolean isMacAddress(String value) {
        int from = 0;
        for (int i = 0; i < 6; i++) {
            int to = i < 5 ? value.indexOf(':', from) : value.length();
            if (to <= from || to > from + 2 || !isHex(value.substring(from, to))) return false;
            from = to + 1;
        }
        return true;
    }

    private static boolean isHostName(String value) {
        int label = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '.') {
                if (label == 0 || label > LONGEST_LABEL) return false;
                label = 0;
            } else if (ConfigReader.isNameChar(c) || c == '-' && label > 0) {
                label++;
            } else {
                return false;
            }
        }
        return label > 0 && label <= LONGEST_LAST_LABEL;
    }
}
