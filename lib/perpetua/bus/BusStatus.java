// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

/** How a request ended: the numbers travel on the bus and are the exit statuses of ubus, the words are what it says. */
public enum BusStatus {
    OK(""),
    INVALID_COMMAND("Invalid command"),
    INVALID_ARGUMENT("Invalid argument"),
    METHOD_NOT_FOUND("Method not found"),
    NOT_FOUND("Not found"),
    NO_DATA("No response"),
    PERMISSION_DENIED("Permission denied"),
    TIMEOUT("Request timed out"),
    NOT_SUPPORTED("Operation not supported"),
    UNKNOWN_ERROR("Unknown error"),
    CONNECTION_FAILED("Connection failed"),
    NO_MEMORY("Out of memory"),
    PARSE_ERROR("Parsing message data failed"),
    SYSTEM_ERROR("System error");

    private final String word;

    BusStatus(String word) {
        this.word = word;
    }

    public int number() {
        return ordinal();
    }

    public String word() {
        return word;
    }

    /** @return {@link #UNKNOWN_ERROR} for a number that has no meaning */
    public static BusStatus of(int number) {
        BusStatus[] all = values();
        return number < 0 || number >= all.length ? UNKNOWN_ERROR : all[number];
    }
}
