// SPDX-License-Identifier: Apache-2.0
package perpetua.supervise;

import perpetua.sys.Signal;

/** What {@link Service} decides is to be done; whoever drives it does it, in the order given. */
public sealed interface Act {
    /** Call the runscript; then tell {@link Service#ran}, {@link Service#refused} or {@link Service#unrunnable}. */
    record Run(Runscript which, Target target) implements Act {
    }

    /** Send a signal to its process. @param group to the whole process group instead */
    record Kill(Runscript which, Signal signal, boolean group) implements Act {
    }

    /** Close both ends of the log pipe: its logger is to see the end of file. */
    record ClosePipe() implements Act {
    }

    /** The service is over: forget it. */
    record Forget() implements Act {
    }

    /** Say that a start waits for the governor. */
    record TellGoverned(Runscript which) implements Act {
    }

    /** Say that a signal meets a runscript that is resetting. @param dropped whether it is not sent for that reason */
    record TellResetting(Runscript which, Signal signal, boolean dropped) implements Act {
    }
}
