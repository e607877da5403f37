// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * How much a file system holds, in bytes.
 *
 * @param total of data
 * @param free not used
 * @param available of that, to users other than root
 */
public record Space(long total, long free, long available) {
}
