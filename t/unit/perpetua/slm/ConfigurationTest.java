// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;

/** What a configuration may be, and what each that is none is told. */
class ConfigurationTest {
    private final FakeKernel kernel = new FakeKernel();
    private final List<String> warnings = new ArrayList<>();

    private Configuration load(String text) throws Refusal {
        kernel.file("/etc/c.xml", text);
        return Configuration.load(kernel, "/etc/c.xml", warnings::add);
    }

    private static String system(String inside) {
        return "<SLM:system>\n" + inside + "\n</SLM:system>\n";
    }

    private static String component(String name, String inside) {
        return "<SLM:component name=\"" + name + "\"><SLM:command>x</SLM:command>" + inside + "</SLM:component>\n";
    }

    private void refuses(String text, String message) {
        Refusal refusal = assertThrows(Refusal.class, () -> load(text));
        assertEquals("/etc/c.xml:" + message, refusal.getMessage());
    }

    private void refusesInside(String inside, String message) {
        refuses(system(component("a", inside)), message);
    }

    private Component read(String inside) throws Refusal {
        return load(system(component("a", inside))).components.get(0);
    }

    @Test
    @DisplayName("with and without the declaration of the prefix, it is the same")
    void declaration() throws Refusal {
        String inside = component("a", "") + component("b", "<SLM:depend>a</SLM:depend>");
        assertEquals(load(system(inside)).graph(), load("<SLM:system xmlns:SLM=\"SLM\">" + inside + "</SLM:system>").graph());
    }

    @Test
    @DisplayName("what is not well-formed is refused where it stands")
    void malformed() {
        refuses(system("<SLM:component name=\"a\"><SLM:args>x</ SLM:args></SLM:component>"),
                "2:38: not well-formed: name expected");
        refuses("<SLM:system><SLM:component name='a'>", "1:37: unexpected end of file in SLM:component");
        refuses("<SLM:system></SLM:system><SLM:system/>", "1:26: more than one element at the top");
        refuses("", "1:1: no element SLM:system");
        refuses("<a/>", "1:1: the element at the top is a instead of SLM:system");
        refuses(system("text"), "1:13: text outside of an element");
        refuses(system("<SLM:component name='a' name='b'/>"), "2:1: attribute name is given twice");
        refuses(system("<SLM:component name='&amp;'/>"), "2:22: a reference in an attribute");
        refuses(system("\001"), "2:1: a control character");
        refuses(system("\377"), "2:1: not UTF-8");
        refuses("<?xml version='1.0' encoding='latin1'?>" + system(""), "1:38: encoding latin1 is not supported, only UTF-8");
    }

    @Test
    @DisplayName("what the parser itself would let pass is refused too")
    void lenience() {
        refuses(system("<!-- a -- b -->"), "2:1: not well-formed: -- in a comment");
        refuses(system("<!-- a --->"), "2:10: not well-formed: illegal comment delimiter: --->");
        refusesInside("<!-- a -- b -->", "2:53: not well-formed: -- in a comment");
        refuses("<!DOCTYPE SLM_system [<!-- a -- b -->]>" + system(""), "1:23: not well-formed: -- in a comment");
        refuses("<!DOCTYPESLM_system>" + system(""), "1:10: not well-formed: a blank expected");
        refuses("<!DOCTYPE SLM_system []/>" + system(""), "1:24: not well-formed: > expected");
        refuses("<!DOCTYPE SLM_system [<!ENTITY a SYSTEM'x'>]>" + system(""), "1:40: not well-formed: a blank expected");
        refuses("<?xml version='1.0x'?>" + system(""), "1:21: the version of XML is not 1.0");
        refuses("<?xml encoding='UTF-8'?>" + system(""), "1:6: the version of XML is not 1.0");
        refuses("<?xml version='1.0' standalone='maybe'?>" + system(""), "1:39: standalone maybe is neither yes nor no");
        refuses("<?xml version='1.0' other='x'?>" + system(""), "1:21: not well-formed: ?> expected");
        refuses("<?xml-stylesheet href='x'?>" + system(""), "1:1: processing instructions are not supported");
        refuses(system("\357\277\277"), "2:1: no character of XML");
        refusesInside("<SLM:args>&#xFFFE;</SLM:args>", "2:63: no character: &#xFFFE;");
        kernel.file("/etc/part.xml", "<?xml version='1.0' encoding='latin1'?>" + component("b", ""));
        Refusal refusal = assertThrows(Refusal.class,
                () -> load("<!DOCTYPE SLM_system [<!ENTITY part SYSTEM 'part.xml'>]>" + system("&part;")));
        assertEquals("/etc/part.xml:1:38: encoding latin1 is not supported, only UTF-8", refusal.getMessage());
    }

