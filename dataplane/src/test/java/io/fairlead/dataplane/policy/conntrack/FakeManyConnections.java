package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** As many connections to an allowed port of a pod as to a denied one. */
final class FakeManyConnections implements ConntrackKernel {

  static final String POD = "10.244.1.2";
  static final int DENIED = 80;
  private static final int ALLOWED = 443;

  private final Map<Integer, ConntrackEntry> entries = new LinkedHashMap<>();

  FakeManyConnections(int each) {
    for (int i = 0; i < each; i++) {
      String client = "10.9." + (i >> 8) + "." + (i & 255);
      for (int port : new int[] {DENIED, ALLOWED}) {
        ConntrackEntry entry = Entries.tcp(client, 40000, POD, port);
        entries.put(entry.id(), entry);
      }
    }
  }

  int left() {
    return entries.size();
  }

  @Override
  public void dump(ConntrackFilter filter, Handler handler) throws IOException {
    for (ConntrackEntry entry : entries.values()) {
      if (filter.matches(entry)) {
        handler.entry(entry);
      }
    }
  }

  @Override
  public int delete(Collection<ConntrackEntry> unwanted) {
    int before = entries.size();
    unwanted.forEach(entry -> entries.remove(entry.id()));
    return before - entries.size();
  }

  @Override
  public long count() {
    return entries.size();
  }

  @Override
  public void close() {}
}
