package io.fairlead.agent.config;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** On which of the node's own addresses node ports are served. */
public sealed interface NodePortAddresses {

  /**
   * On those in these networks; a family that has none among them is served on all.
   *
   * @param cidrs ascending, none within another; empty for all addresses but loopback
   */
  record Networks(List<Cidr> cidrs) implements NodePortAddresses {
    public Networks {
      cidrs = Cidr.disjoint(cidrs);
    }
  }

  /** On the first InternalIP of each family that the Node object has. */
  record Primary() implements NodePortAddresses {}

  /**
   * As networks.
   *
   * @param node this node; null if it is not known yet, when primary addresses are not restricted
   */
  default List<Cidr> cidrs(@Nullable NodeRecord node) {
    return switch (this) {
      case Networks(List<Cidr> cidrs) -> cidrs;
      case Primary() -> {
        List<Cidr> primary = new ArrayList<>(2);
        for (AddressFamily family : AddressFamily.values()) {
          IpAddress address = node == null ? null : node.address(family);
          if (address != null) {
            primary.add(Cidr.host(address));
          }
        }
        yield primary;
      }
    };
  }
}
