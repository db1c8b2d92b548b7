package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.ConntrackTuple;
import io.fairlead.dataplane.netlink.conntrack.ConntrackZone;
import io.fairlead.dataplane.netlink.conntrack.TransportKey;
import java.io.IOException;
import java.util.Collection;

/** Flows to 10.96.0.50 port 1 and 10.244.1.3, none of which exists before it is asked for. */
final class FakeManyFlows implements ConntrackKernel {

  private int left;
  private int dumps;

  FakeManyFlows(int count) {
    left = count;
  }

  int dumps() {
    return dumps;
  }

  @Override
  public void dump(ConntrackFilter filter, Handler handler) throws IOException {
    dumps++;
    for (int i = 0; i < left; i++) {
      IpAddress client = IpAddress.parse("10.9.0.1").plus(i);
      handler.entry(
          new ConntrackEntry(
              new ConntrackTuple(
                  client, IpAddress.parse("10.96.0.50"), 17, new TransportKey.Ports(40000, 1)),
              new ConntrackTuple(
                  IpAddress.parse("10.244.1.3"), client, 17, new TransportKey.Ports(5353, 40000)),
              ConntrackZone.DEFAULT,
              0,
              0,
              30,
              i));
    }
  }

  @Override
  public int delete(Collection<ConntrackEntry> entries) {
    left -= entries.size();
    return entries.size();
  }

  @Override
  public long count() {
    return left;
  }

  @Override
  public void close() {}
}
