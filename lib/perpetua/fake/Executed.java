// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.List;

/**
 * A program that this process has become.
 *
 * @param path what was executed, as it was given
 * @param argv from argv[0] on
 * @param environment {@code NAME=value} each, in order
 * @param descriptors the numbers that it has open, ascending
 */
public record Executed(String path, List<String> argv, List<String> environment, List<Integer> descriptors) {
}
