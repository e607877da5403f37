// SPDX-License-Identifier: Apache-2.0
package perpetua.slm;

/** Why a configuration is not taken: its message is the place and the sentence. Nothing is started from one that is refused. */
public final class Refusal extends Exception {
    public Refusal(Place place, String sentence) {
        super(place + ": " + sentence, null, false, false);
    }
}
