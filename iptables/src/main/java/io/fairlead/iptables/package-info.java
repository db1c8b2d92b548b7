/**
 * Services as chains of the iptables tables nat and filter, for --proxy-mode iptables: the chains
 * of each port and endpoint ({@code PortChains}), the trees that lead to them ({@code
 * DispatchTree}), and what sends the chains that changed ({@code IptablesServices}).
 */
@NullMarked
package io.fairlead.iptables;

import org.jspecify.annotations.NullMarked;
