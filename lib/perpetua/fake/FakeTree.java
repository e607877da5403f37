// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

/** The tree of files, and how a path leads through it. */
final class FakeTree {
    private static final int MOST_LINKS = 40;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_PATH = 4095;

    /**
     * Where a path leads.
     *
     * @param directory what holds the last name
     * @param name the last name; {@code .} where the path ends in no name of its own
     * @param file null if there is none of that name yet
     * @param mustBeDirectory whether a slash stood at the end
     */
    record Place(FakeFile directory, String name, FakeFile file, boolean mustBeDirectory) {
        boolean isNamed() {
            return !name.equals(".");
        }
    }

    private final FakeUser user;
    private final FakeClock clock;
    private long inodes = 2;
    FakeFile root;
    FakeFile current;

    FakeTree(FakeUser user, FakeClock clock) {
        this.user = user;
        this.clock = clock;
        root = create(FakeFile.DIRECTORY | 0755, 0, 0);
        root.parent = root;
        root.names = 1;
        current = root;
    }

    FakeFile create(int mode, int uid, int gid) {
        return new FakeFile(inodes++, mode, uid, gid, clock.realtime());
    }

    /** The file, links followed, even by the last name. */
    FakeFile at(String path) throws SysException {
        return at(current, path, true);
    }

    FakeFile at(FakeFile from, String path, boolean follow) throws SysException {
        Place place = place(from, path, follow);
        if (place.file == null) throw new SysException(Errno.ENOENT);
        return place.file;
    }

    Place place(String path, boolean follow) throws SysException {
        return place(current, path, follow);
    }

    Place place(FakeFile from, String path, boolean follow) throws SysException {
        if (path.length() > LONGEST_PATH) throw new SysException(Errno.ENAMETOOLONG);
        return walk(from, path, follow, 0);
    }

