package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.util.Locale;

/**
 * A port that leads to a Service on every address of the node that node ports are served on.
 *
 * @param port 1 to 65535
 */
public record NodePort(AddressFamily family, Protocol protocol, int port)
    implements FrontendAddress {

  int compareToNodePort(NodePort other) {
    int order = family.compareTo(other.family);
    order = order != 0 ? order : protocol.compareTo(other.protocol);
    return order != 0 ? order : Integer.compare(port, other.port);
  }

  /** "node port 30080/tcp (IPv4)". */
  @Override
  public String toString() {
    return "node port "
        + port
        + "/"
        + protocol.name().toLowerCase(Locale.ROOT)
        + " ("
        + family.kubernetesName()
        + ")";
  }
}
