// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** Descriptors 0 to 2 of a tool that opens files and stays: none of those may become one that was closed. */
public final class StandardStreams {
    private StandardStreams() {
    }

    /** Opens {@code /dev/null} where one is closed. @return whether there was a standard input */
    public static boolean fill(Kernel kernel) throws SysException {
        boolean hasInput = true;
        for (int fd = 0; fd < 3; fd++) {
            try {
                kernel.stat(fd);
            } catch (SysException closed) {
                hasInput &= fd > 0;
                // The lowest free descriptor is this one. Its children may have it.
                kernel.open("/dev/null", Open.READ_WRITE | Open.INHERIT, 0);
            }
        }
        return hasInput;
    }
}
