package io.fairlead.dataplane.netlink.ipvs;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A virtual server: connections to it go to its real servers. Immutable.
 *
 * @param scheduler the name of the kernel's scheduler, such as "rr", without "ip_vs_"
 * @param persistenceSeconds how long a client stays with its real server, from its last connection
 *     on; 0 for no persistence
 * @param foreign what else is set, by others than us, as ipvsadm spells it: "-o", "-M
 *     255.255.255.0", "--pe sip", in this order; empty for ours. It is read only, so that a
 *     difference is seen
 */
public record VirtualServer(
    VirtualServerId id,
    String scheduler,
    Set<SchedulerFlag> flags,
    int persistenceSeconds,
    String foreign) {

  public VirtualServer {
    flags = Set.copyOf(flags);
    if (persistenceSeconds < 0) {
      throw new IllegalArgumentException(
          "persistence lasts 0 s or longer, not " + persistenceSeconds);
    }
  }

  /** One with nothing set that we never set. */
  public VirtualServer(
      VirtualServerId id, String scheduler, Set<SchedulerFlag> flags, int persistenceSeconds) {
    this(id, scheduler, flags, persistenceSeconds, "");
  }

  /** "10.96.0.10:443/tcp mh -b mh-fallback,mh-port -p 10800", flags as ipvsadm spells them. */
  @Override
  public String toString() {
    String bits =
        flags.isEmpty()
            ? ""
            : Arrays.stream(SchedulerFlag.values())
                .filter(flags::contains)
                .map(flag -> flag.text(scheduler))
                .collect(Collectors.joining(",", "-b ", ""));
    return id
        + " "
        + scheduler
        + IpvsText.behind(bits)
        + (persistenceSeconds == 0 ? "" : " -p " + persistenceSeconds)
        + IpvsText.behind(foreign);
  }
}
