// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

/** The tools of a program. The build writes the one implementation from the folders in {@code tools/}. */
public interface Tools {
    /** @return null if there is no tool of that name */
    Tool find(String name);

    /** Every name that {@link #find} knows, sorted. */
    String[] names();
}
