// SPDX-License-Identifier: Apache-2.0
package tools.catlimits;

import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.Limit;
import perpetua.sys.Resource;
import perpetua.sys.SysException;

/** catlimits: print the soft resource limits. */
public final class Catlimits {
    static final Usage USAGE = Usage.of("catlimits", "", "[-hV]");
    public static final Tool TOOL = Tool.of(USAGE, Catlimits::run);

    /** The lines, in their order. */
    private enum Line {
        AS(Resource.AS, "maximum total available memory (bytes)"),
        CORE(Resource.CORE, "maximum size core file (bytes)"),
        CPU(Resource.CPU, "maximum cpu time per process (seconds)"),
        DATA(Resource.DATA, "maximum data segment per process (bytes)"),
        FSIZE(Resource.FSIZE, "maximum file size that may be created (bytes)"),
        LOCKS(Resource.LOCKS, "maximum number of file locks that may be held (locks)"),
        MEMLOCK(Resource.MEMLOCK, "maximum memory a process may mlock() (bytes)"),
        NOFILE(Resource.NOFILE, "maximum number of open files per process (files)"),
        NPROC(Resource.NPROC, "maximum number of child processes per user id (processes)"),
        RSS(Resource.RSS, "maximum resident set size (bytes)"),
        // Socket buffers have a limit on the BSDs, and a line everywhere.
        SBSIZE(null, ""),
        STACK(Resource.STACK, "maximum size of stack segment per process (bytes)");

        private final Resource resource;
        private final String description;

        Line(Resource resource, String description) {
            this.resource = resource;
            this.description = description;
        }
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        StringBuilder text = new StringBuilder();
        for (Line line : Line.values()) {
            text.append("RLIMIT_").append(line.name()).append('\t').append(fact(line, kernel)).append('\n');
        }
        args.print(text.toString());
        return 0;
    }

    private static String fact(Line line, Kernel kernel) {
        try {
            if (line.resource == null) throw new SysException(Errno.EINVAL);
            long soft = kernel.limit(line.resource).soft();
            return line.description + ": " + (soft == Limit.INFINITY ? "unlimited" : Long.toUnsignedString(soft));
        } catch (SysException e) {
            if (e.is(Errno.EINVAL)) return "[not provided on this platform]";
            throw Fatal.system("failure getrlimit() for resource RLIMIT_" + line.name(), e);
        }
    }
}