    @Test
    @DisplayName("an empty element means what its absence does")
    void empty() throws Refusal {
        StringBuilder inside = new StringBuilder();
        for (String each : new String[] {"ability", "args", "cd", "debug", "depend", "envar", "envvar", "groups", "partition",
            "priority", "repair", "runmask", "stderr", "stdin", "stdout", "stop", "tty", "type", "user", "waitfor"}) {
            inside.append("<SLM:").append(each).append("> </SLM:").append(each).append('>');
        }
        Component component = read(inside.toString());
        assertEquals(List.of(), component.args);
        assertNull(component.debugArgs);
        assertNull(component.directory);
        assertNull(component.groups);
        assertEquals(List.of(), component.needs);
        assertEquals(List.of(), component.waits);
        assertEquals(15, component.stopSignal);
        refuses(system("<SLM:component name='a'><SLM:command/></SLM:component>"), "2:25: an empty command");
    }

    @Test
    @DisplayName("a line may end with a carriage return, alone or not")
    void lineEnds() throws Refusal {
        String text = "<?xml version='1.0'?>\r" + system(component("a", "<SLM:args>x&#13;y</SLM:args>")).replace("\n", "\r");
        assertEquals("a\n", load(text).startOrder());
        assertEquals(List.of("x", "y"), load(text).components.get(0).args);
        assertEquals("a\n", load(text.replace("\r", "\r\n")).startOrder());
        refuses(text.replace("</SLM:system>", "<SLM:oops/></SLM:system>"), "5:1: unknown element SLM:oops; did you mean SLM:module?");
    }

    @Test
    @DisplayName("what is hostile by its size is refused before it takes long")
    void hostile() {
        StringBuilder many = new StringBuilder("<SLM:component");
        for (int i = 0; i < 1000; i++) many.append(" a").append(i).append("=''");
        refuses(system(many + "/>"), "2:1: more than 100 attributes");
        for (int i = 1000; i < 300_000; i++) many.append(" a").append(i).append("=''");
        refuses(system(many + "/>"), "2:1: more than 64 KB for a tag, or 1 MB for a text");
        StringBuilder needs = new StringBuilder();
        for (int i = 0; i < 20_000; i++) needs.append("<SLM:depend>x").append(i).append("</SLM:depend>");
        Refusal refusal = assertThrows(Refusal.class, () -> load(system(component("b", needs.substring(needs.indexOf("</SLM:depend>") + 13)))));
        assertEquals("/etc/c.xml:2:53: unknown component x1; did you mean b?", refusal.getMessage());
        refuses(system(component("a", needs + "<SLM:args/>")), "2:1: more than 20000 elements in it");
        refusesInside("<!--" + " ".repeat(2 << 20) + "-->", "2:53: more than 64 KB for a tag, or 1 MB for a text");
        refusesInside("<SLM:envar>" + "a=b ".repeat(5001) + "</SLM:envar>", "2:53: more than 5000 variables");
        refuses(system("<SLM:module name='m'><SLM:member>" + "*".repeat(256) + "</SLM:member></SLM:module>"),
                "2:22: a name of more than 255 bytes");
        StringBuilder patterns = new StringBuilder();
        for (int i = 0; i < 5000; i++) patterns.append(component("a".repeat(200) + i, ""));
        patterns.append("<SLM:module name='m'>");
        for (int i = 0; i < 30; i++) patterns.append("<SLM:member>*").append("a".repeat(100)).append("b</SLM:member>");
        patterns.append("</SLM:module>");
        refusal = assertThrows(Refusal.class, () -> load(system(patterns.toString())));
        assertTrue(refusal.getMessage().endsWith(": too many patterns for so many components"), refusal.getMessage());
    }

