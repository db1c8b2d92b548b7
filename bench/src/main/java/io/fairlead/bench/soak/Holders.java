package io.fairlead.bench.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which pod has which address at present. Thread-safe. */
final class Holders {

  private final Map<String, String> holders = new ConcurrentHashMap<>();
  private final List<String> duplicates = new ArrayList<>();

  /** A pod was seen with an address: nobody else may have it. */
  void take(String address, String pod) {
    String other = holders.putIfAbsent(address, pod);
    if (other != null && !other.equals(pod)) {
      synchronized (duplicates) {
        duplicates.add(address + " of " + other + " was given to " + pod);
      }
    }
  }

  /** From now on others may get the pod's addresses. */
  void release(String pod) {
    holders.values().removeIf(pod::equals);
  }

  List<String> duplicates() {
    synchronized (duplicates) {
      return List.copyOf(duplicates);
    }
  }
}
