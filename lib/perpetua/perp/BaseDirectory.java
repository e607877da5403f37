// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.chain.Environment;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** Where the files of a perpd are, and how its programs find them (spec/perp.md sections 1.8 and 2.1). */
public final class BaseDirectory {
    public static final String STANDARD = "/etc/perp";
    public static final String CONTROL = ".control";
    public static final String PID_FILE = "perpd.pid";
    public static final String SOCKET = "perpd.sock";
    /** Of the lock file and the socket, as clients name them. */
    static final int LONGEST_PATH = 255;

    private BaseDirectory() {
    }

    /** @return what is given, or PERP_BASE if that is null; the last one where that is not set or empty */
    public static String of(String given, Environment environment, String otherwise) {
        String base = given == null ? environment.get("PERP_BASE") : given;
        return base == null || base.isEmpty() ? otherwise : base;
    }

    /** Of a client: its option {@code -b}, else the environment, else the working directory. */
    public static String ofClient(Args args, Environment environment) {
        return of(args.value('b'), environment, ".");
    }

    /**
     * Makes it the working directory, from which services are named.
     *
     * @param sentence what each of perp's programs says in words of its own where that fails
     */
    public static void enter(Kernel kernel, String base, String sentence) {
        try {
            kernel.changeDirectory(base);
        } catch (SysException e) {
            throw Fatal.system(sentence + " " + base, e);
        }
    }
}
