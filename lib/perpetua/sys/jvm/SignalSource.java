// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import perpetua.sys.SysException;

/** A descriptor from which signals can be read. */
interface SignalSource {
    int fd();

    /** @return the number of one that has arrived, 0 if none is waiting */
    int next() throws SysException;

    /** The child of which the last SIGCHLD told, 0 if that is not known. */
    default int child() {
        return 0;
    }
}
