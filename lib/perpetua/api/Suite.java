// SPDX-License-Identifier: Apache-2.0
package perpetua.api;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Where the tools are that run the links of a {@link Chain}. */
public final class Suite {
    /** Names the folder of the tools, where {@link #find} is to look nowhere else. */
    public static final String PROPERTY = "perpetua.bin";

    private static Suite bundled;

    private final Path folder;
    private final boolean linked;

    private Suite(Path folder, boolean linked) {
        this.folder = folder;
        this.linked = linked;
    }

    /**
     * The installed tools: those in the folder that the system property {@value #PROPERTY} names, else those along PATH, in
     * {@code /usr/local/bin} or {@code /usr/bin}; where there are none, {@link #bundled}.
     */
    public static Suite find() throws IOException {
        String named = System.getProperty(PROPERTY);
        if (named != null) return installed(Path.of(named));
        String path = System.getenv("PATH");
        for (String each : ((path == null ? "" : path) + File.pathSeparator + "/usr/local/bin:/usr/bin").split(File.pathSeparator)) {
            if (!each.isEmpty() && Files.isExecutable(Path.of(each, "perpetua"))) return installed(Path.of(each));
        }
        return bundled();
    }

    /** @param folder that of the tools */
    public static Suite installed(Path folder) {
        return new Suite(folder.toAbsolutePath(), false);
    }

    /**
     * The tools as they are in this library, each chain in a JVM of its own, as this one: a tenth of a second instead of a
     * thousandth, and tens of megabytes until the program takes over. The launcher is put into a temporary folder, which
     * goes when this JVM ends.
     *
     * @throws IOException if it can't be written
     */
    public static synchronized Suite bundled() throws IOException {
        if (bundled == null) {
            Path folder = Files.createTempDirectory("perpetua", PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwxr-xr-x")));
            folder.toFile().deleteOnExit();
            Path launcher = folder.resolve("perpetua");
            Files.writeString(launcher, launcher());
            launcher.toFile().deleteOnExit();
            Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
            bundled = new Suite(folder, true);
        }
        return bundled;
    }

    /** The file of that tool. */
    Path tool(String name) throws IOException {
        Path file = folder.resolve(name);
        if (linked) {
            synchronized (Suite.class) {
                if (!Files.exists(file)) {
                    Files.createSymbolicLink(file, Path.of("perpetua"));
                    file.toFile().deleteOnExit();
                }
            }
        }
        return file;
    }

    private static String launcher() throws IOException {
        return resource("launch")
                .replace("@JAVA@", quoted(Path.of(System.getProperty("java.home"), "bin", "java").toString()))
                .replace("@FLAGS@", line(resource("flags")))
                .replace("@BASE64@", "base64")
                .replace("@BLOCK@", blocking())
                .replace("@CLASSPATH@", quoted(classPath()));
    }

    /** The env of an old system can't block signals; a tool can't wait for them there, and all else works. */
    private static String blocking() throws IOException {
        String words = "env --block-signal=" + line(resource("blocked"));
        try {
            Process attempt = new ProcessBuilder((words + " true").split(" "))
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return attempt.waitFor() == 0 ? words : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static String classPath() {
        StringBuilder absolute = new StringBuilder();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (absolute.length() > 0) absolute.append(File.pathSeparator);
            absolute.append(Path.of(each).toAbsolutePath());
        }
        return absolute.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** The one line that is no comment. */
    private static String line(String text) {
        return String.join(" ", List.of(text.replaceAll("(?m)^#.*\n", "").trim().split("\\s+")));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Suite.class.getResourceAsStream("/perpetua/sys/jvm/" + name)) {
            if (in == null) throw new IOException("this library lacks its file perpetua/sys/jvm/" + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