    @Test
    @DisplayName("an unknown element or attribute is named, with the one that may have been meant")
    void unknown() {
        refuses(system("<SLM:componet name='a'/>"), "2:1: unknown element SLM:componet; did you mean SLM:component?");
        refusesInside("<SLM:agrs>x</SLM:agrs>", "2:53: unknown element SLM:agrs; did you mean SLM:args?");
        refusesInside("<SLM:stop chld='true'/>", "2:53: unknown attribute chld of SLM:stop; did you mean child?");
        refuses(system("<SLM:component nam='a'/>"), "2:1: unknown attribute nam of SLM:component; did you mean name?");
        refusesInside("<SLM:depend>b</SLM:depend>", "2:53: unknown component b; did you mean a?");
        refuses(system("<component name='a'/>"), "2:1: unknown element component; did you mean SLM:component?");
        refusesInside("<SLM:environment>x</SLM:environment>", "2:53: unknown element SLM:environment; did you mean SLM:envar?");
        refusesInside("<SLM:waitfor kind='exits'/>", "2:53: unknown attribute kind of SLM:waitfor; did you mean wait?");
        refusesInside("<SLM:cd>/<SLM:cd/></SLM:cd>", "2:62: element SLM:cd is too deep");
    }

    @Test
    @DisplayName("names are of one alphabet, each there once, and some are taken")
    void names() {
        refuses(system("<SLM:component/>"), "2:1: SLM:component without a name");
        refuses(system("<SLM:component name=''/>"), "2:1: an empty name");
        refuses(system("<SLM:component name='all'/>"), "2:1: name all is reserved");
        refuses(system("<SLM:component name='a*'/>"), "2:1: name a* has signs other than letters, digits and _.@:+-");
        refuses(system("<SLM:component name='a'/>"), "2:1: component a without a command");
        refuses(system(component("a", "") + component("a", "")), "3:1: component a is there already: /etc/c.xml:2:1");
    }

    @Test
    @DisplayName("a cycle is shown in full")
    void cycle() {
        refuses(system(component("x", "<SLM:depend>a</SLM:depend>") + component("a", "<SLM:depend>b</SLM:depend>")
                + component("b", "<SLM:depend>c</SLM:depend>") + component("c", "<SLM:depend>a</SLM:depend>")),
                "3:1: dependency cycle: a -> b -> c -> a");
        refusesInside("<SLM:depend>a</SLM:depend>", "2:53: component a depends on itself");
    }

    @Test
    @DisplayName("the order is that of the file, where nothing else decides")
    void order() throws Refusal {
        Configuration configuration = load(system(component("c", "<SLM:depend>d</SLM:depend>") + component("b", "")
                + component("d", "<SLM:depend state='stateless'>a</SLM:depend>") + component("a", "")));
        assertEquals("b\na\nd\nc\n", configuration.startOrder());
        assertEquals("digraph slm {\n  \"b\";\n  \"a\";\n  \"d\";\n  \"c\";\n"
                + "  \"d\" -> \"a\" [style=dashed, label=\"stateless\"];\n  \"c\" -> \"d\" [label=\"session\"];\n}\n",
                configuration.graph());
    }

    @Test
    @DisplayName("an entity splices in a file, relative to the one that declares it")
    void inclusion() throws Refusal {
        String doctype = "<!DOCTYPE SLM_system [\n <!ENTITY part SYSTEM \"sub/part.xml\">\n <!ENTITY more SYSTEM 'more.xml'>]>\n";
        kernel.file("/etc/sub/part.xml", "<?xml version='1.0'?>\n" + component("p", "") + "&more;");
        kernel.file("/etc/more.xml", component("m", ""));
        assertEquals("p\nm\na\n", load(doctype + system("&part;" + component("a", ""))).startOrder());
        kernel.file("/etc/sub/more.xml", component("nearer", ""));
        assertEquals("p\nnearer\na\n", load(doctype + system("&part;" + component("a", ""))).startOrder());
        kernel.remove("/etc/sub/more.xml");
        kernel.file("/etc/more.xml", component("m", "<SLM:oops/>"));
        Refusal refusal = assertThrows(Refusal.class, () -> load(doctype + system("&part;")));
        assertEquals("/etc/more.xml:1:53: unknown element SLM:oops; did you mean SLM:args?", refusal.getMessage());
    }

