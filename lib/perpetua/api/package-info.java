// SPDX-License-Identifier: Apache-2.0
/**
 * Perpetua for Java programs: children started through a chain of run tools.
 *
 * <p>Begin with {@link perpetua.api.Chain}. The other packages of this library are the tools themselves, and may change.
 */
package perpetua.api;
