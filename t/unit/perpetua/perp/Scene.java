// SPDX-License-Identifier: Apache-2.0
package perpetua.perp;

import java.util.ArrayList;
import java.util.List;
import perpetua.fake.FakeFile;
import perpetua.fake.FakeKernel;
import perpetua.fake.FakeProcess;
import perpetua.fake.FakeSocket;
import perpetua.fake.Gone;
import perpetua.sys.Bytes;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** A perpd on the base directory {@code /base} of a kernel in memory, to be watched round by round. */
final class Scene {
    static final long SECOND = 1_000_000_000L;
    static final String BASE = "/base";
    private static final String SOCKET = "/run/perpd.sock";

    /** Thrown out of poll when the time that was asked for has passed. */
    private static final class Over extends Error {
        Over() {
            super(null, null, false, false);
        }
    }

    final FakeKernel kernel = new FakeKernel().variables("PATH=/bin", "LANG=C");
    Supervisor supervisor;
    private boolean more = true;
    private int passes;
    private int socket;
    private long scanEvery;
    private int descriptorsBefore;
    private int few = -1;

    Scene() {
        kernel.directory(BASE);
        kernel.directory("/run");
        kernel.file("/proc/sys/kernel/random/boot_id", "first\n");
    }

    /** An active service directory with a main script, and a logger's if asked for. */
    FakeFile service(String name, boolean hasLog) {
        kernel.program(BASE + "/" + name + "/rc.main");
        if (hasLog) kernel.program(BASE + "/" + name + "/rc.log");
        return kernel.directory(BASE + "/" + name).mode(01755);
    }

    Scene begin() {
        return begin(0);
    }

    /** How many children there may be before those that follow have descriptors of their own. */
    Scene fewChildren(int most) {
        few = most;
        return this;
    }

    Scene begin(long scanEvery) {
        try {
            kernel.ignore(Signal.PIPE);
            socket = kernel.listen(SOCKET, 128);
        } catch (SysException e) {
            throw new AssertionError(e);
        }
        this.scanEvery = scanEvery;
        return begin(false);
    }

    private Scene begin(boolean inherits) {
        try {
            supervisor = new Supervisor(kernel, BASE, "perpd", socket, List.of("PATH=/bin", "PERP_BASE=/base"), scanEvery)
                    .keepState("/run/state", inherits).succeededBy(this::succeed);
        } catch (SysException e) {
            throw new AssertionError(e);
        }
        if (few >= 0) supervisor.fewChildren(few);
        more = true;
        descriptorsBefore = kernel.openDescriptors() - (inherits ? inheritedPipes() : 0);
        supervisor.begin();
        return pass(0);
    }

    private int inheritedPipes() {
        int pipes = 0;
        for (String name : kernel.descriptorNames()) {
            if (name.equals("pipe")) pipes++;
        }
        return pipes;
    }

    private SysException succeed() {
        try {
            kernel.closeOnExec(socket, false);
            SysException failure = kernel.exec("/bin/perpd", List.of("perpd"), null);
            kernel.closeOnExec(socket, true);
            return failure;
        } catch (SysException e) {
            throw new AssertionError(e);
        }
    }

    /** perpd was killed, and is started anew. */
    Scene reborn() {
        return reborn(-1);
    }

    /** The same. @param acts after how many acts this one is killed too; -1 for not */
    Scene reborn(int acts) {
        kernel.reborn();
        kernel.killAfter(acts);
        kernel.remove(SOCKET);
        return begin(scanEvery);
    }

    /** perpd is told to execute itself again, and does. */
    Scene reexecute() {
        kernel.arrive(Signal.USR2);
        try {
            pass(0);
        } catch (Gone executed) {
            return succeeded();
        }
        throw new AssertionError("not executed again");
    }

    /** After perpd has executed itself again. */
    Scene succeeded() {
        kernel.reexecuted();
        try {
            kernel.closeOnExecFrom(3);
        } catch (SysException e) {
            throw new AssertionError(e);
        }
        return begin(true);
    }

    /** Lets it work for that long; it has then come to rest. */
    Scene pass(double seconds) {
        boolean[] over = {false};
        int mine = ++passes;
        kernel.after((long) (seconds * SECOND) + 1, () -> {
            // Left over from a perpd that was killed meanwhile.
            if (mine != passes) return;
            // After it has stopped, nobody polls.
            over[0] = true;
            if (more) throw new Over();
        });
        try {
            while (more && !over[0]) more = supervisor.step();
        } catch (Over time) {
            return this;
        }
        kernel.advance((long) (seconds * SECOND) + 1);
        return this;
    }

    boolean hasEnded() {
        return !more;
    }

    Scene scan() {
        kernel.arrive(Signal.HUP);
        return pass(0);
    }

    Scene terminate() {
        kernel.arrive(Signal.TERM);
        return pass(0);
    }

    /** The commands that run, {@code ./rc.main start one} each, sorted. */
    List<String> running() {
        List<String> commands = new ArrayList<>();
        for (FakeProcess process : kernel.running()) commands.add(String.join(" ", process.argv()));
        commands.sort(null);
        return commands;
    }

    /** The one process that runs that command. */
    FakeProcess process(String command) {
        FakeProcess found = null;
        for (FakeProcess process : kernel.running()) {
            if (!String.join(" ", process.argv()).equals(command)) continue;
            if (found != null) throw new AssertionError("runs twice: " + command);
            found = process;
        }
        if (found == null) throw new AssertionError("does not run: " + command + "; but: " + running());
        return found;
    }

    /** That process exits, and perpd deals with it. */
    Scene exit(String command, int status) {
        process(command).exit(status);
        return pass(0);
    }

    FileKey key(String name) {
        return new FileKey(keyOf(name).device(), keyOf(name).inode());
    }

    private perpetua.sys.FileStat keyOf(String name) {
        try {
            return kernel.stat(BASE + "/" + name);
        } catch (SysException e) {
            throw new AssertionError(e);
        }
    }

    /** What perpd answers a client that sends these bytes on a connection of its own. */
    String exchange(String bytes) {
        FakeSocket client = client();
        client.send(bytes);
        pass(0);
        String answer = client.receive();
        client.close();
        pass(0);
        return answer;
    }

    FakeSocket client() {
        return kernel.client(SOCKET);
    }

    /** @return the error number of the answer */
    int command(String name, char letter) {
        return command(key(name), letter, 0);
    }

    int command(FileKey key, char letter, int flags) {
        String answer = exchange(Bytes.text(Packet.command(key, letter, flags).bytes()));
        return Packet.takeInt(Bytes.of(answer), Packet.HEADER);
    }

    /** @return null if perpd does not know it */
    Status status(String name) {
        String answer = exchange(Bytes.text(Packet.query(key(name)).bytes()));
        if (answer.charAt(1) != 'S') return null;
        return Status.of(new Packet('S', Bytes.of(answer.substring(Packet.HEADER))));
    }

    /** As perpls shows it. */
    String signs(String name) {
        return Panel.of(name, FullStatus.plain(status(name)), kernel.realtimeNanos()).signs();
    }

    /** What it has said since the last call, without its name. */
    String said() {
        String text = kernel.errors().replace("perpd[200]: ", "");
        kernel.forgetOutput();
        return text;
    }

    /** How many descriptors are open beside those that perpd had before its first scan. */
    int descriptors() {
        return kernel.openDescriptors() - descriptorsBefore;
    }
}
