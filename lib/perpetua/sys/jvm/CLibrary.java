// SPDX-License-Identifier: Apache-2.0
package perpetua.sys.jvm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import perpetua.sys.Bytes;
import perpetua.sys.Errno;
import perpetua.sys.SysException;

/** The loaded C library: its functions, its errno, and memory in its shape. */
final class CLibrary {
    /** As glibc has it; what the kernel knows of it are the first 8 bytes. */
    static final int SIGSET = 128;

    private static final Libc LOADED = LibraryLoader.create(Libc.class).load("c");

    final Libc libc = LOADED;
    private final Runtime runtime = Runtime.getRuntime(libc);

    /** Why the last call of this thread failed. */
    SysException failure() {
        return new SysException(runtime.getLastError());
    }

    /** Whether the last call of this thread failed for that reason. */
    boolean failedWith(Errno errno) {
        return runtime.getLastError() == errno.number();
    }

    int checked(int result) throws SysException {
        if (result < 0) throw failure();
        return result;
    }

    /** A call that may be interrupted by a signal and is then made again. */
    interface Call {
        long make();
    }

    long again(Call call) throws SysException {
        while (true) {
            long result = call.make();
            if (result >= 0) return result;
            if (!failedWith(Errno.EINTR)) throw failure();
        }
    }

    Pointer memory(int size) {
        return Memory.allocateDirect(runtime, Math.max(size, 8), true);
    }

    /** Memory that stays until it is given to {@link #free}: jnr-ffi has no part in it, which would start a thread for its own. */
    Pointer lastingMemory(int size) {
        long address = libc.calloc(1, size);
        if (address == 0) throw new OutOfMemoryError();
        return Pointer.wrap(runtime, address, size);
    }

    void free(Pointer lasting) {
        libc.free(lasting.address());
    }

    /** Strings as execve(2) wants them: one block, pointers to each and a null pointer first, the texts behind. */
    Pointer vector(List<String> texts) {
        return filled(memory(vectorSize(texts)), texts);
    }

    /** The same in {@link #lastingMemory}. */
    Pointer lastingVector(List<String> texts) {
        return filled(lastingMemory(vectorSize(texts)), texts);
    }

    private static int vectorSize(List<String> texts) {
        int size = 8 * (texts.size() + 1);
        for (String text : texts) size += text.length() + 1;
        return size;
    }

    private static Pointer filled(Pointer block, List<String> texts) {
        int at = 8 * (texts.size() + 1);
        for (int i = 0; i < texts.size(); i++) {
            byte[] bytes = Bytes.terminated(texts.get(i));
            block.put(at, bytes, 0, bytes.length);
            block.putAddress(8L * i, block.address() + at);
            at += bytes.length;
        }
        return block;
    }

    /** A C structure of that size, all zero, to be handed over as its array. */
    static ByteBuffer struct(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    /** A sigset_t of the signals whose bits are set; bit 0 is signal 1. */
    static byte[] sigset(long signals) {
        return struct(SIGSET).putLong(0, signals).array();
    }

    static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
