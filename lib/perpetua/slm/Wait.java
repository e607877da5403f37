// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/**
 * What must have happened before a component counts as up.
 *
 * @param kind what
 * @param text the path for {@link Kind#PATHNAME}, the path or the port for {@link Kind#LISTENS}
 * @param value milliseconds for a delay, an exit code, the number of a thread from 1 on
 * @param pollMillis how often to look; -1 for what slm was told
 * @param timeoutMillis when to give up, 0 for never; -1 for what slm was told
 */
public record Wait(Kind kind, String text, int value, long pollMillis, long timeoutMillis) {
    enum Kind { NONE, DELAY, PATHNAME, EXITS, BLOCKS, LISTENS }

    /** Whether it is looked for again and again; the others come by themselves. */
    boolean isPolled() {
        return kind == Kind.PATHNAME || kind == Kind.BLOCKS || kind == Kind.LISTENS;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case NONE -> "nothing";
            case DELAY -> value + " ms";
            case PATHNAME -> "path " + text;
            case EXITS -> "exit with " + value;
            case BLOCKS -> "thread " + value + " to wait for messages";
            case LISTENS -> "a listener on " + text;
        };
    }
}
