/** Rules of iptables as values, and the text in which iptables-save prints them. */
@NullMarked
package io.fairlead.iptables.rule;

import org.jspecify.annotations.NullMarked;
