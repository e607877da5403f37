// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import java.util.ArrayList;
import java.util.List;
import perpetua.cli.Fatal;
import perpetua.sys.Bytes;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/**
 * The files that the run tools read: one thing a line (spec/perp.md section 1.6). White space around a line is taken
 * off, empty lines and lines that begin with {@code #} are passed over, a NUL ends the text of its line. There is no
 * quoting and no limit on length.
 */
public final class LineFile {
    private static final int STANDARD_INPUT = 0;
    /** What messages call it. */
    public static final String STANDARD_INPUT_NAME = "<stdin>";

    /**
     * A line that says something.
     *
     * @param number counted from 1, all lines of the file counted
     * @param text not empty, without white space around it
     */
    public record Line(int number, String text) {
    }

    private LineFile() {
    }

    /** @throws Fatal if it can't be opened or read. Opening does not wait for the writer of a FIFO. */
    public static List<Line> read(Kernel kernel, String path) {
        return read(kernel, path, "unable to open " + path, "error reading " + path);
    }

    /**
     * The same, for a tool with sentences of its own.
     *
     * @param opening what a failure to open is called
     * @param reading what a failure to read is called
     */
    public static List<Line> read(Kernel kernel, String path, String opening, String reading) {
        return lines(content(kernel, path, opening, reading));
    }

    /** The same of standard input. */
    public static List<Line> readStandardInput(Kernel kernel) {
        try {
            return lines(drain(kernel, STANDARD_INPUT));
        } catch (SysException e) {
            throw Fatal.system("error reading " + STANDARD_INPUT_NAME, e);
        }
    }

    /** The whole of a file as it is. @throws Fatal with one of these sentences if it can't be opened or read */
    static byte[] content(Kernel kernel, String path, String opening, String reading) {
        int fd;
        try {
            fd = kernel.open(path, Open.READ | Open.NON_BLOCKING, 0);
        } catch (SysException e) {
            throw Fatal.system(opening, e);
        }
        try {
            try {
                return drain(kernel, fd);
            } finally {
                kernel.close(fd);
            }
        } catch (SysException e) {
            throw Fatal.system(reading, e);
        }
    }

    private static byte[] drain(Kernel kernel, int fd) throws SysException {
        byte[] buffer = new byte[512];
        int size = 0;
        for (;;) {
            if (size == buffer.length) buffer = resized(buffer, 2 * size);
            int count = kernel.read(fd, buffer, size, buffer.length - size);
            if (count == 0) return resized(buffer, size);
            size += count;
        }
    }

    private static byte[] resized(byte[] bytes, int size) {
        byte[] copy = new byte[size];
        System.arraycopy(bytes, 0, copy, 0, Math.min(size, bytes.length));
        return copy;
    }

    static List<Line> lines(byte[] content) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (int from = 0; from < content.length; ) {
            int to = from;
            while (to < content.length && content[to] != '\n') to++;
            number++;
            String text = trimmed(content, from, to);
            if (!text.isEmpty() && text.charAt(0) != '#') lines.add(new Line(number, text));
            from = to + 1;
        }
        return lines;
    }

    /** What stands between two places, up to a NUL, without white space around it. */
    static String trimmed(byte[] content, int from, int to) {
        int end = from;
        while (end < to && content[end] != 0) end++;
        while (from < end && isBlank(content[from])) from++;
        while (from < end && isBlank(content[end - 1])) end--;
        return Bytes.text(content, from, end);
    }

    /** Without white space around it. */
    public static String trimmed(String text) {
        return trimmed(Bytes.of(text), 0, text.length());
    }

    /** isspace(3) in the C locale. */
    private static boolean isBlank(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
