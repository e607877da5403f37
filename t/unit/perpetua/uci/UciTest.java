// SPDX-License-Identifier: Apache-2.0
package perpetua.uci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import perpetua.fake.FakeKernel;
import perpetua.sys.SysException;

class UciTest {
    private static ConfigPackage read(String text) throws SyntaxError {
        ConfigPackage config = new ConfigPackage("p");
        ConfigReader.read(text, config);
        return config;
    }

    @Test
    @DisplayName("quotes join, a backslash takes the next, a semicolon ends, a hash begins a comment")
    void words() throws SyntaxError {
        ConfigPackage config = read("config a 'b' # x\n\toption x it\\'s; option y 'one'\" two\"\nlist l 1\nlist l '2#3'\n");
        assertEquals(List.of("it's"), config.section("b").option("x").values());
        assertEquals(List.of("one two"), config.section("b").option("y").values());
        assertEquals("1 2#3", config.section("b").option("l").joined());
    }

    @Test
    @DisplayName("an error tells its line")
    void errors() {
        assertEquals(3, assertThrows(SyntaxError.class, () -> read("config a b\n option x 1\nbogus line\n")).line());
        assertEquals(1, assertThrows(SyntaxError.class, () -> read("config a 'b\n\n")).line());
        assertThrows(SyntaxError.class, () -> read("option x 1\n"));
        assertThrows(SyntaxError.class, () -> read("config a b c\n"));
        assertThrows(SyntaxError.class, () -> read("config a b-c\n"));
    }

    @Test
    @DisplayName("sections without a name are found by type and place, and are called the same at each reading")
    void anonymous() throws SyntaxError {
        String text = "config t\n option x 1\nconfig u n\nconfig t\n option x 2\n";
        ConfigPackage config = read(text);
        assertEquals("2", config.section("@t[1]").option("x").joined());
        assertEquals("2", config.section("@t[-1]").option("x").joined());
        assertNull(config.section("@t[2]"));
        assertNull(config.section("@t[-3]"));
        assertEquals("@t[1]", config.shownName(config.sections().get(2)));
        assertEquals(config.sections().get(2).name(), read(text).sections().get(2).name());
    }

    @Test
    @DisplayName("what was written is read the same")
    void again() throws SyntaxError {
        String text = read("config a b\n option x \"it's\"\n list l 'a\nb'\nconfig c\n").text(false);
        assertEquals(text, read(text).text(false));
    }

    @Test
    @DisplayName("changes wait beside the file, are seen, and are committed or reverted")
    void changes() throws SysException, SyntaxError {
        FakeKernel kernel = new FakeKernel();
        kernel.directory("/etc");
        kernel.directory("/etc/config");
        kernel.directory("/var");
        kernel.directory("/var/run");
        kernel.file("/etc/config/p", "config a b\n option x 1\n");
        ConfigStore store = new ConfigStore(kernel, "", null, null);
        store.note("p", "p.b.x=it's");
        assertEquals("it's", store.load("p").section("b").option("x").joined());
        store.commit("p");
        assertEquals(List.of(), store.changes("p"));
        assertEquals("it's", store.load("p").section("b").option("x").joined());
        store.note("p", "-p.b");
        assertNull(store.load("p").section("b"));
        store.revert("p", null, null);
        assertTrue(store.load("p").section("b") != null);
        assertThrows(SysException.class, () -> store.load("../p"));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = ';', value = {
        "uinteger(1:200); 100; NUMBER", "uinteger(1:200); 201; INVALID", "uinteger(16); ff; NUMBER", "integer; -0x10; NUMBER",
        "uinteger; 08; INVALID", "port; -1; INVALID", "hostname; -bad; INVALID", "ip6addr; 1:2:3:4:5:6:7:8; TEXT",
        "ip6addr; 1::2::3; INVALID", "ip6addr; :1; INVALID", "ipmask4; 10.0.0.0/255.0.0.0; TEXT", "netmask6; ffff::; TEXT",
        "ip4addr; 01.2.3.4; INVALID", "or(port,\"any\"); any; TEXT", "not(\"5\"); 4; INVALID", "and(uinteger,not(\"5\")); 4; NUMBER",
        "nonsense; x; INVALID", "min(3; 4; INVALID", "list(port); 1 x; INVALID", "bool; Yes; BOOL", "5; 5; NUMBER", "cidr6; ::/64; TEXT",
        "uinteger; +5; INVALID", "uinteger; 18446744073709551616; NUMBER", "uinteger(36); zz; INVALID", "integer; -5; NUMBER",
        "uinteger(1:200); 18446744073709551616; INVALID", "5; 5.0; NUMBER", "0x10; 16; NUMBER", "1.5; 1.50; NUMBER", "5; x; INVALID",
        "float; -inf; NUMBER", "float; 0x1f; NUMBER", "ufloat; nan; INVALID", "float; infinite; INVALID",
        "ipmask4; 10.0.0.0/8; INVALID", "ipmask6; fe80::/ffff::; TEXT", "ipmask; ::/64; INVALID", "hexstring(2,4); 00ff; TEXT",
        "hexstring(2,4); 00ff00; INVALID", "hostname; a.; INVALID", "hostname; a..b; INVALID", "wepkey; 1; INVALID",
        "regex(a); a; INVALID", "wepkey; 12345; TEXT", "ufloat; 1.5e3; NUMBER", "float; .; INVALID", "macaddr; 0:1:2:3:4:55:6; INVALID",
    })
    @DisplayName("rules judge values")
    void rules(String rule, String value, Rule.Type type) {
        FakeKernel kernel = new FakeKernel();
        Rule parsed = Rule.of(rule, kernel, new ConfigStore(kernel, "", null, null));
        assertEquals(type, parsed == null ? Rule.Type.INVALID : parsed.judge(value));
    }
}
