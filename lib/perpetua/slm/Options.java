// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.List;

/**
 * What the command line of slm says, beside the {@link Settings}.
 *
 * @param file the configuration
 * @param socket the access point
 * @param startup names of what is started; {@code ending} of what is stopped when slm ends
 * @param adopts whether processes that run already are taken over
 * @param debugStartup whether what is started at startup has its arguments for debugging
 * @param debugAlways whether everything has
 * @param console how much is said on standard error, {@code system} to the system log: a level of World
 * @param path where programs are sought
 * @param environment what components get besides their own variables
 */
public record Options(String file, String socket, List<String> startup, List<String> ending, boolean adopts,
        boolean debugStartup, boolean debugAlways, int console, int system, String path, List<String> environment) {
}
