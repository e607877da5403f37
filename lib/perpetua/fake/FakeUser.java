// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

/** Whom the process acts for, and what that lets it do with a file. */
final class FakeUser {
    static final int READ = 4;
    static final int WRITE = 2;
    static final int EXECUTE = 1;

    int uid;
    int effectiveUid;
    int gid;
    int effectiveGid;
    int[] groups = {};

    boolean isRoot() {
        return effectiveUid == 0;
    }

    boolean may(FakeFile file, int want) {
        int mode = file.mode();
        if (isRoot()) {
            // Root needs an execute bit too, whoever's it is.
            return (want & EXECUTE) == 0 || file.is(FakeFile.DIRECTORY) || (mode & 0111) != 0;
        }
        int shift = file.uid() == effectiveUid ? 6 : isMember(file.gid()) ? 3 : 0;
        return (mode >> shift & want) == want;
    }

    boolean owns(FakeFile file) {
        return isRoot() || file.uid() == effectiveUid;
    }

    private boolean isMember(int group) {
        if (group == effectiveGid) return true;
        for (int each : groups) {
            if (each == group) return true;
        }
        return false;
    }
}
