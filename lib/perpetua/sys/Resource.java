// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** What setrlimit(2) bounds, with the generic Linux numbers. */
public enum Resource {
    CPU(0), FSIZE(1), DATA(2), STACK(3), CORE(4), RSS(5), NPROC(6), NOFILE(7), MEMLOCK(8), AS(9), LOCKS(10),
    SIGPENDING(11), MSGQUEUE(12), NICE(13), RTPRIO(14), RTTIME(15);

    private final int number;

    Resource(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
