package io.fairlead.ipvs;

import io.fairlead.dataplane.netlink.ipvs.SchedulerFlag;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a virtual server shares connections out: a scheduler of the kernel and its flags. Immutable.
 *
 * @param scheduler the kernel's name of it, without "ip_vs_"
 */
public record Scheduling(String scheduler, Set<SchedulerFlag> flags) {

  /** One endpoint after the other. */
  public static final Scheduling ROUND_ROBIN = new Scheduling("rr", Set.of());

  /**
   * By the client's address, the same on every node, and to another endpoint where the chosen one
   * drains.
   */
  static final Scheduling STICKY = new Scheduling("mh", Set.of(SchedulerFlag.FLAG_1));

  private static final List<String> PLAIN =
      List.of("rr", "wrr", "lc", "wlc", "dh", "sed", "nq", "lblc", "lblcr", "fo", "ovf", "twos");

  private static final List<String> HASHING = List.of("sh", "mh");

  public Scheduling {
    flags = Set.copyOf(flags);
  }

  /**
   * Reads "wlc" or "mh,mh-port,mh-fallback": a scheduler, and its flags as ipvsadm spells them.
   *
   * @throws IllegalArgumentException with a sentence that says what is known
   */
  public static Scheduling parse(String text) {
    String[] words = text.strip().split("\\s*,\\s*", -1);
    String scheduler = words[0];
    boolean hashes = HASHING.contains(scheduler);
    if (!hashes && !PLAIN.contains(scheduler)) {
      throw new IllegalArgumentException(
          "\"" + scheduler + "\" is no scheduler of IPVS; known are " + known());
    }
    Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
    for (int i = 1; i < words.length; i++) {
      SchedulerFlag flag = hashes ? hashingFlag(words[i], scheduler) : null;
      if (flag == null) {
        throw new IllegalArgumentException(
            "\"" + words[i] + "\" is no flag of scheduler " + scheduler + "; known are " + known());
      }
      flags.add(flag);
    }
    return new Scheduling(scheduler, flags);
  }

  private static @Nullable SchedulerFlag hashingFlag(String word, String scheduler) {
    return word.startsWith(scheduler) ? SchedulerFlag.parse(word, scheduler) : null;
  }

  private static String known() {
    String hashing =
        HASHING.stream()
            .map(name -> name + " with the flags " + name + "-port and " + name + "-fallback")
            .collect(Collectors.joining(", "));
    return String.join(", ", PLAIN) + ", " + hashing;
  }

  /**
   * The same for virtual servers with endpoints that drain: schedulers that hash leave these their
   * share of the clients, who are refused unless they may go elsewhere.
   */
  Scheduling aroundDraining() {
    if (!HASHING.contains(scheduler)) {
      return this;
    }
    Set<SchedulerFlag> more = EnumSet.of(SchedulerFlag.FLAG_1);
    more.addAll(flags);
    return new Scheduling(scheduler, more);
  }

  /**
   * Whether endpoints can drain. Scheduler dh picks by the virtual address alone, so that all
   * clients may be refused for as long as the one it has picked drains.
   */
  static boolean canDrain(String scheduler) {
    return !scheduler.equals("dh");
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheduler);
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (flags.contains(flag)) {
        text.append(',').append(flag.text(scheduler));
      }
    }
    return text.toString();
  }
}
