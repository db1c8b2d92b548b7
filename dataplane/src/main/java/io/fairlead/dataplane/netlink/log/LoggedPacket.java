package io.fairlead.dataplane.netlink.log;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A packet that a rule reported.
 *
 * @param hardwareProtocol its ETH_P_ number: 0x0800 for IPv4, 0x86dd for IPv6
 * @param hook the netfilter hook, an NF_INET_ number: 1 input, 2 forward, 3 output
 * @param prefix what the rule says of it
 * @param mark the packet's, unsigned, 0 if none
 * @param in the index of the interface that it came from, 0 if none
 * @param out the index of the interface that it goes to, 0 if none
 * @param time when it was received, null if this host made it or the kernel does not say
 * @param sequence counts the group's packets, unsigned; a gap means that some were lost
 * @param payload from the network header on, as much as was asked for; read it at absolute places
 */
public record LoggedPacket(
    int hardwareProtocol,
    int hook,
    String prefix,
    int mark,
    int in,
    int out,
    @Nullable Instant time,
    int sequence,
    ByteBuffer payload) {

  public LoggedPacket {
    payload = payload.asReadOnlyBuffer();
  }
}
