// SPDX-License-Identifier: Apache-2.0
package tools.runlimit;

import java.util.List;
import perpetua.act.LineFile;
import perpetua.act.Limits;
import perpetua.act.Limits.Kind;
import perpetua.chain.Chain;
import perpetua.cli.Args;
import perpetua.cli.Fatal;
import perpetua.cli.Tool;
import perpetua.cli.Usage;
import perpetua.sys.Errno;
import perpetua.sys.Kernel;
import perpetua.sys.SysException;

/** runlimit: run a program with resource limits. */
public final class Runlimit {
    static final Usage USAGE = Usage.of("runlimit", "EF:HR:a:c:d:f:l:m:o:p:r:s:t:v",
            "[-hV] [-E] [-F file]  [-a availmem] [-c coresize] [-d databytes] [-f filesize] [-l lockbytes] "
            + "[-m membytes] [-o openfiles] [-p processes] [-r rssbytes] [-s stackbytes] [-t cpusecs] "
            + "program [args ...]");
    public static final Tool TOOL = Tool.of(USAGE, Runlimit::run).judging(Runlimit::judge);

    private static void judge(char letter, String value) {
        Kind kind = letter == 'm' ? Limits.MEMORY[0] : Kind.of(letter);
        if (kind != null) Limits.value(kind, value, prefix(letter), "");
    }

    private static String prefix(char letter) {
        return "option -" + letter + ": ";
    }

    static int run(Args args, Kernel kernel, Chain chain) {
        Limits limits = new Limits(args, kernel, args.has('H'));
        for (int i = 0; i < args.options(); i++) {
            String prefix = prefix(args.letter(i));
            if (args.letter(i) == 'v') {
                // As in perp, for what is typed behind it.
                limits.warn();
            } else if (args.letter(i) == 'R') {
                limits.named(args.value(i), prefix);
            } else if (args.letter(i) == 'm') {
                for (Kind kind : Limits.MEMORY) limits.option(kind, args.value(i), prefix);
            } else {
                Kind kind = Kind.of(args.letter(i));
                if (kind != null) limits.option(kind, args.value(i), prefix);
            }
        }
        List<String> program = args.program("missing program argument");
        String file = args.value('F');
        if (file != null) fromFile(file, limits, kernel);
        if (args.has('E')) fromEnvironment(limits, chain);
        limits.apply();
        return chain.exec(program);
    }

    private static void fromFile(String file, Limits limits, Kernel kernel) {
        boolean standardInput = file.equals("-");
        String name = standardInput ? LineFile.STANDARD_INPUT_NAME : file;
        List<LineFile.Line> lines = standardInput ? LineFile.readStandardInput(kernel) : LineFile.read(kernel, file);
        for (LineFile.Line line : lines) {
            int equals = line.text().indexOf('=');
            String where = " found in " + name + ", line " + line.number();
            if (equals < 0) {
                throw Fatal.system("empty value or format error" + where, new SysException(Errno.EPROTO));
            }
            String title = LineFile.trimmed(line.text().substring(0, equals));
            if (title.isEmpty()) continue;
            Kind kind = Kind.of(title);
            if (kind == null) {
                throw Fatal.system("unknown resource" + where + ": " + title, new SysException(Errno.EPROTO));
            }
            limits.otherwise(kind, LineFile.trimmed(line.text().substring(equals + 1)), name);
        }
    }

    private static void fromEnvironment(Limits limits, Chain chain) {
        for (Kind kind : Kind.values()) {
            String text = chain.environment().get(kind.title());
            if (text != null) limits.otherwise(kind, text, "environment");
        }
    }
}
