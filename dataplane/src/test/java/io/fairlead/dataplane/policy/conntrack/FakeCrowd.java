package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import java.io.IOException;
import java.util.Collection;

/** A table that says it had more than a few entries. */
record FakeCrowd(FakeConntrack table) implements ConntrackKernel {

  @Override
  public void dump(ConntrackFilter filter, Handler handler) throws IOException {
    table.dump(filter, handler);
  }

  @Override
  public int delete(Collection<ConntrackEntry> entries) {
    return table.delete(entries);
  }

  @Override
  public long count() {
    return InvolvedEntries.FEW + 1 + table.count();
  }

  @Override
  public void close() {}
}
