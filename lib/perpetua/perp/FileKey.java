// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import perpetua.sys.FileStat;

/** The identity of a service: device and inode of its directory, whatever that is called. */
public record FileKey(long device, long inode) {
    public static FileKey of(FileStat stat) {
        return new FileKey(stat.device(), stat.inode());
    }

    @Override
    public int hashCode() {
        // Inodes are dense and differ in their low bits; the device rarely differs at all.
        return (int) (inode ^ inode >>> 32) * 31 + (int) device;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileKey key && device == key.device && inode == key.inode;
    }
}
