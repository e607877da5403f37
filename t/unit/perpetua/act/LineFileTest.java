// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.cli.Fatal;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.sys.Errno;

/** Files of lines: spec/perp.md section 1.6. */
class LineFileTest {
    private final FakeKernel kernel = new FakeKernel();

    /** Each line as its number and text. */
    private List<String> read(String content) {
        kernel.file("/etc/lines", content);
        List<String> lines = new ArrayList<>();
        for (LineFile.Line line : LineFile.read(kernel, "/etc/lines")) lines.add(line.number() + ":" + line.text());
        return lines;
    }

    private String refusal(String path) {
        Fatal fatal = assertThrows(Fatal.class, () -> LineFile.read(kernel, path));
        assertEquals(111, fatal.status());
        return fatal.getMessage();
    }

    @Test
    @DisplayName("lines end at a newline, and the last one counts without")
    void lines() {
        assertEquals(List.of("1:a", "2:b"), read("a\nb\n"));
        assertEquals(List.of("1:a", "2:b"), read("a\nb"));
        assertEquals(List.of(), read(""));
        assertEquals(List.of(), read("\n\n"));
    }

    @Test
    @DisplayName("white space around a line is taken off, all six kinds; inside it stands")
    void blanks() {
        assertEquals(List.of("1:a  b"), read(" \t\r\013\fa  b\f\013\r\t \n"));
        assertEquals(List.of("1:a", "2:b"), read("a\r\nb\r\n"));
        assertEquals(List.of("1:\240a\240"), read("\240a\240"));
    }

    @Test
    @DisplayName("empty lines and comments are passed over, and counted")
    void comments() {
        assertEquals(List.of("4:a # b", "6:x"), read("#!/x\n\n  # c\na # b\n \t\nx"));
    }

    @Test
    @DisplayName("a NUL ends the text of its line, not the line")
    void nul() {
        assertEquals(List.of("1:a", "3:d"), read("a \000b\n\000c\nd"));
    }

    @Test
    @DisplayName("every other byte is data, and a line may be long")
    void bytes() {
        assertEquals(List.of("1:\001\200\351\377"), read("\001\200\351\377\n"));
        String large = "x".repeat(100_001);
        assertEquals(List.of("1:" + large, "2:y"), read(large + "\ny"));
    }

    @Test
    @DisplayName("a directory is EISDIR (D-4), what can't be opened says why")
    void refusals() {
        kernel.directory("/etc/folder");
        assertEquals("error reading /etc/folder: is a directory (EISDIR)", refusal("/etc/folder"));
        assertEquals("unable to open /none: file does not exist (ENOENT)", refusal("/none"));
        kernel.file("/etc/lines", "a");
        kernel.failNext(Act.READ, Errno.EIO);
        assertEquals("error reading /etc/lines: input/output error (EIO)", refusal("/etc/lines"));
    }

    @Test
    @DisplayName("a FIFO without a writer is empty, and nobody waits for one")
    void fifo() {
        kernel.fifo("/etc/fifo");
        assertEquals(List.of(), LineFile.read(kernel, "/etc/fifo"));
    }

    @Test
    @DisplayName("standard input can be read the same way")
    void standardInput() {
        kernel.input(" a\n#\nb");
        assertEquals(List.of(new LineFile.Line(1, "a"), new LineFile.Line(3, "b")),
                LineFile.readStandardInput(kernel));
        kernel.failNext(Act.READ, Errno.EIO);
        Fatal fatal = assertThrows(Fatal.class, () -> LineFile.readStandardInput(kernel));
        assertEquals("error reading <stdin>: input/output error (EIO)", fatal.getMessage());
    }

    @Test
    @DisplayName("no descriptor is left open, even where reading failed")
    void closes() {
        read("a");
        kernel.directory("/etc/folder");
        refusal("/etc/folder");
        assertEquals(3, kernel.openDescriptors());
    }
}
