// SPDX-License-Identifier: Apache-2.0
package perpetua.cli;

/**
 * How a family of programs speaks on standard error: spec/perp.md section 1.3. P stands for the program's name, N for
 * its pid.
 */
public enum Voice {
    /** The run tools, the cat tools and sissylog. */
    RUN {
        @Override
        String version(String program, String number) {
            return program + ": version: " + number;
        }

        @Override
        String complaint(String program, int pid, String kind, String sentence) {
            return program + ": " + kind + ": " + sentence;
        }
    },
    /** The clients of perpd, and perpboot. */
    CLIENT {
        @Override
        String version(String program, String number) {
            return "version: " + program + " " + number;
        }

        @Override
        String complaint(String program, int pid, String kind, String sentence) {
            return program + " " + kind + ": " + sentence;
        }
    },
    /** perpd. The kind stands first, so that a logger can classify the line. */
    DAEMON {
        @Override
        String version(String program, String number) {
            return "version: " + program + " " + number;
        }

        @Override
        String complaint(String program, int pid, String kind, String sentence) {
            return "error: " + program + "[" + pid + "]: " + kind + ": " + sentence;
        }
    },
    /** tinylog. */
    LOGGER {
        @Override
        String version(String program, String number) {
            return program + ": version: " + number;
        }

        @Override
        String complaint(String program, int pid, String kind, String sentence) {
            return "error: " + program + "[" + pid + "]: " + kind + ": " + sentence;
        }
    };

    abstract String version(String program, String number);

    abstract String complaint(String program, int pid, String kind, String sentence);
}
