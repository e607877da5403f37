// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import perpetua.fake.FakeKernel;

/** Whatever bytes a configuration is made of, it is loaded, or refused with the place: never anything else. */
class ConfigurationFuzzTest {
    private static final int ROUNDS = Integer.getInteger("perpetua.rounds", 200_000);
    private static final String SEED = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE SLM_system [ <!-- parts --> <!ENTITY part SYSTEM "part.xml"> <!ENTITY none SYSTEM "none.xml"> ]>
            <SLM:system xmlns:SLM="SLM">
            &part;
            <!-- a comment -->
            <SLM:component name="a"><SLM:command launch="session,pathname">/bin/x</SLM:command><SLM:args>"a b" '&quot;' &#65;</SLM:args>
            <SLM:depend state="stateless">b</SLM:depend><SLM:waitfor wait="pathname" polltime="100:0">/x</SLM:waitfor>
            <SLM:stop stop="signal" child="true" timeout="5">SIGTERM</SLM:stop><SLM:repair backoff="1">restart</SLM:repair></SLM:component>
            <SLM:component name="b"><SLM:command launch="builtin">mkdir</SLM:command><SLM:args>/x; /y</SLM:args></SLM:component>
            <SLM:component name="c"><SLM:command>c</SLM:command><SLM:ability>root,deny,reboot</SLM:ability><SLM:priority>12r</SLM:priority>
            <SLM:runmask>0x5</SLM:runmask><SLM:envar clear="login">A=1</SLM:envar><SLM:groups>1, 2</SLM:groups><SLM:user>1:2</SLM:user></SLM:component>
            <SLM:module name="m"><SLM:member>[ab]*</SLM:member><SLM:member><![CDATA[c]]></SLM:member></SLM:module>
            </SLM:system>
            """;
    private static final String[] PIECES = {
        "<", ">", "/>", "</", "&", ";", "&part;", "&none;", "&#", "&#x10ffff;", "&#xd800;", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>",
        "<!DOCTYPE SLM_system [", "]>", "<?", "?>", "<?xml ", "%", "\0", "\377", "\303\251", "\r", "\n", " ", "=", "SLM:", "name=\"a\"",
        "<SLM:component name='z'>", "</SLM:component>", "<SLM:depend>a</SLM:depend>", "all", "99999999999999999999", "-1", "\\", "*",
    };

    @Test
    @DisplayName("mutated configurations")
    void mutated() throws Exception {
        long seed = Long.getLong("perpetua.seed", System.nanoTime());
        System.out.println("mutated configurations: -Dperpetua.seed=" + seed);
        Random random = new Random(seed);
        FakeKernel kernel = new FakeKernel();
        kernel.file("/part.xml", "<SLM:component name='p'><SLM:command>p</SLM:command></SLM:component>");
        kernel.file("/c.xml", SEED);
        Configuration.load(kernel, "/c.xml", sentence -> { });
        int loaded = 0;
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(SEED);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) change(text, random);
            // The included file is as little to be trusted.
            boolean part = random.nextInt(8) == 0;
            if (part) kernel.file("/part.xml", text.substring(random.nextInt(text.length())));
            kernel.file("/c.xml", text.toString());
            try {
                Configuration.load(kernel, "/c.xml", sentence -> { }).startOrder();
                loaded++;
            } catch (Refusal e) {
                boolean placed = e.getMessage().matches("(?s)/(c|part)\\.xml:[0-9]+:[0-9]+: .+");
                if (!placed) fail("seed " + seed + ", round " + round + ": no place in: " + e.getMessage());
            } catch (Throwable e) {
                fail("seed " + seed + ", round " + round + ":\n" + text, e);
            }
            if (part) kernel.file("/part.xml", "<SLM:component name='p'><SLM:command>p</SLM:command></SLM:component>");
        }
        System.out.println("seed " + seed + ": " + loaded + " of " + ROUNDS + " mutated configurations were loaded");
        assertTrue(loaded > ROUNDS / 100 && loaded < ROUNDS, "seed " + seed + ": " + loaded + " loaded");
        assertTrue(kernel.openDescriptors() == 3, "each file was closed");
    }

    private static void change(StringBuilder text, Random random) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(5)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.setCharAt(at, (char) random.nextInt(256));
            case 2 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
            case 3 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
            default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(80))));
        }
        if (text.length() == 0) text.append(' ');
    }
}
