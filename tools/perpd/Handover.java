// SPDX-License-Identifier: Apache-2.0
package tools.perpd;

import java.util.ArrayList;
import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Numbers;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/**
 * What a perpd gives the one that it executes in its place: open descriptors, by their numbers, in a variable.
 *
 * @param lock of perpd.pid, which is held as long as it is open
 * @param socket the control socket, at which clients may be waiting
 */
record Handover(int lock, int socket) {
    static final String VARIABLE = "PERPD_HANDOVER";

    /** @return null if this perpd was started and not executed by another: a variable could have been inherited */
    static Handover taken(Chain chain, Kernel kernel) {
        String value = chain.environment().get(VARIABLE);
        if (value == null) return null;
        int first = value.indexOf(' ');
        int second = value.indexOf(' ', first + 1);
        if (first < 0 || second < 0) return null;
        long pid = Numbers.decimal(value.substring(0, first), Integer.MAX_VALUE);
        long lock = Numbers.decimal(value.substring(first + 1, second), Integer.MAX_VALUE);
        long socket = Numbers.decimal(value.substring(second + 1), Integer.MAX_VALUE);
        if (pid != kernel.pid() || lock == Numbers.NONE || socket == Numbers.NONE) return null;
        return new Handover((int) lock, (int) socket);
    }

    /**
     * Executes perpd again, with the words and from the directory that this one was started with.
     *
     * @param pipes to process 1, negative where there is none
     * @return why that failed; everything is as before then, but for the working directory
     */
    static SysException give(Args args, Kernel kernel, Chain chain, int home, int lock, int socket,
            int[] pipes) {
        List<String> variables = new ArrayList<>();
        for (String variable : chain.environment().list()) {
            if (!variable.startsWith(VARIABLE + "=")) variables.add(variable);
        }
        variables.add(VARIABLE + "=" + kernel.pid() + " " + lock + " " + socket);
        try {
            if (home >= 0) kernel.changeDirectory(home);
            kernel.closeOnExec(lock, false);
            kernel.closeOnExec(socket, false);
            closeOnExec(kernel, pipes, false);
            SysException failure = chain.execAgain(args.words(), variables);
            kernel.closeOnExec(lock, true);
            kernel.closeOnExec(socket, true);
            closeOnExec(kernel, pipes, true);
            return failure;
        } catch (SysException e) {
            return e;
        }
    }

    private static void closeOnExec(Kernel kernel, int[] pipes, boolean on) throws SysException {
        for (int fd : pipes) {
            if (fd >= 0) kernel.closeOnExec(fd, on);
        }
    }
}
