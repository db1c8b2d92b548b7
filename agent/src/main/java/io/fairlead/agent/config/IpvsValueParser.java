package io.fairlead.agent.config;

import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import io.fairlead.ipvs.IpvsSettings;
import io.fairlead.ipvs.Scheduling;
import java.time.Duration;

/** The values that only proxy-mode ipvs has. */
final class IpvsValueParser {

  /** The kernel counts timeouts in ticks of up to 1 kHz, in 31 bits (ip_vs_ctl.c). */
  private static final Duration LONGEST = Duration.ofDays(24);

  private final ValueParser values;

  IpvsValueParser(ValueParser values) {
    this.values = values;
  }

  IpvsConfiguration read() {
    return new IpvsConfiguration(
        new IpvsSettings(
            scheduler(),
            values.disjointCidrs(ConfigurationKey.IPVS_EXCLUDE_CIDRS),
            new IpvsTimeouts(
                seconds(ConfigurationKey.IPVS_TCP_TIMEOUT),
                seconds(ConfigurationKey.IPVS_TCPFIN_TIMEOUT),
                seconds(ConfigurationKey.IPVS_UDP_TIMEOUT)),
            seconds(ConfigurationKey.IPVS_DRAIN_TIMEOUT)),
        values.flag(ConfigurationKey.IPVS_STRICT_ARP),
        values.flag(ConfigurationKey.IPVS_ENDPOINT_METRICS));
  }

  private Scheduling scheduler() {
    try {
      return Scheduling.parse(values.word(ConfigurationKey.IPVS_SCHEDULER));
    } catch (IllegalArgumentException e) {
      values.problem(ConfigurationKey.IPVS_SCHEDULER, "cannot be used: " + e.getMessage());
      return IpvsSettings.DEFAULT.scheduler();
    }
  }

  private int seconds(ConfigurationKey key) {
    Duration duration = values.duration(key);
    if (duration == null) {
      return 0;
    }
    if (duration.compareTo(LONGEST) > 0) {
      values.problem(key, "is " + values.word(key) + ", and the kernel counts no longer than 576h");
      return 0;
    }
    return (int) duration.toSeconds();
  }
}
