// SPDX-License-Identifier: Apache-2.0
package perpetua.sys;

/**
 * What stat(2) tells of a file.
 *
 * @param device st_dev
 * @param inode st_ino; with the device, the identity of the file whatever its names are
 * @param mode st_mode: type and permission bits
 * @param uid owner
 * @param gid group
 * @param size bytes
 * @param modifiedNanos time of the last change of its content, nanoseconds since 1970
 */
public record FileStat(long device, long inode, int mode, int uid, int gid, long size, long modifiedNanos) {
    private static final int TYPE = 0170000;

    public boolean isDirectory() {
        return (mode & TYPE) == 0040000;
    }

    public boolean isRegular() {
        return (mode & TYPE) == 0100000;
    }

    public boolean isSocket() {
        return (mode & TYPE) == 0140000;
    }

    public boolean isFifo() {
        return (mode & TYPE) == 0010000;
    }

    /** A device of either kind. */
    public boolean isDevice() {
        return (mode & TYPE) == 0020000 || (mode & TYPE) == 0060000;
    }

    /** The sticky bit, with which perp marks a service directory as active. */
    public boolean isSticky() {
        return (mode & 01000) != 0;
    }

    public boolean isOwnerExecutable() {
        return (mode & 0100) != 0;
    }

    /** Whether both are the same file (device and inode). */
    public boolean isSameFile(FileStat other) {
        return device == other.device && inode == other.inode;
    }
}
