// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

import java.util.ArrayList;
import java.util.List;

/** A named set of components. */
final class Module {
    /** As it is written: a name, or a pattern for several. */
    record Member(String name, Place place) {
        boolean isPattern() {
            return name.indexOf('*') >= 0 || name.indexOf('?') >= 0 || name.indexOf('[') >= 0;
        }
    }

    final String name;
    final Place place;
    final List<Member> members = new ArrayList<>();
    /** The components that they come to, in order, each once. */
    final List<Integer> components = new ArrayList<>();

    Module(String name, Place place) {
        this.name = name;
        this.place = place;
    }
}