    @Test
    @DisplayName("entities that are not declared, not files, circular or too many are refused by name")
    void entities() {
        refuses(system("&none;"), "2:1: entity none is not declared");
        refusesInside("<SLM:args>&none;</SLM:args>", "2:63: entity none is not declared");
        refuses("<!DOCTYPE SLM_system [<!ENTITY a \"text\">]>" + system("&a;"),
                "1:34: entity a is not the name of a file: only SYSTEM is supported");
        refuses("<!DOCTYPE SLM_system [<!ENTITY % a SYSTEM \"x\">]>" + system("%a;"),
                "1:32: parameter entities are not supported");
        refuses("<!DOCTYPE SLM_system [<!ENTITY a SYSTEM \"http://x/y\">]>" + system("&a;"),
                "1:54: entity a is not in a local file: http://x/y");
        refuses("<!DOCTYPE SLM_system [<!ENTITY a SYSTEM \"data:text/xml,x\">]>" + system(""),
                "1:59: entity a is not in a local file: data:text/xml,x");
        refuses("<!DOCTYPE SLM_system [<!ENTITY a SYSTEM \"file://host/x\">]>" + system(""),
                "1:57: entity a is not in a local file: file://host/x");
        refuses("<!DOCTYPE SLM_system [<!ENTITY a SYSTEM \"gone.xml\">]>\n" + system("&a;"),
                "3:1: unable to read /etc/gone.xml: file does not exist (ENOENT)");
        refuses("<!DOCTYPE SLM_system SYSTEM 'x.dtd'>" + system(""),
                "1:22: a document type of another file is not supported");
        kernel.file("/etc/a.xml", "&b;");
        kernel.file("/etc/b.xml", "&a;");
        Refusal refusal = assertThrows(Refusal.class, () -> load(
                "<!DOCTYPE SLM_system [<!ENTITY a SYSTEM 'a.xml'><!ENTITY b SYSTEM 'b.xml'>]>" + system("&a;")));
        assertEquals("/etc/b.xml:1:1: entity a includes itself: a -> b -> a", refusal.getMessage());
        StringBuilder doctype = new StringBuilder("<!DOCTYPE SLM_system [");
        for (int i = 0; i < 8; i++) {
            doctype.append("<!ENTITY e").append(i).append(" SYSTEM 'e").append(i).append("'>");
            kernel.file("/etc/e" + i, i == 7 ? component("x", "") : ("&e" + (i + 1) + ";").repeat(10));
        }
        refusal = assertThrows(Refusal.class, () -> load(doctype + "]>" + system("&e0;")));
        assertTrue(refusal.getMessage().endsWith("already: /etc/e7:1:1"), refusal.getMessage());
        kernel.file("/etc/e7", "");
        refusal = assertThrows(Refusal.class, () -> load(doctype + "]>" + system("&e0;")));
        assertTrue(refusal.getMessage().endsWith(": too many entities are included"), refusal.getMessage());
    }

    @Test
    @DisplayName("words are split as a shell does it, and references stand for their characters")
    void words() throws Refusal {
        assertEquals(List.of("a b", "c", "$x", "", "\"", "d\\e"),
                read("<SLM:args>\n \"a b\" c\t'$x' ''  \\\" &quot;d\\e&quot;\n</SLM:args>").args);
        assertEquals(List.of("\303\251<&"), read("<SLM:args>&#233;&lt;&amp;</SLM:args>").args);
        assertEquals(List.of(), read("<SLM:args></SLM:args>").args);
        refusesInside("<SLM:args>'x</SLM:args>", "2:53: a quote that is not closed in SLM:args");
        refusesInside("<SLM:args>&#0;</SLM:args>", "2:63: no character: &#0;");
    }

