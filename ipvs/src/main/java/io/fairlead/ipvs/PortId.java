package io.fairlead.ipvs;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.ServicePortFragment;

/**
 * One port of a Service in one family.
 *
 * @param name empty if the port has none
 */
public record PortId(ObjectKey service, String name, Protocol protocol, AddressFamily family) {

  static PortId of(ObjectKey service, ServicePortFragment port) {
    return new PortId(service, port.name(), port.protocol(), port.family());
  }

  boolean isOf(ServicePortFragment port) {
    return port.protocol() == protocol && port.family() == family && port.name().equals(name);
  }
}
