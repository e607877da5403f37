// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** The policies of sched(7) that a process may be given by one number, with the generic Linux numbers. */
public enum Scheduling {
    OTHER(0), FIFO(1), ROUND_ROBIN(2), BATCH(3), IDLE(5);

    /** What is added to a policy's number so that children do not inherit it. */
    public static final int RESET_ON_FORK = 0x40000000;

    private final int number;

    Scheduling(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public boolean isRealTime() {
        return this == FIFO || this == ROUND_ROBIN;
    }
}
