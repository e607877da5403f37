// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/** An account, as getpwnam(3) gives it. */
public record Account(String name, int uid, int gid, String home, String shell) {
}
