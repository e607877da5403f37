// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

/**
 * This process is no more: it has executed another program, has ended, or was killed. Every further act throws it
 * again, so that it finds its way out of any code that catches what it does not know, up to the test.
 */
public final class Gone extends Error {
    Gone(String how) {
        super(how, null, false, false);
    }
}
