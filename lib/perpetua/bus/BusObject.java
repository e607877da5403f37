// SPDX-License-Identifier: Apache-2.0
package perpetua.bus;

/** Something on the bus that has methods. */
public interface BusObject {
    String name();

    /** Method → argument → type, a number of those below. */
    Table signature();

    /**
     * Calls a method.
     *
     * @param arguments as they were sent; those of another type than the method wants count as absent
     * @param reply put there what is to be sent; left alone, nothing is sent
     */
    BusStatus call(String method, Table arguments, Reply reply);

    /** What a method has to say. */
    final class Reply {
        private Table data;

        public void send(Table table) {
            data = table;
        }

        public Table data() {
            return data;
        }
    }

    Long BOOLEAN = (long) Blob.BOOL;
    Long INTEGER = (long) Blob.INT32;
    Long STRING = (long) Blob.STRING;
    Long ARRAY = (long) Blob.ARRAY;
    Long TABLE = (long) Blob.TABLE;

    /** How a type of a signature is called. */
    static String typeName(Object type) {
        if (!(type instanceof Long number)) return "(unknown)";
        return switch ((int) (long) number) {
            case Blob.BOOL -> "Boolean";
            case Blob.INT16, Blob.INT32, Blob.INT64 -> "Integer";
            case Blob.STRING -> "String";
            case Blob.ARRAY -> "Array";
            case Blob.TABLE -> "Table";
            default -> "(unknown)";
        };
    }
}
