// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import perpetua.sys.Errno;

/** What goes wrong, decided by a test for each act before it happens. */
public interface Fault {
    /**
     * @param subject the path that the act is about; of a descriptor, the path it was opened by, or a word such as
     *     {@code pipe}; empty where there is neither
     * @return what the act is to fail with, null to let it happen
     */
    Errno on(Act act, String subject);
}
