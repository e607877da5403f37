// SPDX-License-Identifier: Apache-2.0
package tools.runuid;

import java.util.Arrays;
import java.util.List;
import perpetua.act.Accounts;
import perpetua.act.Identity;
import perpetua.act.Subject;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Account;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** runuid: run a program as another user. */
public final class Runuid {
    static final Usage USAGE = Usage.of("runuid", "g:sS:",
            "[-hV] [-g grp] [-s | -S grplist] account program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runuid::run);

    /** The most groups that perp sets, the primary one among them. */
    private static final int MOST_GROUPS = 32;

    static int run(Args args, Kernel kernel, Chain chain) {
        if (kernel.effectiveUserId() != 0) throw Fatal.usage("not running as super user");
        if (args.left() < 2) throw Fatal.usage("missing required argument(s)");
        if (args.has('s') && args.has('S')) {
            throw Fatal.usage("options -s and -S <grplist> are mutually exclusive");
        }
        String name = args.operand();
        List<String> program = args.rest();
        Subject subject = Subject.of(kernel, name);
        if (subject == null) throw Fatal.of("no account found for user " + name);
        if (subject.hasGroup() && args.has('g')) {
            throw Fatal.usage("option -g <grp> and account " + name + " name a group each");
        }
        identity(args, kernel, subject).assume(kernel);
        return chain.exec(program);
    }

    private static Identity identity(Args args, Kernel kernel, Subject subject) {
        Account account = subject.account();
        int gid = subject.gid();
        String group = args.value('g');
        if (group != null) {
            gid = Accounts.groupNamed(kernel, group);
            if (gid == -1) throw Fatal.of("no group found for group " + group);
        }
        String list = args.value('S');
        if (list != null) {
            return new Identity(account.uid(), gid, groups(kernel, gid, list), "setgroups() for group list " + list);
        }
        if (!args.has('s')) return Identity.of(account.uid(), gid);
        try {
            return new Identity(account.uid(), gid, kernel.groupsOf(account.name(), gid), "initgroups()");
        } catch (SysException e) {
            throw Fatal.system("failure initgroups()", e);
        }
    }

    /** The group itself, then those of a list such as {@code adm:www}. */
    private static int[] groups(Kernel kernel, int gid, String list) {
        int[] gids = new int[MOST_GROUPS];
        int count = 0;
        gids[count++] = gid;
        for (int from = 0; from <= list.length(); ) {
            int to = list.indexOf(':', from);
            if (to < 0) to = list.length();
            String name = list.substring(from, to);
            if (name.isEmpty()) throw Fatal.mistake("empty group name found in group list " + list);
            if (count == MOST_GROUPS) throw Fatal.of("too many group names in group list " + list);
            gids[count] = Accounts.groupNamed(kernel, name);
            if (gids[count++] == -1) throw Fatal.of("no group found for \"" + name + "\" in grplist " + list);
            from = to + 1;
        }
        return Arrays.copyOf(gids, count);
    }
}
