// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/** Where in its life a component is, as queries show it. */
enum State {
    /** Never started, or fully stopped. */
    INITIALIZED,
    /** Its process is being started, or its next start is held back. */
    STARTING,
    /** It waits for what it needs, or for what it has to wait for after its start. */
    WAITING,
    /** Up, with a process. */
    RUNNING,
    /** Up, without a process: it has ended as it should, or never had one. */
    DONE,
    STOPPING,
    /** It failed too often: slm does not try again by itself. */
    DEAD
}
