// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.Act;
import perpetua.fake.FakeKernel;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

/** However a tool ends, it ends with a status and at most one sentence. */
class ToolTest {
    private static final Usage USAGE = Usage.of("tool", "", "[-hV] word");
    private final FakeKernel kernel = new FakeKernel();

    private int run(Tool.Body body) {
        return Tool.of(USAGE, body).run(List.of("tool", "a"), kernel, null);
    }

    @Test
    @DisplayName("the body's status is the tool's, without a word")
    void status() {
        assertEquals(7, run((args, k, chain) -> 7));
        assertEquals("", kernel.errors());
    }

    @Test
    @DisplayName("a failed system call: the sentence, why, and the symbol; 111")
    void system() {
        assertEquals(111, run((args, k, chain) -> {
            throw Fatal.system("unable to open x", new SysException(Errno.ENOENT));
        }));
        assertEquals("tool: fatal: unable to open x: file does not exist (ENOENT)\n", kernel.errors());
    }

    @Test
    @DisplayName("a usage error: the sentence and the usage line; 100")
    void usage() {
        assertEquals(100, run((args, k, chain) -> {
            throw Fatal.usage("missing word");
        }));
        assertEquals("tool: usage error: missing word\nusage: tool [-hV] word\n", kernel.errors());
    }

    @Test
    @DisplayName("a mistake in what an argument means: the sentence alone; 100")
    void mistake() {
        assertEquals(100, run((args, k, chain) -> {
            throw Fatal.mistake("empty name");
        }));
        assertEquals("tool: fatal: empty name\n", kernel.errors());
    }

    @Test
    @DisplayName("a defect, exception or error, is one line and 111, never a stack trace")
    void defects() {
        assertEquals(111, run((args, k, chain) -> {
            throw new IllegalStateException("one\ntwo");
        }));
        assertEquals(111, run((args, k, chain) -> {
            throw new AssertionError();
        }));
        assertEquals(111, run((args, k, chain) -> chain.exec(args.rest())));
        String[] lines = kernel.errors().split("\n", -1);
        assertEquals(4, lines.length, kernel.errors());
        for (int i = 0; i < 3; i++) assertTrue(lines[i].startsWith("tool: fatal: defect in this program: "), lines[i]);
        assertEquals("", lines[3]);
    }

    @Test
    @DisplayName("where standard error is gone too, the status still tells")
    void noStandardError() {
        kernel.fault((act, subject) -> act == Act.WRITE ? Errno.EIO : null);
        assertEquals(111, run((args, k, chain) -> {
            throw Fatal.of("x");
        }));
        assertEquals(100, run((args, k, chain) -> {
            throw Fatal.usage("x");
        }));
    }

    @Test
    @DisplayName("output that could not be written is a failure")
    void print() {
        kernel.failNext(Act.WRITE, Errno.ENOSPC);
        assertEquals(111, run((args, k, chain) -> {
            args.print("text");
            return 0;
        }));
        assertEquals("tool: fatal: failure writing to standard output: out of disk space (ENOSPC)\n", kernel.errors());
        assertEquals("", kernel.output());
    }

    @Test
    @DisplayName("every byte of an argument comes out as it went in")
    void bytes() {
        run((args, k, chain) -> {
            args.print("\351\377\000");
            args.say("\200");
            args.tell("\201");
            return 0;
        });
        assertEquals("\351\377\000", kernel.output());
        assertEquals("\200\ntool: \201\n", kernel.errors());
    }

    @Test
    @DisplayName("a message is a single write")
    void oneWrite() {
        run((args, k, chain) -> {
            throw Fatal.of("x");
        });
        assertEquals(1, kernel.count(Act.WRITE));
    }
}
