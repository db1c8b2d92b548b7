package io.fairlead.dataplane.netlink.ipvs;

import org.jspecify.annotations.Nullable;

/**
 * A flag that a virtual server hands to its scheduler (IP_VS_SVC_F_SCHED1 to 3 of linux/ip_vs.h).
 * What it means, and with it the name that ipvsadm has for it, is up to the scheduler.
 */
public enum SchedulerFlag {
  /** To sh and mh: choose another real server instead of one whose weight is 0. */
  FLAG_1(0x08, "flag-1", "fallback"),

  /** To sh and mh: hash the client's port along with its address. */
  FLAG_2(0x10, "flag-2", "port"),

  /** No scheduler of Linux knows it. */
  FLAG_3(0x20, "flag-3", null);

  private final int bit;
  private final String general;
  private final @Nullable String hashing;

  SchedulerFlag(int bit, String general, @Nullable String hashing) {
    this.bit = bit;
    this.general = general;
    this.hashing = hashing;
  }

  /** Its bit in the kernel's flags of a virtual server. */
  int bit() {
    return bit;
  }

  /** As ipvsadm spells it for a scheduler: "sh-port", "mh-fallback", or "flag-1". */
  public String text(String scheduler) {
    boolean hashes = scheduler.equals("sh") || scheduler.equals("mh");
    return hashes && hashing != null ? scheduler + "-" + hashing : general;
  }

  /** The flag that ipvsadm spells as {@code text} for a scheduler; null if there is none. */
  public static @Nullable SchedulerFlag parse(String text, String scheduler) {
    for (SchedulerFlag flag : values()) {
      if (text.equals(flag.text(scheduler)) || text.equals(flag.general)) {
        return flag;
      }
    }
    return null;
  }
}