    @Test
    @DisplayName("each child has its values, and no others")
    void children() throws Refusal {
        Component all = read("<SLM:waitfor wait='pathname' polltime='50:0'>/x</SLM:waitfor><SLM:waitfor wait='exit'/>"
                + "<SLM:stop timeout='100' child='true'>INT</SLM:stop><SLM:repair backoff='3'>stop</SLM:repair>"
                + "<SLM:runmask>5</SLM:runmask><SLM:priority>12r</SLM:priority><SLM:envvar clear='all'>A=1 B='x y'</SLM:envvar>");
        assertEquals(List.of(new Wait(Wait.Kind.PATHNAME, "/x", 0, 50, 0), new Wait(Wait.Kind.EXITS, "", 0, -1, -1)), all.waits);
        assertEquals(2, all.stopSignal);
        assertEquals(3000, all.backoffMillis);
        assertEquals(12, all.schedule.priority());
        assertEquals(List.of("A=1", "B=x y"), all.variables);
        assertEquals(0, read("<SLM:priority>10o</SLM:priority>").schedule.nice());
        assertEquals(-20, read("<SLM:priority>99</SLM:priority>").schedule.nice());
        refusesInside("<SLM:priority>120f</SLM:priority>",
                "2:53: QNX priority 120f has no Linux equivalent; use 1..99 and f, r or o");
        refusesInside("<SLM:runmask>5x</SLM:runmask>", "2:53: runmask 5x is not a number of 32 bits");
        refusesInside("<SLM:waitfor polltime='0:5'/>", "2:53: polltime 0:5 polls without a pause");
        refusesInside("<SLM:waitfor polltime='100:5'/>", "2:53: polltime 100:5 ends before its first poll");
        refusesInside("<SLM:waitfor wait='exits'>256</SLM:waitfor>", "2:53: exit code 256 is not from 0 to 255");
        refusesInside("<SLM:stop stop='none' timeout='1'/>", "2:53: a timeout where nothing is done");
        refusesInside("<SLM:stop>SIGNONE</SLM:stop>", "2:53: unknown signal SIGNONE");
        refusesInside("<SLM:envar>x</SLM:envar>", "2:53: variable x is no NAME=VALUE");
        refusesInside("<SLM:envar clear='all'/><SLM:envar clear='none'/>", "2:77: clear is given twice, and differs");
        refusesInside("<SLM:stdin iomode='w'>x</SLM:stdin>", "2:53: mode w is none of SLM:stdin");
        refusesInside("<SLM:tty>x</SLM:tty><SLM:stdin>x</SLM:stdin>", "2:1: both a tty and files for the standard streams");
        refusesInside("<SLM:cd>x</SLM:cd>", "2:53: directory x is not absolute");
        refusesInside("<SLM:cd>/</SLM:cd><SLM:cd>/</SLM:cd>", "2:71: more than one SLM:cd in a");
        refusesInside("<SLM:partition>../x</SLM:partition>", "2:53: partition '../x': not a name");
        refuses(system("<SLM:component name='a'><SLM:command launch='critical'>x</SLM:command></SLM:component>"),
                "2:25: launch option critical has no equivalent on Linux");
        assertTrue(warnings.isEmpty());
        read("<SLM:waitfor wait='exists'/>");
        assertEquals(List.of("/etc/c.xml:2:53: wait exists is taken as exits"), warnings);
    }

