// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

/** An act would wait for ever: nothing is ready, and the test has arranged for nothing more to happen. */
public final class Stuck extends Error {
    Stuck(String waitingFor) {
        super("would wait for ever for " + waitingFor);
    }
}
