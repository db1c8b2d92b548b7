package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.Locale;

/** Names a port of a Service in one family. */
record PortId(ObjectKey service, String port, Protocol protocol, AddressFamily family)
    implements Comparable<PortId> {

  static PortId of(ObjectKey service, ServicePortFragment port) {
    return new PortId(service, port.name(), port.protocol(), port.family());
  }

  /** What its chains' names are made of: the same in both families. */
  String identity() {
    return this + "/" + protocol.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public int compareTo(PortId other) {
    int order = service.compareTo(other.service);
    order = order != 0 ? order : port.compareTo(other.port);
    order = order != 0 ? order : protocol.compareTo(other.protocol);
    return order != 0 ? order : family.compareTo(other.family);
  }

  /** "default/web:http", or "default/web" for a port without a name. */
  @Override
  public String toString() {
    return port.isEmpty() ? service.toString() : service + ":" + port;
  }
}
