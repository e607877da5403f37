// SPDX-License-Identifier: Apache-2.0
package perpetua.procd;

/** What a description depends on beside its own words. */
public interface Surroundings {
    /** A number that is another one when the content is another one; 0 for a file that can't be read. */
    long digest(String path);

    /** The index of a network device, 0 where there is none of that name. */
    int deviceIndex(String device);

    /**
     * The ids that a process gets that is to run as these.
     *
     * @param user null for none, as {@code group}
     * @return the ids in some form that is equal where they are
     * @throws Unknown if there is no such account or group
     */
    String ids(String user, String group) throws Unknown;

    /** There is no account or group of that name. */
    final class Unknown extends Exception {
        public Unknown(String sentence) {
            super(sentence, null, false, false);
        }
    }
}