    @Test
    @DisplayName("an ability is a capability, or it is refused by its name")
    void abilities() throws Refusal {
        Component component = read("<SLM:ability>root,DENY,reboot</SLM:ability><SLM:ability>nonroot,allow,clockset</SLM:ability>");
        assertEquals(1L << 22, component.denied[0]);
        assertEquals(0, component.denied[1]);
        assertEquals(1L << 25, component.allowed[1]);
        assertEquals(-1L >>> 1 & ~(1L << 22), read("<SLM:ability>allow,reboot</SLM:ability><SLM:ability>all,deny</SLM:ability>").denied[0]);
        assertEquals(-1L >>> 1 & ~(1L << 22), read("<SLM:ability>all,deny</SLM:ability><SLM:ability>allow,reboot</SLM:ability>").denied[0]);
        assertEquals(-1L >>> 1 & ~(1L << 22), read("<SLM:ability>nonroot,allow</SLM:ability><SLM:ability>deny,reboot</SLM:ability>").allowed[1]);
        refusesInside("<SLM:ability>deny,confset</SLM:ability>",
                "2:53: ability 'confset' would be all of CAP_SYS_ADMIN; take a narrower tool, such as hostname(1)");
        refusesInside("<SLM:ability>root,deny,fork</SLM:ability>", "2:53: ability 'fork' cannot be denied on this system");
        refusesInside("<SLM:ability>root,fork,deny</SLM:ability>", "2:53: ability 'fork' cannot be denied on this system");
        refusesInside("<SLM:ability>root, deny, fork</SLM:ability>", "2:53: ability 'fork' cannot be denied on this system");
        assertEquals(0, read("<SLM:ability>root, allow, fork</SLM:ability>").denied[0]);
        refusesInside("<SLM:ability>deny,pathspace</SLM:ability>", "2:53: ability 'pathspace' has no equivalent on Linux");
        refusesInside("<SLM:ability>deny,priority:1-9</SLM:ability>",
                "2:53: ability 'priority' cannot be limited to a range on this system");
        refusesInside("<SLM:ability>reboot</SLM:ability>", "2:53: ability: neither allow nor deny in reboot");
    }

    @Test
    @DisplayName("members of a module are names, patterns and other modules, but not the module itself")
    void modules() throws Refusal {
        String components = component("link_a", "") + component("b", "") + component("link_c", "");
        Configuration configuration = load(system(components + "<SLM:module name='m'><SLM:member>b</SLM:member>"
                + "<SLM:member>link_*</SLM:member><SLM:member>b</SLM:member></SLM:module><SLM:module name='n'><SLM:member>m</SLM:member>"
                + "</SLM:module><SLM:module name='e'/><SLM:module name='b'/>"));
        assertEquals(List.of(1, 0, 2), configuration.named("m"));
        assertEquals(List.of(1, 0, 2), configuration.named("n"));
        assertEquals(List.of(), configuration.named("e"));
        assertEquals(List.of(1), configuration.named("b"));
        assertEquals(List.of(), configuration.named("module:b"));
        assertNull(configuration.named("x"));
        assertEquals(List.of("/etc/c.xml:5:200: b is both a module and a component"), warnings);
        refuses(system("<SLM:module name='m'><SLM:member>n</SLM:member></SLM:module>"), "2:22: unknown component n");
        refuses(system("<SLM:module name='m'><SLM:member>n</SLM:member></SLM:module><SLM:module name='n'><SLM:member>m</SLM:member></SLM:module>"),
                "2:82: module m is a member of itself");
    }

    @Test
    @DisplayName("patterns are those of a shell")
    void patterns() {
        assertTrue(Glob.matches("a*c?[x-z]", "abbcdy"));
        assertTrue(Glob.matches("*", ""));
        assertTrue(Glob.matches("[!a]b", "cb"));
        assertTrue(!Glob.matches("[!a]b", "ab"));
        assertTrue(!Glob.matches("a?", "a"));
        assertTrue(Glob.matches("[", "["));
    }

    @Test
    @DisplayName("2,000 components with 6,000 edges are read, checked and ordered in under 0.3 s")
    void large() throws Refusal {
        String text = large(2000, 3);
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            long began = System.nanoTime();
            Configuration configuration = load(text);
            least = Math.min(least, System.nanoTime() - began);
            assertEquals(2000, configuration.size());
        }
        assertTrue(least < 300_000_000L, "it took " + least / 1_000_000 + " ms");
    }

    static String large(int count, int edges) {
        Random random = new Random(8);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            StringBuilder needs = new StringBuilder();
            for (int j = 0; i > edges && j < edges; j++) needs.append("<SLM:depend>c").append(random.nextInt(i)).append("</SLM:depend>");
            text.append(component("c" + i, needs.toString().replace("<SLM:depend>", "<SLM:depend state='session'>")));
        }
        return system(text.toString());
    }
}
