// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/**
 * Where something stands in a configuration.
 *
 * @param file as it was named
 * @param line from 1 on; 0 for the file as a whole
 * @param column from 1 on
 */
public record Place(String file, int line, int column) {
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