    private Place walk(FakeFile from, String path, boolean follow, int followed) throws SysException {
        if (path.isEmpty()) throw new SysException(Errno.ENOENT);
        FakeFile directory = path.charAt(0) == '/' ? root : from;
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') end--;
        boolean mustBeDirectory = end < path.length();
        for (int at = 0; ; ) {
            while (at < end && path.charAt(at) == '/') at++;
            if (at >= end) return new Place(directory, ".", directory, true);
            int to = path.indexOf('/', at);
            if (to < 0 || to > end) to = end;
            String name = path.substring(at, to);
            boolean last = to == end;
            at = to;
            if (!directory.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
            if (!user.may(directory, FakeUser.EXECUTE)) throw new SysException(Errno.EACCES);
            if (name.length() > LONGEST_NAME) throw new SysException(Errno.ENAMETOOLONG);
            if (name.equals(".") || name.equals("..")) {
                if (name.length() == 2 && directory != root) directory = directory.parent;
                if (last) return new Place(directory, ".", directory, true);
                continue;
            }
            FakeFile file = directory.entries.get(name);
            if (file != null && file.is(FakeFile.LINK) && (!last || follow || mustBeDirectory)) {
                if (followed == MOST_LINKS) throw new SysException(Errno.ELOOP);
                Place target = walk(directory, file.target, true, followed + 1);
                if (last) return checked(new Place(target.directory, target.name, target.file, mustBeDirectory));
                file = target.file;
            }
            if (last) return checked(new Place(directory, name, file, mustBeDirectory));
            if (file == null) throw new SysException(Errno.ENOENT);
            directory = file;
        }
    }

    private static Place checked(Place place) throws SysException {
        if (place.mustBeDirectory && place.file != null && !place.file.is(FakeFile.DIRECTORY)) {
            throw new SysException(Errno.ENOTDIR);
        }
        return place;
    }

    /** A name is to be put into that directory. */
    void mayEnter(FakeFile directory) throws SysException {
        if (!user.may(directory, FakeUser.WRITE | FakeUser.EXECUTE)) throw new SysException(Errno.EACCES);
        // A directory that was removed while somebody holds it takes no new names.
        if (directory.names == 0) throw new SysException(Errno.ENOENT);
    }

    /** A name is to be taken out: in a sticky directory only by the owner of one of both. */
    void mayRemove(FakeFile directory, FakeFile file) throws SysException {
        if (!user.may(directory, FakeUser.WRITE | FakeUser.EXECUTE)) throw new SysException(Errno.EACCES);
        boolean sticky = (directory.mode() & 01000) != 0;
        if (sticky && !user.owns(directory) && !user.owns(file)) throw new SysException(Errno.EPERM);
    }

    void unlink(String path) throws SysException {
        Place place = existing(path);
        if (place.file.is(FakeFile.DIRECTORY)) throw new SysException(Errno.EISDIR);
        mayRemove(place.directory, place.file);
        place.directory.remove(place.name, clock.realtime());
    }

    void removeDirectory(String path) throws SysException {
        Place place = existing(path);
        if (!place.file.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
        if (!place.isNamed()) throw new SysException(Errno.EINVAL);
        if (!place.file.entries.isEmpty()) throw new SysException(Errno.ENOTEMPTY);
        mayRemove(place.directory, place.file);
        place.directory.remove(place.name, clock.realtime());
    }

    void makeDirectory(String path, int mode, int uid, int gid) throws SysException {
        Place place = vacant(path);
        place.directory.enter(place.name, create(FakeFile.DIRECTORY | mode, uid, gid), clock.realtime());
    }

    void link(String from, String to) throws SysException {
        FakeFile file = at(current, from, false);
        Place place = vacant(to);
        if (file.is(FakeFile.DIRECTORY)) throw new SysException(Errno.EPERM);
        place.directory.enter(place.name, file, clock.realtime());
    }

    void rename(String from, String to) throws SysException {
        Place source = existing(from);
        Place target = place(to, false);
        if (!source.isNamed() || !target.isNamed()) throw new SysException(Errno.EBUSY);
        if (source.file == target.file) return;
        boolean directory = source.file.is(FakeFile.DIRECTORY);
        if (directory) {
            for (FakeFile up = target.directory; ; up = up.parent) {
                if (up == source.file) throw new SysException(Errno.EINVAL);
                if (up == root) break;
            }
        } else if (target.mustBeDirectory) {
            throw new SysException(Errno.ENOTDIR);
        }
        mayRemove(source.directory, source.file);
        if (target.file == null) {
            mayEnter(target.directory);
        } else {
            mayRemove(target.directory, target.file);
            if (target.file.is(FakeFile.DIRECTORY) && !directory) throw new SysException(Errno.EISDIR);
            if (directory && !target.file.is(FakeFile.DIRECTORY)) throw new SysException(Errno.ENOTDIR);
            if (directory && !target.file.entries.isEmpty()) throw new SysException(Errno.ENOTEMPTY);
        }
        target.directory.enter(target.name, source.file, clock.realtime());
        source.directory.remove(source.name, clock.realtime());
    }

    /** Of two files that are no directories. */
    void exchange(String one, String other) throws SysException {
        Place first = existing(one);
        Place second = existing(other);
        mayRemove(first.directory, first.file);
        mayRemove(second.directory, second.file);
        first.directory.enter(first.name, second.file, clock.realtime());
        second.directory.enter(second.name, first.file, clock.realtime());
    }

    private Place existing(String path) throws SysException {
        Place place = place(path, false);
        if (place.file == null) throw new SysException(Errno.ENOENT);
        return place;
    }

    /** Where something is to be made that is not there yet. */
    Place vacant(String path) throws SysException {
        Place place = place(path, false);
        if (place.file != null) throw new SysException(Errno.EEXIST);
        mayEnter(place.directory);
        return place;
    }

    /** @throws SysException why it can't be executed */
    FakeFile program(FakeFile from, String path) throws SysException {
        FakeFile file = at(from, path, true);
        if (!file.is(FakeFile.REGULAR) || !user.may(file, FakeUser.EXECUTE)) throw new SysException(Errno.EACCES);
        String text = file.size() < 4 ? file.text() : head(file);
        if (text.startsWith("#!")) {
            String line = file.text().lines().findFirst().orElse("").substring(2).trim();
            String interpreter = line.split("[ \t]", 2)[0];
            if (interpreter.isEmpty()) throw new SysException(Errno.ENOEXEC);
            program(from, interpreter);
        } else if (!text.startsWith(FakeKernel.MAGIC)) {
            throw new SysException(Errno.ENOEXEC);
        }
        return file;
    }

    private static String head(FakeFile file) {
        byte[] bytes = new byte[4];
        file.read(0, bytes, 0, bytes.length);
        return Bytes.text(bytes);
    }

    // ---- for tests, which may do anything ---------------------------------------------------------------------

    /** The directory above, made where it is missing, and the last name. */
    Place prepared(String path) {
        FakeFile directory = path.charAt(0) == '/' ? root : current;
        String[] names = path.split("/");
        for (int i = 0; i < names.length - 1; i++) {
            if (names[i].isEmpty()) continue;
            FakeFile next = directory.entries.get(names[i]);
            if (next == null) {
                next = create(FakeFile.DIRECTORY | 0755, 0, 0);
                directory.enter(names[i], next, clock.realtime());
            }
            directory = next;
        }
        String name = names[names.length - 1];
        return new Place(directory, name, directory.entries.get(name), false);
    }

    FakeFile put(String path, int mode) {
        Place place = prepared(path);
        FakeFile file = create(mode, 0, 0);
        place.directory.enter(place.name, file, clock.realtime());
        return file;
    }
}
