// SPDX-License-Identifier: Apache-2.0
package perpetua.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import perpetua.sys.Bytes;
import perpetua.sys.FileStat;

/** A file of any type: an inode. Its names are in the directories that hold it. */
public final class FakeFile {
    static final int FIFO = 0010000;
    static final int DEVICE = 0020000;
    static final int DIRECTORY = 0040000;
    static final int REGULAR = 0100000;
    static final int LINK = 0120000;
    static final int SOCKET = 0140000;
    private static final int TYPE = 0170000;
    private static final int PERMISSIONS = 07777;
    private static final int DEVICE_NUMBER = 42;

    private final long inode;
    private int mode;
    private int uid;
    private int gid;
    private long modified;
    int names;
    int descriptors;

    /** Of a directory, in the order in which they came. */
    final Map<String, FakeFile> entries;
    FakeFile parent;

    private byte[] content = {};
    private int size;

    String target = "";
    FakePipe pipe;
    FakeListener listener;
    boolean terminal;
    /** What a child does that was started with this program; null to leave it to the test. */
    Behaviour behaviour;

    /** Which processes hold a lock on it, and whether it is an exclusive one. */
    private Map<Integer, Boolean> locks;

    FakeFile(long inode, int mode, int uid, int gid, long modified) {
        this.inode = inode;
        this.mode = mode;
        this.uid = uid;
        this.gid = gid;
        this.modified = modified;
        this.entries = is(DIRECTORY) ? new LinkedHashMap<>() : Map.of();
        if (is(FIFO)) pipe = new FakePipe(FakePipe.CAPACITY);
    }

    boolean is(int type) {
        return (mode & TYPE) == type;
    }

    public long inode() {
        return inode;
    }

    /** Permission bits, the sticky bit among them. */
    public int mode() {
        return mode & PERMISSIONS;
    }

    public FakeFile mode(int permissions) {
        mode = mode & TYPE | permissions & PERMISSIONS;
        return this;
    }

    public int uid() {
        return uid;
    }

    public int gid() {
        return gid;
    }

    public FakeFile owner(int newUid, int newGid) {
        uid = newUid;
        gid = newGid;
        return this;
    }

    public FakeFile modified(long nanos) {
        modified = nanos;
        return this;
    }

    /** The content of a regular file, or what was written to a terminal. */
    public String text() {
        return Bytes.text(content, 0, size);
    }

    public FakeFile text(String text) {
        content = Bytes.of(text);
        size = content.length;
        return this;
    }

    /** The names in a directory. */
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /** The absolute path of a directory as it is now; {@code /} for the root of all. */
    public String path() {
        if (parent == this) return "/";
        for (Map.Entry<String, FakeFile> entry : parent.entries.entrySet()) {
            if (entry.getValue() == this) return (parent.parent == parent ? "" : parent.path()) + "/" + entry.getKey();
        }
        return "(removed)";
    }

    /** How many names it has. */
    public int links() {
        return names;
    }

    /** The pid of a process that holds a lock on it, 0 if none does. */
    public int lockedBy() {
        return locks == null || locks.isEmpty() ? 0 : locks.keySet().iterator().next();
    }

    FileStat stat() {
        return new FileStat(DEVICE_NUMBER, inode, mode, uid, gid, is(DIRECTORY) ? 4096 : is(LINK) ? target.length() : size,
                modified);
    }

    int size() {
        return size;
    }

    int read(long offset, byte[] into, int from, int length) {
        if (offset >= size) return 0;
        int count = (int) Math.min(length, size - offset);
        System.arraycopy(content, (int) offset, into, from, count);
        return count;
    }

    void write(long offset, byte[] data, int from, int length, long now) {
        int end = (int) offset + length;
        if (end > content.length) resize(Math.max(end, 2 * content.length));
        System.arraycopy(data, from, content, (int) offset, length);
        size = Math.max(size, end);
        modified = now;
    }

    void truncate(int newSize, long now) {
        if (newSize > content.length) resize(newSize);
        // What lay behind the end must not come back when the file grows again.
        for (int i = newSize; i < size; i++) content[i] = 0;
        size = newSize;
        modified = now;
    }

    private void resize(int capacity) {
        byte[] larger = new byte[capacity];
        System.arraycopy(content, 0, larger, 0, size);
        content = larger;
    }

    void enter(String name, FakeFile file, long now) {
        FakeFile former = entries.put(name, file);
        if (former != null) former.names--;
        file.names++;
        if (file.is(DIRECTORY)) file.parent = this;
        modified = now;
    }

    void remove(String name, long now) {
        entries.remove(name).names--;
        modified = now;
    }

    /** Whether a lock of that kind by that process has to wait. */
    boolean isLockedAgainst(int pid, boolean exclusive) {
        if (locks == null) return false;
        for (Map.Entry<Integer, Boolean> lock : locks.entrySet()) {
            if (lock.getKey() != pid && (exclusive || lock.getValue())) return true;
        }
        return false;
    }

    void lock(int pid, boolean exclusive) {
        if (locks == null) locks = new LinkedHashMap<>();
        locks.put(pid, exclusive);
    }

    void unlock(int pid) {
        if (locks != null) locks.remove(pid);
    }

    /** Whoever but that process holds an exclusive lock, or 0. */
    int exclusiveHolder(int pid) {
        if (locks == null) return 0;
        for (Map.Entry<Integer, Boolean> lock : locks.entrySet()) {
            if (lock.getKey() != pid && lock.getValue()) return lock.getKey();
        }
        return 0;
    }
}
