// SPDX-License-Identifier: Apache-2.0
package tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;
import perpetua.fake.FakeProcess;
import perpetua.fake.Run;
import perpetua.sys.Signal;

/** perpd over the kernel in memory: whole lives of services, in no time. */
class PerpdTest {
    private static final long SECOND = 1_000_000_000L;
    private final FakeKernel kernel = Run.kernel();
    private final List<String> started = new ArrayList<>();

    private void service(String name, String... scripts) {
        kernel.directory("/etc/perp/" + name).mode(01755);
        for (String script : scripts) kernel.program("/etc/perp/" + name + "/" + script);
    }

    private static boolean isReset(FakeProcess process) {
        return process.argv().get(1).equals("reset");
    }

    @Test
    @DisplayName("an empty base directory is the standard one, even where PERP_BASE is another")
    void emptyBase() {
        kernel.variables("PATH=/sbin", "PERP_BASE=/other");
        for (String tool : List.of("perpd", "perphup")) {
            String errors = Run.of(kernel, tool, "").errors();
            assertTrue(errors.contains("/etc/perp"), errors);
        }
    }

    @Test
    @DisplayName("a service that dies is reset and started again a second after its start; SIGTERM ends all with 0")
    void lives() {
        service("web", "rc.main", "rc.log");
        kernel.file("/etc/perp/notes", "no service");
        long begin = kernel.monotonicNanos();
        kernel.whenSpawned(child -> {
            started.add((kernel.monotonicNanos() - begin) / (SECOND / 10) + " " + String.join(" ", child.argv()));
            assertEquals("web", child.directory().path().replaceAll(".*/", ""));
            assertEquals(child.pid(), child.session());
            // Every reset ends at once, and so does the first main.
            if (isReset(child) || started.size() == 2) kernel.after(SECOND / 10, () -> child.exit(7));
            // Loggers end with their input.
            else if (child.argv().get(0).endsWith("rc.log")) child.ignore(Signal.TERM);
        });
        kernel.after(10 * SECOND, () -> kernel.arrive(Signal.TERM));
        kernel.after(11 * SECOND, () -> {
            for (FakeProcess child : List.copyOf(kernel.running())) {
                if (child.isAtEnd(0)) child.exit(0);
            }
        });
        int before = kernel.openDescriptors();
        Run run = Run.of(kernel, "perpd", "/etc/perp");
        assertEquals(0, run.status(), run.errors());
        assertEquals(List.of("0 ./rc.log start web", "0 ./rc.main start web", "1 ./rc.main reset web exit 7",
                "10 ./rc.main start web", "100 ./rc.main reset web signal 15 SIGTERM",
                "110 ./rc.log reset web exit 0"), started, run.errors());
        assertTrue(kernel.running().isEmpty());
        assertEquals(0, kernel.unreaped());
        assertTrue(kernel.openDescriptors() - before < 8, () -> kernel.descriptorNames().toString());
    }
}
