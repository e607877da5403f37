// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import java.util.List;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.supervise.KeptProgram;
import perpetua.sys.Errno;
import perpetua.sys.Signal;
import perpetua.sys.SysException;

/** A program of the command line that is kept running; what stands in the way of that is said in perp's words. */
public class Respawned implements KeptProgram.Program {
    private final Args args;
    private final Chain chain;
    private final List<String> words;
    private final Chain.Settings settings;

    /** @param settings what is different for its process, beside SIGPIPE, which is as the system has it */
    public Respawned(Args args, Chain chain, List<String> words, Chain.Settings settings) {
        this.args = args;
        this.chain = chain;
        this.words = words;
        this.settings = settings;
    }

    @Override
    public int start() throws SysException {
        return chain.spawn(words, child -> settings.addTo(child.defaults(Signal.PIPE)));
    }

    @Override
    public void refused(SysException why) {
        if (why.is(Errno.EAGAIN) || why.is(Errno.ENOMEM)) {
            args.complain("warning", "failure on fork() while starting " + words.get(0));
        } else {
            args.complain("fatal", "failure on exec of " + words.get(0) + ": " + why.getMessage());
        }
    }

    @Override
    public void pausing() {
        args.complain("warning", "pausing for respawn of " + words.get(0) + " ...");
    }
}
