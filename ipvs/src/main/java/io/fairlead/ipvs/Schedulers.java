package io.fairlead.ipvs;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Chooses a Service's scheduler: the one that it names, or the node's default, or where the kernel
 * lacks that one, too, the simplest.
 */
final class Schedulers {

  private final Scheduling byDefault;
  private final Notices notices;
  private final Set<String> lacking = new HashSet<>();
  private final Map<ObjectKey, Set<String>> noticed = new HashMap<>();

  Schedulers(Scheduling byDefault, Notices notices) {
    this.byDefault = byDefault;
    this.notices = notices;
  }

  /** For a virtual server by address. */
  Scheduling of(ObjectKey service, ServicePortFragment port) {
    String wanted = port.ipvsScheduler();
    if (wanted.isBlank()) {
      return fallback();
    }
    try {
      return available(service, Scheduling.parse(wanted));
    } catch (IllegalArgumentException e) {
      noticeOnce(
          service,
          "Service "
              + service
              + " names no scheduler that can be used: "
              + e.getMessage()
              + "; "
              + fallback()
              + " is used for it");
      return fallback();
    }
  }

  /**
   * For a virtual server that cannot be persistent: affinity is left to a scheduler that needs no
   * memory. One by mark is such a server, since the kernel cannot both keep a client's endpoint in
   * mind and translate the port there.
   */
  Scheduling withoutPersistence(ObjectKey service, ServicePortFragment port) {
    return port.affinitySeconds() > 0 ? available(service, Scheduling.STICKY) : of(service, port);
  }

  private Scheduling available(ObjectKey service, Scheduling wanted) {
    if (!lacking.contains(wanted.scheduler())) {
      return wanted;
    }
    noticeOnce(
        service,
        "Service "
            + service
            + " needs scheduler "
            + wanted.scheduler()
            + ", which this kernel does not have; load its module ip_vs_"
            + wanted.scheduler()
            + " and restart the agent; "
            + fallback()
            + " is used for it");
    return fallback();
  }

  private Scheduling fallback() {
    return lacking.contains(byDefault.scheduler()) ? Scheduling.ROUND_ROBIN : byDefault;
  }

  private void noticeOnce(ObjectKey service, String sentence) {
    if (noticed.computeIfAbsent(service, _ -> new HashSet<>()).add(sentence)) {
      notices.notice(service, sentence);
    }
  }

  /**
   * Takes note that the kernel does not have a scheduler.
   *
   * @return whether there is another one to try in its place
   */
  boolean lacks(String scheduler) {
    if (scheduler.equals(Scheduling.ROUND_ROBIN.scheduler())) {
      return false;
    }
    if (lacking.add(scheduler) && scheduler.equals(byDefault.scheduler())) {
      notices.notice(
          null,
          "the default scheduler "
              + scheduler
              + " is missing in this kernel; load its module"
              + " ip_vs_"
              + scheduler
              + " and restart the agent; "
              + Scheduling.ROUND_ROBIN
              + " is used");
    }
    return true;
  }

  /** Tells another which schedulers the kernel does not have. */
  void teach(Schedulers other) {
    other.lacking.addAll(lacking);
  }

  /** A Service that comes again is noticed again. */
  void forget(ObjectKey service) {
    noticed.remove(service);
  }
}
