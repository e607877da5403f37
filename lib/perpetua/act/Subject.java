// SPDX-License-Identifier: Apache-2.0
package perpetua.act;

import perpetua.cli.Fatal;
import perpetua.sys.Account;
import perpetua.sys.Kernel;

/**
 * Whom a text names: {@code daemon}, {@code daemon:adm}, or numbers in the place of either name. A name that exists
 * wins over a number.
 *
 * @param account for a number that no account has, one with the group of the same number
 * @param gid the group after the colon, else the account's own
 * @param hasGroup whether there was one
 */
public record Subject(Account account, int gid, boolean hasGroup) {

    /** @return null if there is no such account. @throws Fatal if there is one, but not the group */
    public static Subject of(Kernel kernel, String text) {
        Account account = Accounts.named(kernel, text);
        if (account != null) return new Subject(account, account.gid(), false);
        int colon = text.indexOf(':');
        if (colon <= 0 || colon == text.length() - 1) return null;
        account = Accounts.named(kernel, text.substring(0, colon));
        if (account == null) return null;
        String group = text.substring(colon + 1);
        int gid = Accounts.groupNamed(kernel, group);
        if (gid == -1) throw Fatal.of("no group found for group " + group);
        return new Subject(account, gid, true);
    }
}
