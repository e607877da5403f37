// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.HashMap;
import java.util.Map;
import perpetua.act.SmallFile;
import perpetua.act.WholeFile;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.FileStat;
import perpetua.sys.Kernel;
import perpetua.sys.Open;
import perpetua.sys.SysException;

/**
 * What outlives perpd: a file for each service in a directory for its base directory, normally in memory ({@code /run}). Where it
 * can't be written perpd says so, once, and goes on; the service's file is then removed, since what is not known does less harm
 * than what is wrong.
 *
 * <p>A file is replaced as a whole or not at all, by one that was written before and changes names with it: on a disk a new file for
 * each act would cost more than to start a process.
 */
public final class StateDirectory {
    private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";
    private static final String OWNER = "perpd";
    private static final String NEW = ".new";
    /** Says that rc.boot has been run, by the same text as the owner's. It stays when perpd ends. */
    private static final String BOOTED = ".booted";
    private static final int LONGEST = 4096;

    private final Kernel kernel;
    private final Journal journal;
    private final String path;
    private final String identity;
    /** Those whose state could not be written; it is said when the first comes and when the last goes. */
    private final Map<FileKey, FileKey> missing = new HashMap<>();
    private boolean booted;
    /** Of which boot and of whom this is; null once that is written. */
    private String owner;

    private StateDirectory(Kernel kernel, Journal journal, String path, String identity) {
        this.kernel = kernel;
        this.journal = journal;
        this.path = path;
        this.identity = identity;
    }

    /**
     * Makes or finds it. What an earlier boot has left there is removed.
     *
     * @param parent where the directories of all perpds are
     * @param base the base directory, which it is named after by device and inode
     * @return null if there is none to be had, which has been said
     */
    static StateDirectory open(Kernel kernel, String parent, String base, Journal journal) {
        String path = parent;
        try {
            FileStat stat = kernel.stat(base);
            make(kernel, parent);
            path = parent + "/" + name(FileKey.of(stat));
            make(kernel, path);
            String owner = "boot " + read(kernel, BOOT_ID).trim() + "\nbase " + base + "\n";
            StateDirectory directory = new StateDirectory(kernel, journal, path, owner);
            directory.booted = written(kernel, path + "/" + BOOTED).equals(owner);
            String found = written(kernel, path + "/" + OWNER);
            if (!found.equals(owner)) {
                // Not only another boot's: an inode can come back as another base directory's.
                for (String name : kernel.list(path)) {
                    if (!directory.booted || !name.equals(BOOTED)) kernel.unlink(path + "/" + name);
                }
                directory.owner = owner;
            }
            return directory;
        } catch (SysException e) {
            journal.warning("unable to keep state in " + path + ", so no service outlives perpd: " + e.getMessage());
            return null;
        }
    }

    /** Where it is without an option: for root and for whoever has a directory of its own in memory. */
    public static String parent(Kernel kernel) {
        String own = kernel.effectiveUserId() == 0 ? null : kernel.variable("XDG_RUNTIME_DIR");
        return (own == null || own.isEmpty() ? "/run" : own) + "/perpetua";
    }

    /** A directory that nobody else may write to. */
    private static void make(Kernel kernel, String path) throws SysException {
        try {
            kernel.makeDirectory(path, 0700);
        } catch (SysException e) {
            if (!e.is(Errno.EEXIST)) throw e;
            FileStat stat = kernel.stat(path);
            if (!stat.isDirectory()) throw new SysException(Errno.ENOTDIR);
            if (stat.uid() != kernel.effectiveUserId() || (stat.mode() & 022) != 0) throw new SysException(Errno.EPERM);
        }
    }

    /** Whether this base directory's rc.boot has been run since the machine was started. */
    boolean isBooted() {
        return booted;
    }

    void setBooted() {
        try {
            write(BOOTED, identity);
            booted = true;
        } catch (SysException e) {
            journal.warning("unable to note in " + path + " that rc.boot has been run", e);
        }
    }

    static String name(FileKey key) {
        return Long.toHexString(key.device()) + "-" + Long.toHexString(key.inode());
    }

    /**
     * All that an earlier perpd has left. What can't be understood is said and left out.
     *
     * @throws SysException where it can't be read now: then nothing may be started, since it could be running
     */
    Map<FileKey, SavedService> load() throws SysException {
        Map<FileKey, SavedService> services = new HashMap<>();
        for (String name : kernel.list(path)) {
            if (name.equals(OWNER) || name.charAt(0) == '.') continue;
            String text = content(kernel, path + "/" + name);
            SavedService service = SavedService.of(text);
            if (service == null) journal.warning("unable to understand state " + path + "/" + name);
            else services.put(service.key(), service);
        }
        return services;
    }

    /** @return whether it could be written */
    boolean save(FileKey key, String text) {
        try {
            if (owner != null) {
                write(OWNER, owner);
                owner = null;
            }
            replace(path + "/" + name(key), text);
            if (missing.remove(key) != null && missing.isEmpty()) journal.info("state is kept again in " + path);
            return true;
        } catch (SysException e) {
            if (missing.isEmpty()) journal.warning("unable to keep state in " + path, e);
            missing.put(key, key);
            remove(path + "/" + name(key));
            return false;
        }
    }

    void remove(FileKey key) {
        missing.remove(key);
        remove(path + "/" + name(key));
    }

    private void remove(String file) {
        try {
            kernel.unlink(file);
        } catch (SysException none) {
            // Or the whole directory is gone, and then that with it.
        }
    }

    /** After the last service is gone. */
    void close() {
        remove(path + "/" + OWNER);
        remove(path + "/" + NEW);
        try {
            kernel.removeDirectory(path);
        } catch (SysException inUse) {
            // What is still in it, the next perpd will look at.
        }
    }

    /** As a whole or not at all. */
    private void write(String name, String text) throws SysException {
        String temporary = path + "/" + NEW;
        WholeFile.write(kernel, temporary, Open.TRUNCATE | Open.NO_FOLLOW, 0600, text);
        kernel.rename(temporary, path + "/" + name);
    }

    private void replace(String file, String text) throws SysException {
        String spare = path + "/" + NEW;
        int fd = kernel.open(spare, Open.WRITE | Open.CREATE | Open.NO_FOLLOW, 0600);
        try {
            byte[] bytes = Bytes.of(text);
            for (int done = 0; done < bytes.length; ) done += kernel.write(fd, bytes, done, bytes.length - done);
            kernel.truncate(fd, bytes.length);
        } finally {
            kernel.close(fd);
        }
        try {
            kernel.exchange(spare, file);
        } catch (SysException e) {
            // It is the service's first, or this kernel or file system can't.
            kernel.rename(spare, file);
        }
    }

    /** @return empty if there is no such file */
    private static String written(Kernel kernel, String file) throws SysException {
        try {
            return content(kernel, file);
        } catch (SysException e) {
            if (!e.is(Errno.ENOENT)) throw e;
            return "";
        }
    }

    /** @return empty if it can't be read */
    private static String read(Kernel kernel, String file) {
        try {
            return content(kernel, file);
        } catch (SysException e) {
            return "";
        }
    }

    private static String content(Kernel kernel, String file) throws SysException {
        return SmallFile.beginning(kernel, file, LONGEST);
    }
}
