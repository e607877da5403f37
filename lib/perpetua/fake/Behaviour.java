// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

/** What a program does when a child is started with it, all of it before the start comes back. */
public interface Behaviour {
    void run(FakeProcess child);
}
